from dataclasses import replace

import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_MS
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person, Roi
from desktop_pose.pose.prediction import SPEED_LASTS_S, Motion, distance_percent

SIZE = Size(1000, 500)
FRAME_NS = 33 * NS_PER_MS


def person_at(x, *, y_end=1.0, visibility=1.0):
    landmarks = np.zeros((33, 5), np.float32)
    landmarks[:, 0], landmarks[:, 1], landmarks[:, 3], landmarks[:, 4] = (
        x,
        np.linspace(0, y_end, 33),
        visibility,
        0.8,
    )
    world = np.full((33, 3), x, np.float32)
    return Person(7, landmarks, world, landmarks.copy(), world.copy(), 0.9, Roi(1000 * x, 250, 600, 0.1))


def moving():
    motion = Motion(person_at(0.2), 0)
    motion.note(person_at(0.21), FRAME_NS, SIZE)
    return motion


def test_somebody_seen_once_stays():
    assert Motion(person_at(0.2), 0).predicted(FRAME_NS).landmarks[0, 0] == pytest.approx(0.2)


def test_a_movement_goes_on_and_dies_away():
    places = [moving().predicted(FRAME_NS * (1 + frames)).landmarks[0, 0] for frames in (1, 2, 100)]
    speed = 0.01 / 0.033
    assert 0.21 < places[0] < 0.22
    assert places[0] < places[1] < places[2]
    assert places[2] == pytest.approx(0.21 + speed * SPEED_LASTS_S, abs=1e-4)


def test_world_and_region_move_along():
    before, predicted = person_at(0.21), moving().predicted(2 * FRAME_NS)
    step = predicted.landmarks[0, 0] - before.landmarks[0, 0]
    assert predicted.world[0] == pytest.approx([0.21 + step] * 3, abs=1e-5)
    assert predicted.next_roi.centre_x_px == pytest.approx(210 + 1000 * step, abs=0.01)
    assert predicted.next_roi.size_px == 600


def test_what_smoothing_lags_behind_is_made_up_for():
    seen = person_at(0.2)
    raw = seen.landmarks.copy()
    raw[:, 0] += 0.01
    raw_world = seen.world + np.float32(0.01)
    lagging = replace(seen, raw_landmarks=raw, raw_world=raw_world)
    gains = []
    for person in (seen, lagging):
        motion = Motion(person_at(0.19), 0)
        motion.note(person, FRAME_NS, SIZE)
        gains.append([motion.predicted(FRAME_NS * (1 + frames)) for frames in (1, 100)])
    (soon, late), (soon_lagging, late_lagging) = gains
    assert 0.002 < soon_lagging.landmarks[0, 0] - soon.landmarks[0, 0] < 0.005
    assert 0.002 < soon_lagging.world[0, 0] - soon.world[0, 0] < 0.005
    assert late_lagging.landmarks[0, 0] - late.landmarks[0, 0] == pytest.approx(0.01, abs=1e-5)


def test_somebody_at_rest_has_no_lag_and_is_looked_for_in_the_same_place():
    still = person_at(0.2)
    raw = still.landmarks + np.float32(0.01)
    motion = Motion(still, 0)
    motion.note(replace(still, raw_landmarks=raw, next_roi=Roi(202, 250, 600, 0.2)), FRAME_NS, SIZE)
    predicted = motion.predicted(2 * FRAME_NS)
    assert (predicted.landmarks == still.landmarks).all()
    assert predicted.next_roi == Roi(202, 250, 600, 0.2)


@pytest.mark.parametrize(("before", "now"), [(0.1, 0.2), (3.1, 3.2 - 2 * np.pi)])
def test_a_region_goes_on_turning(before, now):
    motion = Motion(replace(person_at(0.2), next_roi=Roi(200, 250, 600, before)), 0)
    motion.note(replace(person_at(0.21), next_roi=Roi(200, 250, 600, now)), FRAME_NS, SIZE)
    turned = np.remainder(motion.predicted(2 * FRAME_NS).next_roi.rotation_rad - now, 2 * np.pi)
    assert 0.07 < turned < 0.1


def test_somebody_without_a_region_is_carried_on_without_one():
    motion = Motion(replace(person_at(0.2), next_roi=None, raw_landmarks=None, raw_world=None), 0)
    motion.note(replace(person_at(0.21), next_roi=None, raw_landmarks=None, raw_world=None), FRAME_NS, SIZE)
    predicted = motion.predicted(2 * FRAME_NS)
    assert predicted.next_roi is None
    assert predicted.landmarks[0, 0] > 0.215


def test_the_expected_error_grows_with_error_way_and_lag():
    at_rest, moved = person_at(0.2), person_at(0.21)
    lagging = replace(at_rest, raw_landmarks=moved.landmarks)

    def expected(person, frames=1):
        return Motion(at_rest, 0).error_ahead_percent(person, frames * FRAME_NS, frames, SIZE)

    assert expected(at_rest) == 0
    assert expected(moved) == pytest.approx(0.3 * (2 + 2), rel=1e-3)
    assert expected(moved, frames=2) == pytest.approx(0.3 * 2, rel=1e-3)
    assert expected(lagging) == pytest.approx(0.3 * 2, rel=1e-3)


def test_visibility_is_kept_and_raw_landmarks_are_not_made_up():
    predicted = moving().predicted(2 * FRAME_NS)
    assert (predicted.landmarks[:, 3] == 1).all()
    assert predicted.landmarks[:, 4] == pytest.approx(0.8)
    assert predicted.raw_landmarks is None
    assert predicted.raw_world is None
    assert (predicted.id, predicted.score) == (7, 0.9)


def test_a_speed_over_a_long_gap_counts_for_nothing():
    motion = Motion(person_at(0.2), 0)
    motion.note(person_at(0.4), 300 * NS_PER_MS, SIZE)
    assert motion.predicted(333 * NS_PER_MS).landmarks[0, 0] == pytest.approx(0.4)


def test_distance_is_in_per_cent_of_the_persons_extent():
    assert distance_percent(person_at(0.2), person_at(0.21), SIZE) == pytest.approx(2.0, rel=1e-4)


def test_distance_of_somebody_invisible_is_nothing():
    assert distance_percent(person_at(0.2), person_at(0.3, visibility=0.1), SIZE) == 0
