"""The three identities of the frame counters, with the real stages and mailboxes on real threads."""

import random
import threading

import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_MS
from desktop_pose.core.frames import Frame, Size
from desktop_pose.core.poses import FramePoses
from desktop_pose.core.settings import Rotation
from desktop_pose.engine.display import Display
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.governor.knobs import Knobs
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.posed import PosedFrame
from desktop_pose.engine.stages.capture import CaptureEvents, CapturePolicy, CaptureStage
from desktop_pose.engine.stages.inference import InferenceStage, ReadyTracker
from desktop_pose.engine.stages.record import RecordEvents, RecordStage
from desktop_pose.engine.stages.render import RenderStage, View
from desktop_pose.engine.threads import StageThread
from desktop_pose.pose.protocol import TrackerOptions
from tests.engine.support import FakeSource, FakeTracker, imbalances
from tests.engine.writers import CountingWriter

FRAMES = 100_000


class Pipeline:
    """The stages of a run around one flow, with a stand-in for the window."""

    def __init__(self, flow, source):
        self.flow = flow
        self.writer = CountingWriter()
        metrics = Metrics()
        self.ended = []
        events = CaptureEvents(*[lambda _: None] * 3, lambda: self.ended.append(True))
        policy = CapturePolicy(is_live=True, does_loop=False, does_retry_first_open=False)
        self.knobs = Knobs()
        self.render = RenderStage(flow, metrics, lambda: None, View(Size(32, 24)), self.knobs.display)
        tracker = ReadyTracker(FakeTracker(reused_every=7, jitter_s=0.02), TrackerOptions())
        self.record = StageThread(
            RecordStage(lambda size: self.writer, flow, metrics, RecordEvents(*[lambda _: None] * 3))
        )
        may_track = threading.Event()
        may_track.set()
        inference = InferenceStage(
            lambda: tracker, flow, metrics, lambda options: None, lambda: True, may_track
        )
        self.threads = [
            StageThread(
                CaptureStage(
                    source, policy, flow, metrics, events, Rotation.NONE, inference.is_ready, self.knobs
                )
            ),
            StageThread(inference),
            StageThread(self.render),
        ]
        self.display = Display(flow, metrics, lambda: None)

    def run(self, look):
        """Run to the end of the source, calling `look` at random moments."""
        chance = random.Random(5)
        for thread in [*self.threads, self.record]:
            thread.start()
        while not (self.ended and self._is_drained()):
            if (picture := self.display.take_picture()) is not None and chance.random() < 0.9:
                self.display.picture_painted(picture)
            if chance.random() < 0.2:
                self.render.view = View(Size(32, 24) if chance.random() < 0.7 else None)
                self.knobs.display.interval_ns = chance.choice([0, NS_PER_MS])
            look(self.flow.snapshot())
            self.threads[0].wait(chance.randrange(3))
        for threads in (self.threads, [self.record]):
            for thread in threads:
                thread.stop_event.set()
            self.flow.wake()
            assert all(thread.wait(5000) for thread in threads)
        return self.flow.snapshot()

    def _is_drained(self):
        return not len(self.flow.frames) and not len(self.flow.poses) and not len(self.flow.pictures)


@pytest.mark.timeout(240)
def test_the_books_balance_at_random_moments_of_100_000_jittery_frames(qapp):
    looks = []
    pipeline = Pipeline(FrameFlow(), FakeSource(count=FRAMES, bad_every=97, jitter_s=0.02))

    end = pipeline.run(lambda snapshot: looks.append(imbalances(snapshot)))

    assert len(looks) > 100
    assert set(looks) == {(0, 0, 0)}
    assert imbalances(end) == (0, 0, 0)
    assert end.captured == FRAMES
    assert end.bad == -(-FRAMES // 97)
    assert end.recorded == pipeline.writer.written
    for counter in ("inferred", "reused", "displayed", "not_shown", "dropped_inference", "dropped_display"):
        assert getattr(end, counter) > 0, counter
    assert end.in_flight_inference == end.in_flight_recorder == 0


def test_the_books_balance_while_frames_are_left_undecoded(qapp):
    looks = []
    pipeline = Pipeline(FrameFlow(), FakeSource(count=6000, jitter_s=0.02))
    pipeline.knobs.decoding.interval_ns = NS_PER_MS // 10

    end = pipeline.run(lambda snapshot: looks.append(imbalances(snapshot)))

    assert set(looks) == {(0, 0, 0)}
    assert end.captured == 6000
    assert 0 < pipeline.knobs.left_undecoded <= end.dropped_inference


class ForgetfulMailboxFlow(FrameFlow):
    """A flow whose inference mailbox forgets its first drop."""

    def send_frame(self, frame):
        before = self.frames.dropped
        super().send_frame(frame)
        self.frames.dropped -= before == 0 and self.frames.dropped == 1


class ForgetfulWindowFlow(FrameFlow):
    """A flow that forgets every displayed picture."""

    def picture_displayed(self):
        super().picture_displayed()
        self._displayed -= 1


class EagerRecorderFlow(FrameFlow):
    """A flow that counts every recorded frame twice."""

    def frame_recorded(self):
        super().frame_recorded()
        self._recorded += 1


@pytest.mark.parametrize(
    ("flow_class", "identity"),
    [(ForgetfulMailboxFlow, 0), (ForgetfulWindowFlow, 1), (EagerRecorderFlow, 2)],
)
def test_a_sabotaged_counter_is_noticed(qapp, flow_class, identity):
    pipeline = Pipeline(flow_class(), FakeSource(count=6000, jitter_s=0.02))
    end = pipeline.run(lambda snapshot: None)
    assert imbalances(end)[identity] != 0


def test_whether_a_frame_is_recorded_cannot_change_before_it_is_sent():
    flow, could_change = FrameFlow(), []

    def is_wanted():
        other = threading.Thread(target=lambda: could_change.append(flow.lock.acquire(blocking=False)))
        other.start()
        other.join()
        return True

    posed = PosedFrame(Frame(0, 0, 0, np.zeros((8, 8, 3), np.uint8)), FramePoses(()))
    flow.send_record(posed, is_wanted)
    flow.send_record(posed, lambda: False)
    assert could_change == [False]
    assert flow.snapshot().sent_to_recorder == 1


def posed_of(index):
    return PosedFrame(Frame(index, index, index, np.zeros((8, 8, 3), np.uint8)), FramePoses(()))


def test_rendering_hears_once_of_a_frame_that_is_looked_at_and_then_gets_its_poses():
    flow, posed, stop = FrameFlow(), posed_of(0), threading.Event()
    flow.announce_poses(posed.frame)
    assert flow.next_to_render(stop) is posed.frame
    flow.poses.put(posed)
    assert flow.next_to_render(stop) is posed
    assert flow.snapshot().in_flight_display == 1


def test_poses_go_before_announcements_and_end_that_of_their_own_frame():
    flow, posed, later, stop = FrameFlow(), posed_of(0), posed_of(1), threading.Event()
    flow.announce_poses(posed.frame)
    flow.poses.put(posed)
    assert flow.next_to_render(stop) is posed
    flow.poses.put(posed)
    flow.announce_poses(later.frame)
    assert flow.next_to_render(stop) is posed
    assert flow.next_to_render(stop) is later.frame
    stop.set()
    assert flow.next_to_render(stop) is None


def test_an_announcement_ends_with_the_run():
    flow = FrameFlow()
    flow.announce_poses(posed_of(0).frame)
    flow.drop_waiting()
    flow.poses.put(posed_of(1))
    stop = threading.Event()
    assert isinstance(flow.next_to_render(stop), PosedFrame)
    threading.Timer(0.01, lambda: (stop.set(), flow.wake())).start()
    assert flow.next_to_render(stop) is None


def test_a_thread_that_waits_for_poses_hears_of_an_announcement():
    flow, frame, heard = FrameFlow(), posed_of(0).frame, []
    thread = threading.Thread(target=lambda: heard.append(flow.next_to_render(threading.Event())))
    thread.start()
    flow.announce_poses(frame)
    thread.join(5)
    assert heard == [frame]
