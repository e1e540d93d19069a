from types import SimpleNamespace

import pytest

from desktop_pose.core.settings import PoseModel
from desktop_pose.engine.governor.model_choice import COSTS, ModelChoice

LITE, FULL, HEAVY = PoseModel.LITE, PoseModel.FULL, PoseModel.HEAVY
STEP_S = 0.5


class Law:
    """Costs of a machine on which full takes 1.6 % for one inference a second, and the fixed share 12 %."""

    fixed = 12.0

    def __init__(self, budget, model):
        self.model = model
        self.budget = budget

    @property
    def available_percent(self):
        return None if self.budget is None else self.budget - self.fixed

    @property
    def allowance(self):
        available = self.available_percent
        return None if available is None else min(available, self.cost_of_step(0))

    def cost_of_step(self, step, inference_ratio=1.0):
        looks, pictures = [(30, 30), (5, 30), (5, 10), (1, 5)][step]
        inference = 1.6 * COSTS[self.model] / COSTS[FULL]
        return looks * inference * inference_ratio + 0.33 * pictures


def run(choice, law, chosen, seconds):
    """The models that ran, without repetitions."""
    seen = [law.model]
    for _ in range(round(seconds / STEP_S)):
        law.model = choice.decide(law, chosen, law.model, STEP_S)
        if law.model is not seen[-1]:
            seen.append(law.model)
    return seen


@pytest.mark.parametrize(
    ("chosen", "budget", "models"),
    [
        (HEAVY, 100, [HEAVY]),
        (HEAVY, 45, [HEAVY, FULL]),
        (HEAVY, 20, [HEAVY, FULL, LITE]),
        (FULL, 50, [FULL]),
        (FULL, 22, [FULL, LITE]),
        (LITE, 10, [LITE]),
        (HEAVY, None, [HEAVY]),
    ],
)
def test_a_lighter_model_takes_the_place_where_few_looks_and_pictures_are_not_enough(chosen, budget, models):
    assert run(ModelChoice(), Law(budget, chosen), chosen, 60) == models


def test_the_chosen_model_comes_back_when_there_is_room_and_does_not_flap():
    choice, law = ModelChoice(), Law(22, FULL)
    run(choice, law, FULL, 30)
    for budget in (24, 26, 28):  # not enough for full with all pictures
        law.budget = budget
        assert run(choice, law, FULL, 30) == [LITE]

    law.budget = 40
    assert run(choice, law, FULL, 9) == [LITE]
    assert run(choice, law, FULL, 30) == [LITE, FULL]


def test_what_making_a_tracker_takes_is_no_reason_for_another_change():
    choice, law = ModelChoice(), Law(45, HEAVY)
    assert run(choice, law, HEAVY, 4) == [HEAVY, FULL]

    law.budget = 20
    assert run(choice, law, HEAVY, 5) == [FULL]
    law.budget = 45
    assert run(choice, law, HEAVY, 30) == [FULL]


def test_a_short_squeeze_changes_nothing():
    choice, law = ModelChoice(), Law(22, FULL)
    for _ in range(10):
        law.budget = 22
        assert run(choice, law, FULL, 3) == [FULL]
        law.budget = 50
        assert run(choice, law, FULL, 3) == [FULL]


def test_a_lifted_budget_brings_the_chosen_model_back_at_once():
    law = SimpleNamespace(allowance=None, available_percent=None)
    assert ModelChoice().decide(law, HEAVY, LITE, STEP_S) is HEAVY
