import math

import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Roi
from desktop_pose.pose.landmarks import DecodedPose
from desktop_pose.pose.roi import region_of_roi
from desktop_pose.pose.smoothing import OneEuroConstants, OneEuroFilter, PoseSmoother

SIZE = Size(640, 480)
FRAME_NS = NS_PER_S // 30


def pose(x=0.5, visibility=1.0, world_x=0.0):
    landmarks = np.tile(np.array([(x, 0.5, 0.0, visibility, 0.25)], np.float32), (33, 1))
    world = np.tile(np.array([(world_x, 0, 0)], np.float32), (33, 1))
    return DecodedPose(landmarks, world, region_of_roi(Roi(320, 240, 400, 0), SIZE), 1.0)


def test_a_still_point_stays():
    smooth = OneEuroFilter(OneEuroConstants(1.0, 10.0, 1.0))
    values = np.array([1.0, -2.0])
    for frame in range(5):
        np.testing.assert_array_equal(smooth.apply(values, frame * FRAME_NS, 1.0), values)


def test_without_beta_a_step_charges_like_a_capacitor():
    # A low pass of 1 Hz has reached 1 - 1/e of a step after 1 / (2 pi) s.
    smooth = OneEuroFilter(OneEuroConstants(1.0, 0.0, 1.0))
    smooth.apply(np.zeros(1), 0, 1.0)
    for step in range(1, 1001):
        value = smooth.apply(np.ones(1), round(step / 1000 / (2 * math.pi) * NS_PER_S), 1.0)
    assert value[0] == pytest.approx(1 - 1 / math.e, abs=1e-3)


def test_a_fast_point_lags_less_than_a_slow_one_of_the_same_filter():
    def lag(speed):
        smooth = OneEuroFilter(OneEuroConstants(0.05, 80.0, 1.0))
        for frame in range(30):
            value = smooth.apply(np.array([speed * frame]), frame * FRAME_NS, 1.0)
        return (speed * 29 - value[0]) / speed

    assert lag(1.0) < 0.1 * lag(0.001)


def test_a_time_that_does_not_grow_gives_the_value_as_it_is():
    smooth = OneEuroFilter(OneEuroConstants(1.0, 0.0, 1.0))
    smooth.apply(np.zeros(1), 1000, 1.0)
    assert smooth.apply(np.ones(1), 1000, 1.0)[0] == 1
    assert smooth.apply(np.ones(1), 1000 + FRAME_NS, 1.0)[0] < 0.5


def test_the_first_frame_is_not_changed():
    landmarks, world = PoseSmoother().apply(pose(0.3, 0.7, 0.2), 0, SIZE)
    np.testing.assert_allclose(landmarks, pose(0.3, 0.7, 0.2).landmarks, atol=1e-7)
    np.testing.assert_allclose(world, pose(0.3, 0.7, 0.2).world)


def test_visibility_takes_a_tenth_of_the_news_and_presence_all():
    smoother = PoseSmoother()
    smoother.apply(pose(visibility=1.0), 0, SIZE)
    landmarks, _ = smoother.apply(pose(visibility=0.0), FRAME_NS, SIZE)
    np.testing.assert_allclose(landmarks[:, 3], 0.9, atol=1e-6)
    np.testing.assert_allclose(landmarks[:, 4], 0.25)


def test_jitter_is_held_and_the_input_left_alone():
    smoother, rng = PoseSmoother(), np.random.default_rng(0)
    seen, given = [], []
    for frame in range(60):
        noisy = pose(0.5 + 0.0005 * float(rng.standard_normal()))
        given.append(noisy.landmarks[0, 0])
        seen.append(smoother.apply(noisy, frame * FRAME_NS, SIZE)[0][0, 0])
        assert noisy.landmarks[0, 0] == given[-1]
    assert np.std(seen[10:]) < 0.5 * np.std(given[10:])
    assert seen[-1].dtype == np.float32
