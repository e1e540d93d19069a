"""What is recommended of made-up measurements."""

import pytest

from desktop_pose.core.settings import Backend
from desktop_pose.engine.measuring.recommendation import Target, in_words, recommend
from desktop_pose.engine.measuring.rows import ADAPTIVE
from tests.engine.measuring.support import figures, measured, row, two_cores


def chosen(measurement, target):
    return recommend(measurement, target).figures.row


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target.LOWEST_CPU, row(skip=ADAPTIVE)),
        (Target.LOWEST_LATENCY, row()),
        (Target.HIGHEST_ACCURACY, row("full")),
    ],
)
def test_of_two_cores_one_thread(target, expected):
    assert chosen(two_cores(), target) == expected


def test_what_was_measured_without_a_pause_does_not_count():
    quick_in_a_loop = figures(threads=2, p95=11.8, cpu=10.2, most=300)
    assert chosen(measured(figures(p95=9.6, most=133), quick_in_a_loop), Target.LOWEST_LATENCY) == row()


def test_more_threads_where_they_pay():
    four_cores = measured(
        figures("heavy", p95=60, cpu=55, most=18),
        figures("heavy", threads=2, p95=27, cpu=57, most=40),
        figures("heavy", threads=4, p95=16, cpu=66, most=70),
    )
    assert chosen(four_cores, Target.LOWEST_LATENCY) == row("heavy", 4)
    assert chosen(four_cores, Target.LOWEST_CPU) == row("heavy", 2)  # one thread does not keep up
    assert chosen(four_cores, Target.HIGHEST_ACCURACY) == row("heavy", 2)


def test_of_what_costs_the_same_the_plainest():
    same = measured(
        figures(threads=2, cpu=8.0),
        figures(skip=ADAPTIVE, cpu=8.05),
        figures(cpu=8.1),
        figures("full", cpu=13),
    )
    assert chosen(same, Target.LOWEST_CPU) == row()


def test_latency_that_is_the_same_is_taken_at_the_lowest_cost():
    assert (
        chosen(measured(figures(threads=2, p95=9.8, cpu=12), figures(p95=10.0, cpu=8)), Target.LOWEST_LATENCY)
        == row()
    )


def test_a_little_latency_that_the_slowest_frames_tell_is_not_worth_another_thread():
    # Measured on two cores at rest, where the application is as quick with one thread, and takes less.
    close = measured(figures(p95=15.2, cpu=11.0), figures(threads=2, p95=14.6, cpu=13.0))
    assert chosen(close, Target.LOWEST_LATENCY) == row()
    assert recommend(close, Target.LOWEST_LATENCY).is_tie
    apart = measured(figures(p95=17.0, cpu=11.0), figures(threads=2, p95=14.6, cpu=13.0))
    assert chosen(apart, Target.LOWEST_LATENCY) == row(threads=2)
    assert not recommend(apart, Target.LOWEST_LATENCY).is_tie


def test_frames_carried_on_are_no_low_latency():
    both = measured(figures(skip=ADAPTIVE, p95=5, cpu=5), figures(p95=9, cpu=8))
    assert chosen(both, Target.LOWEST_LATENCY) == row()


def test_without_a_reference_the_largest_model_on_every_frame_is_the_most_accurate():
    unknown = measured(
        figures(vs_heavy=None),
        figures("full", skip=ADAPTIVE, vs_heavy=None, cpu=5),
        figures("full", vs_heavy=None, cpu=13),
        figures("full", threads=2, vs_heavy=None, cpu=15),
    )
    assert chosen(unknown, Target.HIGHEST_ACCURACY) == row("full")


@pytest.mark.parametrize("target", Target)
def test_where_nothing_keeps_up_the_one_that_comes_nearest(target):
    slow = measured(
        figures(p95=90, cpu=85, most=11), figures(skip=ADAPTIVE, p95=90, cpu=50, most=21),
        figures("full", p95=200, cpu=190, most=5),
    )  # fmt: skip
    recommendation = recommend(slow, target)
    assert recommendation.figures.row == row(skip=ADAPTIVE)
    assert not recommendation.keeps_up
    assert "this comes nearest, with 21/s" in in_words(recommendation)


@pytest.mark.parametrize("target", Target)
def test_nothing_without_rows_at_30_a_second(target):
    assert recommend(measured(None, figures(paced=False)), target) is None


def test_mediapipe_is_a_reference_and_no_choice():
    assert recommend(measured(figures(backend=Backend.MEDIAPIPE, cpu=1, p95=1)), Target.LOWEST_CPU) is None


def test_the_number_of_threads_is_explained():
    recommendation = recommend(two_cores(), Target.LOWEST_LATENCY)
    assert recommendation.rival.row == row(threads=2)
    assert in_words(recommendation) == (
        "95 of 100 frames are ready within 9.6 ms; 25 % of a core at 30/s. With 2 threads: 31 % and 11.8 ms."
    )


@pytest.mark.parametrize(
    ("target", "rival_p95", "rival_cpu", "is_tie"),
    [
        (Target.HIGHEST_ACCURACY, 15.6, 13.3, True),
        (Target.HIGHEST_ACCURACY, 18.5, 14.0, False),
        (Target.LOWEST_LATENCY, 18.9, 17.0, True),
        (Target.LOWEST_LATENCY, 21.0, 13.0, False),
    ],
)
def test_what_two_runs_differ_by_is_called_a_tie(target, rival_p95, rival_cpu, is_tie):
    two = measured(
        figures("full", p95=18.5, cpu=13.0), figures("full", threads=2, p95=rival_p95, cpu=rival_cpu)
    )
    recommendation = recommend(two, target)
    assert recommendation.figures.row == row("full")
    assert recommendation.is_tie is is_tie
    assert ("which is a tie" in in_words(recommendation)) is is_tie


def test_one_row_has_no_rival():
    assert "With" not in in_words(recommend(measured(figures()), Target.LOWEST_CPU))
