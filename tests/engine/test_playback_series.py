"""The curves of a playback."""

import numpy as np

from desktop_pose.core.topology import ANGLE_NAMES
from desktop_pose.engine.playback_series import decimated, read_curves
from desktop_pose.pose.kinematics import angles_of
from desktop_pose.recording.reader import SessionReader
from tests.recording.conftest import SIZE, finished_session, sessions_dir  # noqa: F401


def go_on(done, total):
    return True


def test_curves_are_the_person_seen_most_in_degrees_and_pixels(finished_session):  # noqa: F811
    session = finished_session(40)
    curves = read_curves(session, None, go_on)
    with SessionReader.open(session) as reader:
        frames = list(reader.frames())

    assert (curves.person, curves.people) == (0, (0, 1))
    first = frames[0].people[0]
    assert np.isclose(curves.landmarks["left_knee x"][0], first.landmarks[25, 0] * SIZE.width_px)
    assert np.isclose(curves.landmarks["left_knee y"][0], first.landmarks[25, 1] * SIZE.height_px)
    expected = angles_of(first)
    found = [curves.angles[name][0] for name in ANGLE_NAMES]
    assert np.allclose(found, expected, atol=0.01, equal_nan=True)
    assert np.isnan(curves.landmarks["nose x"][4])
    assert curves.times_s[1] == frames[1].time_ns / 1e9


def test_nobody_has_no_curves_but_gaps(finished_session):  # noqa: F811
    curves = read_curves(finished_session(0), None, go_on)

    assert curves.person is None
    assert curves.times_s.size == 0


def test_a_curve_of_few_points_stays_as_it_is():
    times, values = np.arange(10.0), np.arange(10, dtype=np.float32)
    assert decimated(times, values, 0, 9, 100)[1].tolist() == values.tolist()
    assert decimated(times, values, 3.5, 5.5, 100)[0].tolist() == [3, 4, 5, 6]


def test_peaks_survive_and_gaps_stay():
    times = np.arange(100_000) / 30
    values = np.zeros(100_000, np.float32)
    values[77_777] = 5
    values[33_333] = -4
    values[50_000:60_000] = np.nan

    shorter, found = decimated(times, values, 0, times[-1], 1000)

    assert found.size <= 1000
    assert (np.nanmax(found), np.nanmin(found)) == (5, -4)
    assert shorter[np.nanargmax(found)] == times[77_777]
    assert 90 < np.isnan(found).sum() < 110
    assert (np.diff(shorter) >= 0).all()


def test_a_slope_stays_a_slope():
    values = np.arange(9000, 0, -1, dtype=np.float32)
    _, found = decimated(np.arange(9000.0), values, 0, 9000, 600)

    assert (np.diff(found) < 0).all()
