"""What the governor says of itself: to the window at any moment, to the report as a list of actions. Pure."""

import math
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from desktop_pose.core.settings import PoseModel
from desktop_pose.engine.governor.law import Rates

_HELD_S = 1.5  # a change that lasts less is not worth a word
_SAME = 0.35  # of the logarithm of a rate: up to 40 % more or less is the same
_FULL_SHARE = 0.93
_MOST_ACTIONS = 1000
_MEAN_S = 5.0
_SETTLING_S = 3.0
_FULL_RATE = "full rate"


@dataclass(frozen=True, slots=True)
class Action:
    """Something the governor did.

    Attributes:
        t_s: Seconds since the engine was first started.
        what: A few words: what is allowed from now on.
        why: A few words.
    """

    t_s: float
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """How the budget stands.

    Attributes:
        asked_percent: The budget.
        used_percent: Mean use over the last 5 s; None where less was measured.
        floor_percent: The least that can be reached now, never more than what is used; None before it is
            known.
        is_beyond_reach: Whether everything is given up and more is used.
        is_limiting: Whether anything is given up.
        what: What is allowed now.
        why: For what reason.
    """

    asked_percent: int
    used_percent: float | None
    floor_percent: float | None
    is_beyond_reach: bool
    is_limiting: bool
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Measures:
    """What is in force.

    Attributes:
        rates: What is allowed; None: everything.
        full_hz: Frames a second the source gives.
        model: The lighter model in place of the chosen one; None: the chosen one runs.
        is_beyond_reach: Whether it is not enough.
        keeps_recording: Whether more is not given up because of a recording.
    """

    rates: Rates | None
    full_hz: float
    model: PoseModel | None = None
    is_beyond_reach: bool = False
    keeps_recording: bool = False

    @property
    def shares(self) -> tuple[float, ...]:
        """Of all frames: looked at, shown, decoded; 1 where hardly any is left out."""
        if self.rates is None:
            return (1.0, 1.0, 1.0)
        shares = (rate / self.full_hz for rate in asdict(self.rates).values())
        return tuple(1.0 if share > _FULL_SHARE else share for share in shares)

    @property
    def in_words(self) -> str:
        """What is given up."""
        model = [] if self.model is None else [self.model.value]
        parts = []
        inference, display, decoding = self.shares
        if self.rates is not None and inference < 1:
            model.append(_a_second(self.rates.inference_hz))
        if model:
            parts.append(" ".join(("model", *model)))
        if self.rates is not None:
            if 0 < display < 1:
                parts.append(f"picture {_a_second(self.rates.display_hz)}")
            if decoding < 1:
                parts.append(f"{self.rates.decoding_hz:.0f} frames/s decoded")
        return ", ".join(parts) or _FULL_RATE

    def differs_from(self, other: "Measures") -> bool:
        """Whether the user should be told of the difference."""
        if (self.model, self.is_beyond_reach) != (other.model, other.is_beyond_reach):
            return True
        return any(
            abs(math.log(max(mine, 1e-3) / max(theirs, 1e-3))) > _SAME
            for mine, theirs in zip(self.shares, other.shares, strict=True)
        )


class BudgetBook:
    """Keeps what was asked, reached and done.

    Attributes:
        actions: The newest last.
    """

    def __init__(self) -> None:
        self.actions: deque[Action] = deque(maxlen=_MOST_ACTIONS)
        self._asked: int | None = None
        self._floor: float | None = None
        self._told: Measures | None = None
        self._why = ""
        self._pending_s = 0.0
        self._used: deque[tuple[float, float]] = deque()  # seconds and processor seconds, the newest last
        self._since_asked_s = 0.0
        self._reached = (0.0, 0.0)  # processor seconds, seconds
        self._was_asked = False
        self._kept_recording = False

    def ask(self, percent: int | None, t_s: float) -> None:
        """Another budget is asked for, or none any more."""
        if percent == self._asked:
            return
        self._asked, self._told = percent, None
        self._since_asked_s, self._reached = 0.0, (0.0, 0.0)
        self._was_asked = self._was_asked or percent is not None
        if percent is None:
            self._note(t_s, _FULL_RATE, "the budget was lifted")

    def note(
        self, measures: Measures, seconds: float, cpu_s: float, demand: float | None, t_s: float
    ) -> None:
        """Take in an interval: what is in force after it, and what it has cost.

        Args:
            measures: In force from now on.
            seconds: Length of the interval.
            cpu_s: Processor time used in it.
            demand: What would be used with nothing given up, in per cent of a core; None: not known yet.
            t_s: Seconds since the engine was first started.
        """
        if measures.keeps_recording is not self._kept_recording:
            # What was used before says nothing of what can be reached from now on, nor does what was told.
            self._kept_recording = measures.keeps_recording
            self._used.clear()
            self._pending_s = _HELD_S
        self._used.append((seconds, cpu_s))
        while sum(passed for passed, _ in self._used) > _MEAN_S + seconds / 2:
            self._used.popleft()
        if self._asked is None or demand is None:
            return
        self._since_asked_s += seconds
        if self._since_asked_s > _SETTLING_S:
            self._reached = self._reached[0] + cpu_s, self._reached[1] + seconds
        told = self._told
        if told is None or measures.differs_from(told):
            self._pending_s += seconds
            if self._pending_s >= _HELD_S:
                self._tell(measures, demand, t_s)
        else:
            self._pending_s = 0.0

    def status(self, measures: Measures, floor: float | None) -> BudgetStatus | None:
        """How the budget stands; None where there is none."""
        if self._asked is None:
            return None
        used, told = self.used_percent, self._told
        self._floor = floor if floor is None or used is None else min(floor, used)
        is_beyond_reach = (measures if told is None else told).is_beyond_reach
        why = "it was set just now" if told is None else self._why
        if is_beyond_reach and used is not None and round(used) <= self._asked:
            is_beyond_reach, why = False, f"{self._asked} % takes all that can be given up"
        return BudgetStatus(
            self._asked,
            used,
            self._floor,
            is_beyond_reach,
            told is not None and told.in_words != _FULL_RATE,
            "measuring" if told is None else told.in_words,
            why,
        )

    @property
    def used_percent(self) -> float | None:
        """Mean use of the processor over the last 5 s; None where less was measured."""
        seconds = sum(passed for passed, _ in self._used)
        if seconds < _MEAN_S - 1:
            return None
        return 100 * sum(cpu_s for _, cpu_s in self._used) / seconds

    def record(self) -> dict[str, Any] | None:
        """The report's `budget`; None where none was ever asked for."""
        if not self._was_asked:
            return None
        cpu_s, seconds = self._reached
        return {
            "asked": self._asked,
            "reached": round(100 * cpu_s / seconds, 1) if seconds >= 1 else None,
            "floor": None if self._floor is None else round(self._floor, 1),
            "actions": [
                {"t_s": round(action.t_s, 1), "what": action.what, "why": action.why}
                for action in self.actions
            ],
        }

    def _tell(self, measures: Measures, demand: float, t_s: float) -> None:
        before, self._told, self._pending_s = self._told, measures, 0.0
        self._why = f"full rate takes {demand:.0f} %"
        why = f"{self._why}, {self._asked} % is asked for"
        if measures.in_words == _FULL_RATE:
            self._why = why = f"it is within {self._asked} %"
        if measures.is_beyond_reach:
            self._why = why = (
                f"{self._asked} % cannot be reached{' while recording' * measures.keeps_recording}"
            )
        elif before is not None and sum(measures.shares) > sum(before.shares):
            why = f"given back: {why}"
        self._note(t_s, measures.in_words, why)

    def _note(self, t_s: float, what: str, why: str) -> None:
        self.actions.append(Action(t_s, what, why))


def _a_second(rate: float) -> str:
    return f"{rate:.0f}/s" if rate >= 3 else f"{rate:.1f}/s"
