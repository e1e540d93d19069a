import io
import zipfile
from contextlib import closing

import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.settings import Backend, PoseModel, Smoothing
from desktop_pose.pose.manifest import read_model
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import TrackerOptions
from desktop_pose.pose.tracker import RoiTracker
from tests.pose.clips import FRAME_NS, MODELS_DIR, Clip, followed, only
from tests.pose.composing import Actor, composed, cut_out
from tests.pose.support import KeepsOpen

pytest.importorskip("mediapipe", reason="MediaPipe is not installed: there is no wheel for this platform")


@pytest.fixture
def tracker():
    # One a test, because it runs a thread of its own that has to end with the test.
    opened = open_tracker(TrackerOptions(Backend.MEDIAPIPE, PoseModel.LITE), MODELS_DIR, None)
    yield opened
    opened.close()
    opened.close()


def test_a_person_without_what_mediapipe_keeps_to_itself(tracker, demo):
    seen = only(tracker.track(demo.frames[0], 0))
    assert seen.landmarks.shape == (33, 5)
    assert seen.world.shape == (33, 3)
    assert (seen.raw_landmarks, seen.raw_world, seen.next_roi) == (None, None, None)
    assert 0.9 < seen.score <= 1


def test_times_closer_than_a_millisecond_are_taken_in_their_order(tracker, demo):
    for time_ns in (0, 1, 400_000, 1_200_000):
        assert tracker.track(demo.frames[0], time_ns).people


def test_nobody_and_ids(tracker, demo):
    person, nobody = demo.frames[0], np.zeros_like(demo.frames[0])
    results = followed(tracker, Clip([person, nobody, person]))
    assert [len(poses.people) for poses in results] == [1, 0, 1]
    assert only(results[0]).id == only(results[2]).id
    tracker.track(nobody, NS_PER_S)
    assert only(tracker.track(person, 3 * NS_PER_S)).id == only(results[0]).id + 1


def test_after_a_reset_time_may_start_again_and_ids_go_on(tracker, demo):
    first = only(tracker.track(demo.frames[0], 5 * NS_PER_S)).id
    tracker.reset()
    poses = tracker.track(demo.frames[0], 0)
    assert only(poses).id == first + 1
    assert poses.detector_ran is None


def test_an_adopted_person_keeps_the_id(tracker, open_one, demo):
    other = open_one(Backend.LITERT)
    other.adopt((), first_free_id=70)
    before = only(other.track(demo.frames[0], 0))
    tracker.adopt((before,), first_free_id=71)
    assert only(tracker.track(demo.frames[0], FRAME_NS)).id == before.id == 70


def test_several_people_keep_their_ids_and_one_can_be_locked_on(networks, demo):
    cutouts = cut_out(RoiTracker(KeepsOpen(networks), Smoothing.OFF), Clip(demo.frames[:8]))
    actors = [Actor(lambda _: 0.25, scale=1.3), Actor(lambda _: 0.75, scale=1.3, is_mirrored=True)]
    clip = composed(cutouts, actors, 8, (800, 640))
    options = TrackerOptions(Backend.MEDIAPIPE, PoseModel.LITE, people=2)
    with closing(open_tracker(options, MODELS_DIR, None)) as tracker:
        tracker.adopt((), first_free_id=5)
        results = followed(tracker, Clip(clip.frames[:4]))
        tracker.lock_on(6)
        results += followed(tracker, Clip(clip.frames[4:6]), 5 * FRAME_NS)
        tracker.adopt(results[3].people, first_free_id=7, locked_id=5)
        results += followed(tracker, Clip(clip.frames[6:]), 7 * FRAME_NS)
    assert [[person.id for person in poses.people] for poses in results] == [[5, 6]] * 4 + [[6]] * 2 + [
        [5]
    ] * 2
    assert [poses.locked_id for poses in results] == [None] * 4 + [6] * 2 + [5] * 2


def test_a_lock_takes_up_nobody_elsewhere_while_its_person_is_away(networks, demo):
    cutouts = cut_out(RoiTracker(KeepsOpen(networks), Smoothing.OFF), Clip(demo.frames[:7]))
    left = Actor(lambda number: None if 2 <= number <= 4 else 0.25, scale=1.3)
    clip = composed(cutouts, [left, Actor(lambda _: 0.75, scale=1.3, is_mirrored=True)], 7, (800, 640))
    options = TrackerOptions(Backend.MEDIAPIPE, PoseModel.LITE, people=2)
    with closing(open_tracker(options, MODELS_DIR, None)) as tracker:
        first = tracker.track(clip.frames[0], FRAME_NS)
        locked = min(first.people, key=lambda person: person.landmarks[23, 0]).id
        tracker.lock_on(locked)
        results = followed(tracker, Clip(clip.frames[1:]), 2 * FRAME_NS)
    assert len(first.people) == 2
    assert [[person.id for person in poses.people] for poses in results] == [
        [locked], [], [], [], [locked], [locked],
    ]  # fmt: skip
    assert {poses.locked_id for poses in results} == {locked}


def test_strides_and_read_only_pictures(tracker, demo):
    view = demo.frames[0][:, ::-1]
    view.flags.writeable = False
    mirrored = only(tracker.track(view, 0)).landmarks
    tracker.reset()
    np.testing.assert_allclose(only(tracker.track(view.copy(), 0)).landmarks, mirrored)


def test_standard_output_stays_clean(tracker, demo, capfd):
    tracker.track(demo.frames[0], FRAME_NS)
    assert capfd.readouterr().out == ""


def test_the_bundle_is_a_stored_zip_of_both_models_and_always_the_same():
    from desktop_pose.pose.task_bundle import task_bundle

    models = [read_model(MODELS_DIR, name) for name in ("detector", "lite")]
    content = task_bundle(*models)
    assert content == task_bundle(*models)
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert bundle.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
        assert {item.compress_type for item in bundle.infolist()} == {zipfile.ZIP_STORED}
