import math
from itertools import combinations

import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Roi
from desktop_pose.core.settings import Smoothing
from desktop_pose.pose.landmarks import DecodedPose
from desktop_pose.pose.roi import region_of_roi
from desktop_pose.pose.smoothing import (
    STRONG_LANDMARK_CONSTANTS,
    OneEuroConstants,
    OneEuroFilter,
    PoseSmoother,
    StrongConstants,
    StrongFilter,
)
from tests.pose.clips import Clip, followed, only

SIZE = Size(640, 480)
FRAME_NS = NS_PER_S // 30
SCALE = np.ones((1, 1, 1))
SMOOTHINGS = [Smoothing.MEDIAPIPE, Smoothing.STRONG]


def pose(x=0.5, visibility=1.0, world_x=0.0):
    landmarks = np.tile(np.array([(x, 0.5, 0.0, visibility, 0.25)], np.float32), (33, 1))
    world = np.tile(np.array([(world_x, 0, 0)], np.float32), (33, 1))
    return DecodedPose(landmarks, world, region_of_roi(Roi(320, 240, 400, 0), SIZE), 1.0)


class Line:
    """One number smoothed, as the x of the one point of a filter."""

    def __init__(self, filter_):
        self._filter = filter_

    def apply(self, value, time_ns):
        return self._filter.apply(np.full((1, 1, 3), (value, 0, 0)), time_ns, np.ones((1, 1, 1)))[0, 0, 0]


def one_euro(*constants):
    return Line(OneEuroFilter(OneEuroConstants(*constants), points=1))


def strong(*constants):
    return Line(StrongFilter(StrongConstants(*constants), points=1))


@pytest.mark.parametrize("smooth", [one_euro(1.0, 10.0), strong(0.1, 160.0, 0.5, 0.125)])
def test_a_still_point_stays(smooth):
    for frame in range(5):
        assert smooth.apply(-2.0, frame * FRAME_NS) == pytest.approx(-2.0, abs=1e-12)


def test_without_beta_a_step_charges_like_a_capacitor():
    # A low pass of 1 Hz has reached 1 - 1/e of a step after 1 / (2 pi) s.
    smooth = one_euro(1.0, 0.0)
    smooth.apply(0.0, 0)
    for step in range(1, 1001):
        value = smooth.apply(1.0, round(step / 1000 / (2 * math.pi) * NS_PER_S))
    assert value == pytest.approx(1 - 1 / math.e, abs=1e-3)


def trailed_s(smooth, speed):
    """Seconds by which `smooth` is behind a point that has moved steadily for a while."""
    for frame in range(600):
        value = smooth.apply(speed * frame / 30, frame * FRAME_NS)
    return 599 / 30 - value / speed


@pytest.mark.parametrize("smooth", [lambda: one_euro(0.05, 80.0), lambda: strong(0.1, 160.0, 0.5, 0.125)])
def test_a_fast_point_lags_less_than_a_slow_one_of_the_same_filter(smooth):
    assert trailed_s(smooth(), 1.0) < 0.1 * trailed_s(smooth(), 0.03)


@pytest.mark.parametrize("speed", [0.002, 0.01, 0.018, 0.05, 0.2, 1.0, 4.0])
def test_strong_never_trails_by_more_than_the_documents_say(speed):
    constants = STRONG_LANDMARK_CONSTANTS
    smooth = strong(constants.min_cutoff_hz, constants.beta, constants.rest_speed, constants.depth_weight)
    assert trailed_s(smooth, speed) * speed < 0.016  # of the region's side


def test_the_speed_of_a_point_is_one_for_all_its_coordinates_in_strong():
    smooth = StrongFilter(STRONG_LANDMARK_CONSTANTS, points=1)
    for frame in range(60):
        # x moves fast, y is one hundredth of that: alone it would be held back.
        value = smooth.apply(np.full((1, 1, 3), (frame / 30, frame / 3000, 0)), frame * FRAME_NS, SCALE)
    assert value[0, 0, 1] == pytest.approx(value[0, 0, 0] / 100, rel=1e-9)


def test_strong_begins_with_the_mean_of_what_it_has_seen():
    smooth = strong(0.0, 0.0, 0.5, 0.125)
    seen = [smooth.apply(value, frame * FRAME_NS) for frame, value in enumerate((1.0, 2.0, 6.0, 3.0))]
    assert seen == pytest.approx([1, 1.5, 3, 3])


def test_a_time_that_does_not_grow_gives_the_value_as_it_is():
    smooth = one_euro(1.0, 0.0)
    smooth.apply(0.0, 1000)
    assert smooth.apply(1.0, 1000) == 1
    assert smooth.apply(1.0, 1000 + FRAME_NS) < 0.5


def test_groups_have_their_own_constants_and_beginnings():
    smooth = OneEuroFilter(OneEuroConstants(1.0, 0.0), OneEuroConstants(5.0, 0.0), points=1)
    scales = np.ones((2, 1, 1))
    smooth.apply(np.zeros((2, 1, 3)), 0, scales)
    slow, fast = smooth.apply(np.ones((2, 1, 3)), FRAME_NS, scales)[:, 0, 0]
    assert 0 < slow < fast < 1
    smooth.restart(0)
    again, faster = smooth.apply(np.ones((2, 1, 3)), 2 * FRAME_NS, scales)[:, 0, 0]
    assert (again, fast < faster < 1) == (1, True)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_the_first_frame_is_not_changed(smoothing):
    landmarks, world = PoseSmoother(smoothing).apply(pose(0.3, 0.7, 0.2), 0, SIZE)
    np.testing.assert_allclose(landmarks, pose(0.3, 0.7, 0.2).landmarks, atol=1e-7)
    np.testing.assert_allclose(world, pose(0.3, 0.7, 0.2).world)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_visibility_takes_a_tenth_of_the_news_and_presence_all(smoothing):
    smoother = PoseSmoother(smoothing)
    smoother.apply(pose(visibility=1.0), 0, SIZE)
    landmarks, _ = smoother.apply(pose(visibility=0.0), FRAME_NS, SIZE)
    np.testing.assert_allclose(landmarks[:, 3], 0.9, atol=1e-6)
    np.testing.assert_allclose(landmarks[:, 4], 0.25)


def jitter_left(smoothing):
    """Part of the jitter of x and of the world's x that is left, from the second second on."""
    smoother, rng = PoseSmoother(smoothing), np.random.default_rng(0)
    seen, given = [], []
    for frame in range(150):
        x, world_x = (0.0005, 0.003) * rng.standard_normal(2)
        noisy = pose(0.5 + float(x), world_x=float(world_x))
        given.append((noisy.landmarks[0, 0], noisy.world[0, 0]))
        landmarks, world = smoother.apply(noisy, frame * FRAME_NS, SIZE)
        assert landmarks.dtype == world.dtype == np.float32
        assert (noisy.landmarks[0, 0], noisy.world[0, 0]) == given[-1]
        seen.append((landmarks[0, 0], world[0, 0]))
    return np.std(seen[30:], axis=0) / np.std(given[30:], axis=0)


def test_jitter_is_held_and_twice_as_well_by_strong_and_the_input_left_alone():
    by_mediapipe, by_strong = jitter_left(Smoothing.MEDIAPIPE), jitter_left(Smoothing.STRONG)
    assert (by_mediapipe < 0.5).all()
    assert (by_strong < 0.5 * by_mediapipe).all()


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_after_a_loss_the_picture_starts_anew_and_the_world_goes_on(smoothing):
    smoother = PoseSmoother(smoothing)
    for frame in range(30):
        smoother.apply(pose(0.3, world_x=0.2), frame * FRAME_NS, SIZE)
    smoother.lose()
    landmarks, world = smoother.apply(pose(0.6, world_x=0.2001), 32 * FRAME_NS, SIZE)
    np.testing.assert_allclose(landmarks[:, 0], 0.6, atol=1e-6)
    assert (world[:, 0] < 0.20009).all()


def test_without_a_region_for_a_scale_the_picture_is_left_as_it_is():
    smoother, bare = PoseSmoother(), pose(0.6)
    smoother.apply(pose(0.3), 0, SIZE)
    landmarks, _ = smoother.apply(DecodedPose(bare.landmarks, bare.world, None, 1.0), FRAME_NS, SIZE)
    np.testing.assert_allclose(landmarks[:, 0], 0.6, atol=1e-6)


def test_what_was_given_out_is_not_written_to_again():
    smoother = PoseSmoother()
    first, first_world = smoother.apply(pose(0.3, world_x=0.1), 0, SIZE)
    smoother.apply(pose(0.6, world_x=0.5), FRAME_NS, SIZE)
    np.testing.assert_allclose(first[:, 0], 0.3, atol=1e-6)
    np.testing.assert_allclose(first_world[:, 0], 0.1, atol=1e-6)


@pytest.fixture(scope="module")
def tracked(open_one, demo):
    """The person in each frame, by smoothing."""
    clip = Clip(demo.frames[:12])
    runs = {kind: followed(open_one(smoothing=kind), clip) for kind in Smoothing}
    return {kind: [only(poses) for poses in run] for kind, run in runs.items()}


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_the_raw_landmarks_are_kept_and_on_the_same_path_as_without(tracked, smoothing):
    for person, raw in zip(tracked[smoothing], tracked[Smoothing.OFF], strict=True):
        np.testing.assert_array_equal(person.raw_landmarks, raw.landmarks)
        np.testing.assert_array_equal(person.raw_world, raw.world)


def test_each_smoothing_is_another(tracked):
    last = {kind: run[-1] for kind, run in tracked.items()}
    for one, other in combinations(Smoothing, 2):
        assert not np.array_equal(last[one].landmarks[:, :2], last[other].landmarks[:, :2])
        assert not np.array_equal(last[one].world, last[other].world)


def test_strong_stays_near(tracked):
    for person in tracked[Smoothing.STRONG]:
        np.testing.assert_allclose(person.landmarks[:, :2], person.raw_landmarks[:, :2], atol=0.03)
