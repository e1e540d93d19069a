import threading

import numpy as np
import pytest

from desktop_pose.core.frames import Frame
from desktop_pose.core.poses import FramePoses
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.stages.inference import InferenceStage, ReadyTracker
from desktop_pose.pose.protocol import TrackerOptions
from tests.engine.support import FakeTracker, make_person


def make_frame(index, size=(8, 8)):
    return Frame(index, index * 1000, index, np.zeros((*size, 3), np.uint8))


@pytest.fixture
def stage_run():
    """A running inference stage with its flow; a call gives it a frame and waits for the poses."""

    class Run:
        def __init__(self):
            self.is_recording = False
            self.flow, self.stop, self.changes = FrameFlow(), threading.Event(), []
            self.first = FakeTracker()
            may_track = threading.Event()
            may_track.set()
            self.stage = InferenceStage(
                lambda: ReadyTracker(self.first, TrackerOptions(threads=1)),
                self.flow, Metrics(), self.changes.append, lambda: self.is_recording,
                may_track,
            )  # fmt: skip
            self.thread = threading.Thread(target=self.stage.run, args=[self.stop])
            self.thread.start()

        def send(self, frame):
            self.flow.frame_captured()
            self.flow.send_frame(frame)
            posed = self.flow.poses.take(threading.Event())
            self.flow.frame_not_shown()
            return posed

        def end(self):
            self.stop.set()
            self.flow.wake()
            self.thread.join(5)

    run = Run()
    yield run
    run.end()


def test_a_new_tracker_goes_on_with_the_people_of_the_old_one(stage_run):
    stage_run.send(make_frame(0))
    second = FakeTracker()
    options = TrackerOptions(threads=2)

    stage_run.stage.replace_tracker(ReadyTracker(second, options))
    stage_run.send(make_frame(1))

    people, first_free_id, locked_id = second.adopted
    assert [person.id for person in people] == [0]
    assert (first_free_id, locked_id) == (1, None)
    assert stage_run.first.is_closed
    assert stage_run.changes == [TrackerOptions(threads=1), options]
    assert stage_run.stage.options == options


def test_of_two_new_trackers_the_later_is_used_and_the_earlier_closed(stage_run):
    stage_run.send(make_frame(0))
    second, third = FakeTracker(), FakeTracker()
    for tracker in (second, third):
        stage_run.stage.replace_tracker(ReadyTracker(tracker, TrackerOptions()))
    stage_run.send(make_frame(1))
    assert second.is_closed
    assert not third.is_closed


@pytest.mark.parametrize("has_another", [True, False])
def test_rendering_may_begin_while_the_model_works_on_another_core(stage_run, monkeypatch, has_another):
    monkeypatch.setattr("desktop_pose.engine.stages.inference.core_count", lambda: 1 + has_another)
    announced = []
    monkeypatch.setattr(stage_run.flow, "announce_poses", announced.append)
    stage_run.first.track = lambda *_: (announced.append("tracked"), FramePoses(()))[1]
    frame = make_frame(0)
    stage_run.send(frame)
    assert announced == [frame, "tracked"][not has_another :]


def test_time_passes_for_the_tracker_between_two_frames_of_one_time(stage_run):
    for index in range(3):
        stage_run.send(Frame(index, 0, index, np.zeros((8, 8, 3), np.uint8)))
    assert stage_run.first.times_ns == [0, 1, 2]


def test_a_frame_of_another_size_starts_the_tracker_anew(stage_run):
    stage_run.send(make_frame(0))
    stage_run.send(make_frame(1, size=(6, 8)))
    assert stage_run.first.resets == 1


def test_the_tracker_is_closed_at_the_end(stage_run):
    stage_run.send(make_frame(0))
    waiting = FakeTracker()
    stage_run.stage.replace_tracker(ReadyTracker(waiting, TrackerOptions()))
    stage_run.end()
    assert stage_run.first.is_closed
    assert waiting.is_closed


def ids(posed):
    return [person.id for person in posed.poses.people]


def two_people(stage_run):
    stage_run.first.people = (make_person(0), make_person(1))
    return ids(stage_run.send(make_frame(0)))


def test_a_wish_to_lock_reaches_the_tracker_with_the_next_frame(stage_run):
    assert two_people(stage_run) == [0, 1]
    stage_run.stage.lock_on(1)
    assert stage_run.first.locked_id is None
    assert ids(stage_run.send(make_frame(1))) == [1]
    stage_run.stage.lock_on(None)
    assert ids(stage_run.send(make_frame(2))) == [0, 1]


def test_a_lock_is_handed_over_even_while_its_person_is_missing(stage_run):
    two_people(stage_run)
    stage_run.stage.lock_on(1)
    stage_run.send(make_frame(1))
    stage_run.first.people = ()
    stage_run.send(make_frame(2))
    second = FakeTracker()
    stage_run.stage.replace_tracker(ReadyTracker(second, TrackerOptions(people=3)))
    stage_run.send(make_frame(3))
    people, first_free_id, locked_id = second.adopted
    assert [person.id for person in people] == [1]
    assert (first_free_id, locked_id) == (2, 1)


def test_a_tracker_of_one_person_is_not_locked(stage_run):
    two_people(stage_run)
    stage_run.stage.lock_on(1)
    stage_run.send(make_frame(1))
    second = FakeTracker()
    stage_run.stage.replace_tracker(ReadyTracker(second, TrackerOptions(people=1)))
    stage_run.send(make_frame(2))
    people, _, locked_id = second.adopted
    assert [person.id for person in people] == [1]
    assert locked_id is None


def test_whether_everybody_wanted_is_followed(stage_run):
    assert not stage_run.stage.is_following(1)
    two_people(stage_run)
    assert stage_run.stage.is_following(2)
    assert not stage_run.stage.is_following(3)
    stage_run.stage.lock_on(1)
    stage_run.send(make_frame(1))
    assert stage_run.stage.is_following(3)


def test_a_frame_begun_before_a_recording_is_no_part_of_it(stage_run):
    track = stage_run.first.track

    def begin_recording_meanwhile(*arguments):
        stage_run.is_recording = True
        return track(*arguments)

    stage_run.first.track = begin_recording_meanwhile
    for index in range(3):
        stage_run.send(make_frame(index))
    stage_run.end()
    assert stage_run.flow.snapshot().sent_to_recorder == 2
