import pytest

from desktop_pose.core.settings import PoseModel
from desktop_pose.engine.governor.book import BudgetBook, Measures
from desktop_pose.engine.governor.law import Rates

STEP_S = 0.5
FULL_RATE = Measures(None, 30.0)


def limited(inference=30.0, display=30.0, decoding=30.0, **more):
    return Measures(Rates(inference, display, decoding), 30.0, **more)


class Keeper:
    def __init__(self, budget):
        self.book = BudgetBook()
        self.t_s = 0.0
        self.book.ask(budget, 0.0)

    def note(self, measures, seconds=3.0, percent=40.0, demand=73.0):
        for _ in range(round(seconds / STEP_S)):
            self.t_s += STEP_S
            self.book.note(measures, STEP_S, percent / 100 * STEP_S, demand, self.t_s)

    def told(self):
        return [(action.what, action.why) for action in self.book.actions]


def test_every_action_says_what_and_why():
    keeper = Keeper(50)
    keeper.note(limited(12.0))
    keeper.note(limited(5.0, 15.0))
    keeper.note(limited(1.2, 5.0, 6.0, is_beyond_reach=True))
    keeper.note(limited(5.0, 30.0, model=PoseModel.LITE))
    keeper.note(FULL_RATE, demand=44.0)

    assert keeper.told() == [
        ("model 12/s", "full rate takes 73 %, 50 % is asked for"),
        ("model 5/s, picture 15/s", "full rate takes 73 %, 50 % is asked for"),
        ("model 1.2/s, picture 5/s, 6 frames/s decoded", "50 % cannot be reached"),
        ("model lite 5/s", "given back: full rate takes 73 %, 50 % is asked for"),
        ("full rate", "given back: it is within 50 %"),
    ]
    times = [action.t_s for action in keeper.book.actions]
    assert times == sorted(times)
    assert times[0] == 1.5


def test_small_and_short_changes_are_no_actions():
    keeper = Keeper(50)
    for index in range(20):
        keeper.note(limited(11.0 + index % 3), seconds=2)
    keeper.note(limited(5.0), seconds=1)
    keeper.note(limited(12.0), seconds=2)

    assert len(keeper.told()) == 1


def test_what_is_reached_is_the_mean_since_the_budget_was_kept():
    keeper = Keeper(50)
    keeper.note(limited(5.0), seconds=3, percent=90)
    keeper.note(limited(12.0), seconds=10, percent=48)
    assert keeper.book.status(limited(12.0), 14.04).used_percent == pytest.approx(48)
    keeper.book.ask(25, keeper.t_s)
    keeper.note(limited(5.0), seconds=3, percent=48)
    keeper.note(limited(5.0), seconds=10, percent=24)
    keeper.book.status(limited(5.0), 14.04)

    record = keeper.book.record()

    assert (record["asked"], record["reached"], record["floor"]) == (25, 24.0, 14.0)
    assert [set(action) for action in record["actions"]] == [{"t_s", "what", "why"}] * len(record["actions"])


def test_without_a_budget_there_is_no_record_and_no_status():
    keeper = Keeper(None)
    keeper.note(FULL_RATE)

    assert keeper.book.record() is None
    assert keeper.book.status(FULL_RATE, 10.0) is None


def test_a_budget_that_was_lifted_stays_in_the_record():
    keeper = Keeper(50)
    keeper.note(limited(12.0))
    keeper.book.ask(None, keeper.t_s)

    record = keeper.book.record()

    assert record["asked"] is None
    assert record["actions"][-1]["what"] == "full rate"
    assert keeper.book.status(FULL_RATE, 10.0) is None


def test_before_anything_is_known_it_says_so():
    keeper = Keeper(50)
    keeper.note(FULL_RATE, demand=None)
    status = keeper.book.status(FULL_RATE, None)

    assert (status.what, status.floor_percent, status.is_limiting) == ("measuring", None, False)
    assert keeper.told() == []
    assert keeper.book.record()["reached"] is None


def test_a_recording_is_named_as_the_reason():
    keeper = Keeper(20)
    keeper.note(limited(display=5.0, is_beyond_reach=True, keeps_recording=True))

    assert keeper.told() == [("picture 5/s", "20 % cannot be reached while recording")]
    status = keeper.book.status(FULL_RATE, 55.0)
    assert status.is_beyond_reach
    assert status.is_limiting


def test_the_floor_is_not_above_what_is_used():
    keeper = Keeper(50)
    keeper.note(limited(display=5.0, keeps_recording=True), seconds=10, percent=75.0)

    status = keeper.book.status(FULL_RATE, 82.0)

    assert status.floor_percent == status.used_percent == pytest.approx(75)
    assert keeper.book.record()["floor"] == 75.0


def test_a_budget_that_is_kept_is_not_said_to_be_beyond_reach():
    keeper = Keeper(15)
    given_up = limited(1.0, 5.0, 5.0, is_beyond_reach=True)
    keeper.note(given_up, seconds=10, percent=15.3)
    status = keeper.book.status(given_up, 15.1)
    assert (status.is_beyond_reach, status.why) == (False, "15 % takes all that can be given up")

    keeper.note(given_up, seconds=10, percent=17.0)
    status = keeper.book.status(given_up, 16.6)
    assert (status.is_beyond_reach, status.why) == (True, "15 % cannot be reached")


def test_what_was_used_before_a_recording_is_not_set_beside_what_it_needs():
    keeper = Keeper(50)
    keeper.note(limited(12.0), seconds=10, percent=49.0)
    recording = limited(display=5.0, is_beyond_reach=True, keeps_recording=True)

    keeper.note(recording, seconds=3, percent=82.0)
    assert keeper.book.status(recording, 81.0).used_percent is None

    keeper.note(recording, seconds=2, percent=82.0)
    assert keeper.book.status(recording, 81.0).used_percent == pytest.approx(82)


def test_that_a_recording_is_the_reason_is_told_no_longer_than_it_lasts():
    keeper = Keeper(20)
    keeper.note(limited(display=5.0, is_beyond_reach=True, keeps_recording=True))

    keeper.note(limited(2.0, 8.0), seconds=STEP_S)

    status = keeper.book.status(FULL_RATE, 14.0)
    assert (status.is_beyond_reach, status.what) == (False, "model 2.0/s, picture 8/s")
