"""Constant rates: linear in between, exact where a frame is, nothing across a gap."""

from pathlib import Path

import numpy as np
import pytest

from desktop_pose.recording.exporters.resampling import ConstantRate, median_rate_hz
from desktop_pose.recording.exporters.spool import spooled
from tests.recording.exporters.making import MS, person_at, recording


def samples(tmp_path: Path, times_ms, values, rate_hz, person=0) -> np.ndarray:
    """What landmark 0 has as x of the world, times 64: the value given, resampled."""
    poses = recording(times_ms, [[] if value is None else [person_at(value)] for value in values])
    with spooled(poses, tmp_path, raw=False, progress=lambda _done: True, share=1) as spool:
        rate = ConstantRate(spool, rate_hz, "This")
        resampled = np.concatenate(list(rate.person(person)))
        assert len(resampled) == rate.count
        return resampled[:, 0, 5] * 64


def test_between_two_frames_it_is_linear(tmp_path: Path) -> None:
    assert samples(tmp_path, [0, 100, 200], [0, 1, 3], 20).tolist() == [0, 0.5, 1, 2, 3]


def test_uneven_frames_are_put_on_an_even_grid(tmp_path: Path) -> None:
    times_ms = [0, 90, 210, 300, 400]
    found = samples(tmp_path, times_ms, [time / 100 for time in times_ms], 10)
    assert found == pytest.approx([0, 1, 2, 3, 4])


@pytest.mark.parametrize(("gap_ms", "is_filled"), [(250, True), (251, False)])
def test_gap_of_more_than_a_quarter_second_stays(tmp_path: Path, gap_ms: float, is_filled: bool) -> None:
    times_ms = [0, 100, 100 + gap_ms, 200 + gap_ms]
    found = samples(tmp_path, times_ms, [0, 0, 0, 0], 100)
    missing_ms = np.flatnonzero(np.isnan(found)) * 10
    if is_filled:
        assert missing_ms.size == 0
    else:
        assert (missing_ms[0], missing_ms[-1]) == (110, 350)


def test_frames_with_nobody_are_a_gap_too(tmp_path: Path) -> None:
    values = [0.0, *[None] * 8, 9.0]
    found = samples(tmp_path, [50 * index for index in range(10)], values, 20)
    assert np.isnan(found[1:-1]).all()
    assert (found[0], found[-1]) == (0, 9)
    found = samples(tmp_path, [50 * index for index in range(6)], [0, None, None, None, None, 5], 20)
    assert found == pytest.approx([0, 1, 2, 3, 4, 5])


def test_nothing_is_known_before_somebody_comes_and_after_they_went(tmp_path: Path) -> None:
    found = samples(tmp_path, [0, 100, 200, 300], [None, 1, 2, None], 20)
    assert np.isnan(found).tolist() == [True, True, False, False, False, True, True]


def test_a_frame_at_the_grid_keeps_its_value_beside_a_gap(tmp_path: Path) -> None:
    """30 per second in whole nanoseconds is never quite on the grid."""
    times_ms = [index * 1000 / 30 for index in (0, 1, 40, 41)]
    found = samples(tmp_path, times_ms, [1, 2, 3, 4], 30)
    assert np.flatnonzero(~np.isnan(found)).tolist() == [0, 1, 40, 41]
    assert found[[0, 1, 40, 41]].tolist() == [1, 2, 3, 4]


def test_two_frames_of_one_time(tmp_path: Path) -> None:
    assert np.isfinite(samples(tmp_path, [0, 100, 100, 200], [0, 1, 2, 3], 20)).all()


def test_two_people_do_not_mix(tmp_path: Path) -> None:
    poses = recording([0, 100], [[person_at(0), person_at(10, 4)], [person_at(1), person_at(20, 4)]])
    with spooled(poses, tmp_path, raw=False, progress=lambda _done: True, share=1) as spool:
        assert spool.people == (0, 4)
        rate = ConstantRate(spool, 20, "This")
        found = [np.concatenate(list(rate.person(person)))[:, 0, 0].tolist() for person in spool.people]
    assert found == [[0, 0.5, 1], [10, 15, 20]]


def test_nearest_frames(tmp_path: Path) -> None:
    poses = recording([0, 100, 500, 600], [[]] * 4)
    with spooled(poses, tmp_path, raw=False, progress=lambda _done: True, share=1) as spool:
        found = list(ConstantRate(spool, 20, "This").nearest_frames())
    assert [number for number, _ in found] == [0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3]
    assert [known for _, known in found] == [True] * 3 + [False] * 7 + [True] * 3


def test_nothing_is_left_of_what_was_put_aside(tmp_path: Path) -> None:
    samples(tmp_path, [0, 100], [0, 1], 20)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("times_ms", "rate_hz"),
    [
        ([0, 33.3667, 66.7334, 100.1001], 30),
        ([0, 20, 40, 60, 1000, 1020], 50),
        ([0, 0, 40, 40, 80], 25),
        ([0, 5000, 10000], 1),
        ([0], 30),
    ],
)
def test_median_rate(times_ms: list[float], rate_hz: float) -> None:
    assert median_rate_hz(np.array([round(time * MS) for time in times_ms])) == rate_hz
