import tracemalloc

import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_S, StepTimes
from desktop_pose.core.settings import PoseModel, Smoothing
from desktop_pose.core.skip import Skip
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import TrackerOptions
from desktop_pose.pose.tracker import RoiTracker
from tests.pose.clips import FRAME_NS, MODELS_DIR, Clip, followed, only
from tests.pose.support import KeepsOpen


@pytest.fixture
def person(demo):
    return demo.frames[0]


@pytest.fixture
def nobody(person):
    return np.zeros_like(person)


@pytest.fixture
def tracker(networks):
    return RoiTracker(KeepsOpen(networks), Smoothing.MEDIAPIPE)


def test_the_detector_runs_only_until_somebody_is_found(tracker, person, nobody):
    clip = Clip([nobody, nobody, person, person, person])
    assert [poses.detector_ran for poses in followed(tracker, clip)] == [True, True, True, False, False]


def test_the_detector_rests_once_while_somebody_is_followed(networks, person, nobody):
    keeps_open = KeepsOpen(networks)
    tracker = RoiTracker(keeps_open, Smoothing.MEDIAPIPE)
    rests = []
    for image, time_s in ((person, 0), (person, 0.9), (person, 1.1), (person, 3), (nobody, 4), (person, 4.1)):
        tracker.track(image, round(time_s * NS_PER_S))
        rests.append(keeps_open.rests)
    assert rests == [0, 0, 1, 1, 1, 1]
    tracker.track(person, 6 * NS_PER_S)
    assert keeps_open.rests == 2


def test_a_tracker_that_took_over_lets_the_detector_rest_as_well(networks, tracker, person):
    poses = tracker.track(person, 0)
    keeps_open = KeepsOpen(networks)
    successor = RoiTracker(keeps_open, Smoothing.MEDIAPIPE)
    successor.adopt(poses.people, 1)
    for time_s in (1, 1.5, 2.5):
        successor.track(person, round(time_s * NS_PER_S))
    assert keeps_open.rests == 1


def test_frames_with_nobody_show_nobody_and_start_the_search(tracker, person, nobody):
    results = followed(tracker, Clip([person, person, nobody, nobody, person]))
    assert [len(poses.people) for poses in results] == [1, 1, 0, 0, 1]
    assert [poses.detector_ran for poses in results] == [True, False, False, True, True]


def test_the_same_person_found_again_soon_keeps_the_id(tracker, person, nobody):
    results = followed(tracker, Clip([person, nobody, person]))
    assert only(results[2]).id == only(results[0]).id == 0


def test_somebody_found_after_more_than_a_second_is_new(tracker, person, nobody):
    tracker.track(person, 0)
    tracker.track(nobody, FRAME_NS)
    assert only(tracker.track(person, FRAME_NS + NS_PER_S + 1)).id == 1


def test_a_reset_searches_again_and_gives_a_new_id(tracker, person):
    tracker.track(person, NS_PER_S)
    tracker.reset()
    poses = tracker.track(person, 0)
    assert poses.detector_ran
    assert only(poses).id == 1


def test_an_adopted_person_is_followed_without_the_detector(networks, tracker, person):
    before = only(followed(tracker, Clip([person] * 3))[-1])
    other = RoiTracker(KeepsOpen(networks), Smoothing.OFF)
    other.adopt((before,), first_free_id=8)
    poses = other.track(person, 99 * NS_PER_S)
    assert poses.detector_ran is False
    assert only(poses).id == before.id
    np.testing.assert_allclose(only(poses).landmarks[:, :2], before.raw_landmarks[:, :2], atol=0.01)
    other.reset()
    assert only(other.track(person, 100 * NS_PER_S)).id == 8


def test_smoothing_starts_anew_with_a_new_person(tracker, person, nobody):
    tracker.track(person[:, ::-1], 0)
    tracker.track(nobody, FRAME_NS)
    seen = only(tracker.track(person, 2 * NS_PER_S))
    np.testing.assert_allclose(seen.landmarks, seen.raw_landmarks, atol=1e-6)
    np.testing.assert_allclose(seen.world, seen.raw_world, atol=1e-6)


def test_without_smoothing_landmarks_are_the_raw_ones(networks, demo):
    tracker = RoiTracker(KeepsOpen(networks), Smoothing.OFF)
    last = only(followed(tracker, Clip(demo.frames[:3]))[-1])
    np.testing.assert_array_equal(last.landmarks, last.raw_landmarks)
    np.testing.assert_array_equal(last.world, last.raw_world)


def test_with_smoothing_both_are_given_and_differ(tracker, demo):
    last = only(followed(tracker, Clip(demo.frames[:6]))[-1])
    assert not np.array_equal(last.landmarks, last.raw_landmarks)
    assert not last.landmarks.flags.writeable


def test_smoothing_does_not_bend_the_path(networks, demo):
    clip = Clip(demo.frames[:10])
    smoothed = followed(RoiTracker(KeepsOpen(networks), Smoothing.MEDIAPIPE), clip)
    raw = followed(RoiTracker(KeepsOpen(networks), Smoothing.OFF), clip)
    np.testing.assert_array_equal(only(smoothed[-1]).raw_landmarks, only(raw[-1]).raw_landmarks)


def test_the_person_is_upright_and_where_the_picture_shows_it(tracker, person):
    seen = only(tracker.track(person, 0))
    nose, hips, ankles = (
        seen.landmarks[0],
        seen.landmarks[23:25].mean(axis=0),
        seen.landmarks[27:29].mean(axis=0),
    )
    assert nose[1] < hips[1] < ankles[1]
    assert seen.score > 0.9
    assert seen.next_roi.centre_x_px == pytest.approx(hips[0] * 720, abs=30)


def test_the_steps_are_timed(tracker, person):
    times = StepTimes()
    tracker.track(person, 0, times)
    assert set(times.ns) == {"detector", "crop", "landmarks", "decode"}
    times = StepTimes()
    tracker.track(person, FRAME_NS, times)
    assert set(times.ns) == {"crop", "landmarks", "decode"}


def test_a_change_of_size_while_tracking(tracker, person):
    tracker.track(person, 0)
    half = only(tracker.track(np.ascontiguousarray(person[::2, ::2]), FRAME_NS))
    assert half.landmarks[0, 1] < half.landmarks[27, 1]


def test_a_closed_tracker_is_not_used_again(networks, person):
    tracker = RoiTracker(KeepsOpen(networks), Smoothing.OFF)
    tracker.close()
    tracker.close()
    with pytest.raises(RuntimeError, match="CLOSED"):
        tracker.reset()


@pytest.mark.parametrize("skip", ["off", "2", "adaptive"])
def test_nothing_as_large_as_a_frame_is_made_for_a_frame(demo, model_cache, skip):
    scene = np.zeros((740, 1300, 3), np.uint8)
    scene[20:, 400:1120] = demo.frames[0][100:820]
    frame = scene[20:, 20:]  # rows of a larger picture, which OpenCV can read where they lie
    options = TrackerOptions(model=PoseModel.LITE, skip=Skip.parse(skip))
    tracker = open_tracker(options, MODELS_DIR, model_cache)
    tracker.track(frame, 0)
    tracemalloc.start()
    try:
        for number in range(1, 12):
            assert len(tracker.track(frame, number * FRAME_NS).people) == 1
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        tracker.close()
    assert peak < frame.nbytes / 4
