import numpy as np
import pytest

from desktop_pose.ui.history import History, nice_top


def test_values_come_back_with_their_ages():
    history = History(("one", "two"))
    history.append(100.0, {"one": 1.0, "two": 2.0})
    history.append(100.5, {"one": 3.0, "two": None})

    assert history.ages_s(101.0).tolist() == [-1.0, -0.5]
    assert history.curve("one", 101.0).tolist() == [1.0, 3.0]
    np.testing.assert_array_equal(history.curve("two", 101.0), [2.0, np.nan])


def test_only_the_last_minute_is_given():
    history = History(("one",))
    for step in range(1000):
        history.append(step * 0.5, {"one": float(step)})

    ages_s = history.ages_s(499.5)

    assert ages_s.min() == -60.0
    assert ages_s.max() == 0.0
    assert history.curve("one", 499.5).tolist() == [float(step) for step in range(879, 1000)]


def test_a_break_leaves_a_gap():
    history = History(("one",))
    history.break_off(1.0)
    assert history.ages_s(1.0).size == 0

    history.append(1.0, {"one": 5.0})
    history.break_off(1.5)
    history.append(9.0, {"one": 6.0})

    np.testing.assert_array_equal(history.curve("one", 9.0), [5.0, np.nan, 6.0])


def test_the_highest_counts_within_the_last_minute_only():
    history = History(("one", "two"))
    assert history.highest(0.0) == 0.0
    history.append(0.0, {"one": 500.0})
    history.append(50.0, {"one": 7.0, "two": 9.0})

    assert history.highest(50.0) == 500.0
    assert history.highest(61.0) == 9.0


@pytest.mark.parametrize(
    ("highest", "present", "top"),
    [
        (0.0, 20.0, 20.0),
        (21.0, 20.0, 30.0),
        (30.0, 20.0, 30.0),
        (97.0, 20.0, 100.0),
        (101.0, 100.0, 150.0),
        (60.0, 150.0, 150.0),
        (40.0, 150.0, 40.0),
        (0.0, 150.0, 20.0),
    ],
)
def test_an_axis_ends_at_a_round_number_and_seldom_changes(highest, present, top):
    assert nice_top(highest, present, 20.0) == top
