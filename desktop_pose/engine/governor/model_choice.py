"""When a lighter model takes the place of the one the user has chosen, and when that comes back. Pure."""

from collections.abc import Sequence

from desktop_pose.core.settings import PoseModel
from desktop_pose.engine.governor.law import BudgetLaw

COSTS = {PoseModel.LITE: 6.4, PoseModel.FULL: 10.5, PoseModel.HEAVY: 44.6}
"""Milliseconds of processor time for one person in one frame, one thread: their ratios are what counts."""

_BY_WEIGHT: Sequence[PoseModel] = (PoseModel.LITE, PoseModel.FULL, PoseModel.HEAVY)

_SHORT_FOR_S = 4.0
_AMPLE_FOR_S = 10.0
_SETTLING_S = 6.0
"""After a change: making a tracker takes processor time itself, which is no reason for another change."""
_FEW_OF_ALL = 2
"""The step of the ladder with few looks and few pictures: a lighter model is better than fewer still."""
_FEW_LOOKS = 1
"""The step with few looks and all pictures: a heavier model that has room for that comes back."""


class ModelChoice:
    """Watches the allowance. The two limits lie apart by what most of the pictures cost, so nothing flaps."""

    def __init__(self) -> None:
        self._short_s = 0.0
        self._ample_s = 0.0
        self._settling_s = 0.0

    def restart(self) -> None:
        """Another tracker is in use, or will be: look at it for a while before the next change."""
        self._short_s = self._ample_s = 0.0
        self._settling_s = _SETTLING_S

    def decide(self, law: BudgetLaw, chosen: PoseModel, current: PoseModel, seconds: float) -> PoseModel:
        """The model that should run now.

        Args:
            law: Has decided on this interval.
            chosen: By the user; never exceeded.
            current: Runs now.
            seconds: Length of the interval.
        """
        if law.allowance is None or law.available_percent is None:
            self.restart()
            return chosen
        self._settling_s -= seconds
        if self._settling_s > 0:
            return current
        is_short = law.allowance <= law.cost_of_step(_FEW_OF_ALL)
        self._short_s = self._short_s + seconds if is_short else 0.0
        if self._short_s >= _SHORT_FOR_S and current is not PoseModel.LITE:
            self.restart()
            return _BY_WEIGHT[_BY_WEIGHT.index(current) - 1]
        if current is chosen:
            return current
        heavier = _BY_WEIGHT[_BY_WEIGHT.index(current) + 1]
        is_ample = law.available_percent >= law.cost_of_step(_FEW_LOOKS, COSTS[heavier] / COSTS[current])
        self._ample_s = self._ample_s + seconds if is_ample else 0.0
        if self._ample_s >= _AMPLE_FOR_S:
            self.restart()
            return heavier
        return current
