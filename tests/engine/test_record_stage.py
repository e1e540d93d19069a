import threading
from dataclasses import replace

import numpy as np
import pytest

from desktop_pose.core.frames import Frame
from desktop_pose.core.poses import FramePoses
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.posed import PosedFrame
from desktop_pose.engine.record_queue import CAPACITY, PICTURES
from desktop_pose.engine.stages.record import RecordEvents, RecordStage
from tests.engine.writers import ListingWriter


def make_posed(index):
    return PosedFrame(Frame(index, 1000 * index, index, np.zeros((8, 8, 3), np.uint8)), FramePoses(()))


@pytest.fixture
def recording():
    """A stage that is told to stop at once, and so writes just what waits for it when it is run."""

    class Recording:
        def __init__(self):
            self.flow, self.writer, self.stop = FrameFlow(), ListingWriter(), threading.Event()
            self.stage = RecordStage(
                lambda size: self.writer, self.flow, Metrics(), RecordEvents(*[lambda _: None] * 3)
            )
            self.stop.set()

        def run(self):
            self.stage.run(self.stop)

    return Recording()


def test_frames_count_from_the_first_and_each_says_what_was_lost_before_it(recording):
    for index in (7, 8, 12):
        recording.flow.records.put(make_posed(index))
    recording.run()
    assert recording.writer.frames == [(0, 0, 0), (1, 1000, 0), (5, 5000, 3)]


def test_frames_that_found_no_room_after_the_last_written_one_are_in_the_session(recording):
    first_take = recording.flow.records.take

    def fill_then_take(stop, wake_ups):
        recording.flow.records.take = first_take
        for index in range(CAPACITY + 4):
            recording.flow.records.put(make_posed(index))
        return

    recording.flow.records.take = fill_then_take
    recording.run()
    assert sum(count for _, count, _ in recording.writer.drops) == 4
    assert recording.writer.notes == ["finalised"]


def test_a_frame_that_is_sent_just_before_the_stop_is_written(recording):
    records, stop = recording.flow.records, recording.stop
    look = records.take_now
    stop.clear()

    def look_before_the_frame_and_the_stop():
        found = look()
        if not stop.is_set():
            records.put(make_posed(0))
            stop.set()
        return found

    records.take = lambda stop, wake_ups: None  # nothing came for a while
    records.take_now = look_before_the_frame_and_the_stop
    recording.run()
    assert recording.writer.frames == [(0, 0, 0)]
    assert records.dropped == 0


def test_what_is_noted_after_the_last_frame_is_written_before_the_end(recording):
    recording.flow.records.put(make_posed(0))
    write = recording.writer.write

    def write_and_note(*args):
        write(*args)
        recording.stage.note(lambda writer, time_ns: writer.notes.append(time_ns))

    recording.writer.write = write_and_note
    recording.run()
    assert recording.writer.notes == [0, "finalised"]


def test_frames_say_why_those_before_them_are_missing(recording):
    first_take = recording.flow.records.take

    def lose_then_take(stop, wake_ups):
        recording.flow.records.take = first_take
        recording.flow.losses.note(3, "bad")  # before the first frame of the session
        recording.flow.losses.note(8, "inference")
        recording.flow.losses.note(9, "bad")
        recording.flow.losses.note(13, "inference")  # of a frame that is still to come
        for index in (7, 11, 12):
            recording.flow.records.put(make_posed(index))
        return first_take(stop, wake_ups)

    recording.flow.records.take = lose_then_take
    recording.run()
    assert [details.losses for details in recording.writer.details] == [
        {},
        {"inference": 1, "bad": 1, "unknown": 1},
        {},
    ]
    assert [details.source_ns for details in recording.writer.details] == [7000, 11000, 12000]


def test_pictures_give_way_before_landmarks(recording):
    for index in range(PICTURES + 70):
        recording.flow.records.put(make_posed(index))
    recording.run()
    kept = [details.is_picture_kept for details in recording.writer.details]
    assert kept == [True] * PICTURES + [False] * 70
    assert recording.writer.drops == []


def test_landmarks_alone_never_wait_with_their_pictures(recording):
    recording.flow.records.keeps_pictures = False
    image = make_posed(0)
    recording.flow.records.put(image)
    posed = recording.flow.records.take_now()
    assert posed.frame.size == image.frame.size
    assert posed.frame.image.base is not image.frame.image
    assert posed.frame.image.strides == (0, 0, 1)


def test_frame_without_mask_waits_for_the_recorder(recording):
    posed = make_posed(0)
    masked = replace(posed, poses=replace(posed.poses, mask=np.zeros((8, 8), np.uint8)))
    recording.flow.records.put(masked)
    assert recording.flow.records.take_now().poses.mask is None


def test_video_steps_down_while_many_frames_wait(recording):
    for index in range(PICTURES):
        recording.flow.records.put(make_posed(index))
    recording.run()
    assert recording.writer.steps_down == 1


def test_what_was_written_is_committed_when_no_frame_comes(recording):
    stop = recording.stop
    stop.clear()
    recording.flow.records.put(make_posed(0))

    class Stopping(ListingWriter):
        def commit(self):
            super().commit()
            stop.set()

    recording.writer = Stopping()
    recording.run()
    assert recording.writer.commits == 1
    assert recording.writer.notes == ["finalised"]
