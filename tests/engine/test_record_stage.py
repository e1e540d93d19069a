import threading

import numpy as np
import pytest

from desktop_pose.core.frames import Frame
from desktop_pose.core.poses import FramePoses
from desktop_pose.engine.flow import RECORDER_CAPACITY, FrameFlow, PosedFrame
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.stages.record import RecordEvents, RecordStage


def make_posed(index):
    return PosedFrame(Frame(index, 1000 * index, index, np.zeros((8, 8, 3), np.uint8)), FramePoses(()))


class ListingWriter:
    """A session writer that keeps a list of what it was given."""

    path = "nowhere"
    bytes_written = 0

    def __init__(self):
        self.frames, self.drops, self.notes = [], [], []

    def write(self, frame, poses, dropped_before):
        self.frames.append((frame.index, frame.time_ns, dropped_before))

    def write_drops(self, time_ns, count, cause):
        self.drops.append((time_ns, count, cause))

    def finalise(self):
        self.notes.append("finalised")


@pytest.fixture
def recording():
    """A stage that is told to stop at once, and so writes just what waits for it when it is run."""

    class Recording:
        def __init__(self):
            self.flow, self.writer, self.stop = FrameFlow(), ListingWriter(), threading.Event()
            self.stage = RecordStage(
                lambda size: self.writer, self.flow, Metrics(), RecordEvents(lambda _: None, lambda _: None)
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

    def fill_then_take(stop):
        recording.flow.records.take = first_take
        for index in range(RECORDER_CAPACITY + 4):
            recording.flow.records.put(make_posed(index))
        return

    recording.flow.records.take = fill_then_take
    recording.run()
    assert sum(count for _, count, _ in recording.writer.drops) == 4
    assert recording.writer.notes == ["finalised"]


def test_what_is_noted_after_the_last_frame_is_written_before_the_end(recording):
    recording.flow.records.put(make_posed(0))
    write = recording.writer.write

    def write_and_note(*args):
        write(*args)
        recording.stage.note(lambda writer, time_ns: writer.notes.append(time_ns))

    recording.writer.write = write_and_note
    recording.run()
    assert recording.writer.notes == [0, "finalised"]
