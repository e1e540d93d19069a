r"""The way of a frame through the threads, and the books kept about it.

    capture --newest(1)--> inference --newest(1)--> render --newest(1)--> window
                               \--counted(n)--> recorder

Three identities hold at any moment of a snapshot, each term counted where it happens:

    captured = bad + inferred + reused + dropped.inference + in_flight.inference
    inferred + reused = displayed + not_shown + dropped.render + dropped.display + in_flight.display
    sent_to_recorder = recorded + dropped.recorder + in_flight.recorder
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QImage

from desktop_pose.core.frames import Frame, Size
from desktop_pose.core.poses import FramePoses
from desktop_pose.engine.losses import LossBook
from desktop_pose.engine.mailbox import NewestMailbox
from desktop_pose.engine.posed import PosedFrame
from desktop_pose.engine.record_queue import RecordQueue


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A rendered frame, ready to be painted 1:1.

    Attributes:
        image: RGB32 in device pixels.
        frame_index: The captured frame it shows.
        capture_ns: When that frame was captured, `core.clock.monotonic_ns`.
        poses: Who is in it.
        frame_size: Size of the frame that the people are placed in.
        is_mirrored: Whether left and right are exchanged in `image`.
    """

    image: QImage
    frame_index: int
    capture_ns: int
    poses: FramePoses
    frame_size: Size
    is_mirrored: bool


@dataclass(frozen=True, slots=True)
class FlowSnapshot:
    """All counters at one moment."""

    captured: int
    bad: int
    inferred: int
    reused: int
    displayed: int
    not_shown: int
    sent_to_recorder: int
    recorded: int
    dropped_inference: int
    dropped_render: int
    dropped_display: int
    dropped_recorder: int
    in_flight_inference: int
    in_flight_display: int
    in_flight_recorder: int


class FrameFlow:
    """The mailboxes between the threads and the counters at each end.

    Every method is one atomic step under `lock`, and may be called from the thread it names only.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.losses = LossBook(self.lock)
        self.frames: NewestMailbox[Frame] = NewestMailbox(
            self.lock, lambda frame: self.losses.note(frame.index, "inference")
        )
        self.poses: NewestMailbox[PosedFrame] = NewestMailbox(self.lock)
        self.pictures: NewestMailbox[Picture] = NewestMailbox(self.lock)
        self.records = RecordQueue(self.lock, lambda posed: self.losses.note(posed.frame.index, "recorder"))
        self._coming: Frame | None = None
        self._captured = 0
        self._capture_holds = 0
        self._bad = 0
        self._inferred = 0
        self._reused = 0
        self._displayed = 0
        self._not_shown = 0
        self._recorded = 0
        self._lost_in_inference = 0
        self._lost_in_render = 0
        self._lost_in_window = 0
        self._lost_in_recorder = 0

    def frame_captured(self) -> int:
        """Capture thread: a frame was grabbed; its index."""
        with self.lock:
            self._captured += 1
            self._capture_holds += 1
            return self._captured - 1

    def frame_was_bad(self) -> None:
        """Capture thread: the grabbed frame cannot be decoded."""
        with self.lock:
            self._bad += 1
            self._capture_holds -= 1
            self.losses.note(self._captured - 1, "bad")

    def frame_left_undecoded(self) -> None:
        """Capture thread: the grabbed frame is given up, for nobody would look at it."""
        with self.lock:
            self._lost_in_inference += 1
            self._capture_holds -= 1
            self.losses.note(self._captured - 1, "inference")

    def send_frame(self, frame: Frame) -> None:
        """Capture thread: hand the grabbed frame to inference."""
        with self.lock:
            self._capture_holds -= 1
            self.frames.put(frame)

    def announce_poses(self, frame: Frame) -> None:
        """Inference thread: the held frame will be poses soon; rendering may begin with its picture."""
        with self.lock:
            self._coming = frame
            self.poses.wake()

    def next_to_render(self, stop: threading.Event) -> PosedFrame | Frame | None:
        """Render thread: the newest poses, now held; else a frame announced, once; None after `stop`."""
        with self.lock:
            while not stop.is_set():
                posed, coming = self.poses.take_now(), self._coming
                if posed is None or posed.frame is coming:
                    self._coming = None
                if posed is not None or coming is not None:
                    return posed or coming
                self.poses.wait()
            return None

    def frame_lost_in_inference(self) -> None:
        """Inference thread: the held frame is given up because the run stops or fails."""
        with self.lock:
            self._lost_in_inference += 1
            self.frames.settle()

    def send_poses(self, posed: PosedFrame) -> None:
        """Inference thread: the held frame has become poses; hand them to rendering."""
        with self.lock:
            if posed.poses.reused:
                self._reused += 1
            else:
                self._inferred += 1
            self.frames.settle()
            self.poses.put(posed)

    def send_record(self, posed: PosedFrame, is_wanted: Callable[[], bool]) -> None:
        """Inference thread: have `posed` recorded, if that is still wanted at the moment it is sent."""
        with self.lock:
            if is_wanted():
                self.records.put(posed)

    def frame_not_shown(self) -> None:
        """Render thread: the held frame is not rendered because nobody could see it."""
        with self.lock:
            self._not_shown += 1
            self.poses.settle()

    def frame_lost_in_render(self) -> None:
        """Render thread: the held frame is given up because the run stops or fails."""
        with self.lock:
            self._lost_in_render += 1
            self.poses.settle()

    def send_picture(self, picture: Picture) -> bool:
        """Render thread: the held frame has become a picture; True if the window must be told."""
        with self.lock:
            self.poses.settle()
            return self.pictures.put(picture)

    def picture_displayed(self) -> None:
        """Window: the held picture is on screen."""
        with self.lock:
            self._displayed += 1
            self.pictures.settle()

    def picture_lost_in_window(self) -> None:
        """Window: the held picture was superseded before it was painted."""
        with self.lock:
            self._lost_in_window += 1
            self.pictures.settle()

    def frame_recorded(self) -> None:
        """Record thread: the held frame is written."""
        with self.lock:
            self._recorded += 1
            self.records.settle()

    def frame_lost_in_recorder(self) -> None:
        """Record thread: the held frame could not be written."""
        with self.lock:
            self._lost_in_recorder += 1
            self.records.settle()

    def drop_waiting(self) -> None:
        """Controller, no thread running: count what still waits as dropped."""
        with self.lock:
            self._coming = None
            for mailbox in (self.frames, self.poses, self.pictures):
                mailbox.drop_all()

    def wake(self) -> None:
        """Let all waiting threads look at their stop events."""
        for mailbox in (self.frames, self.poses, self.pictures, self.records):
            mailbox.wake()

    def snapshot(self) -> FlowSnapshot:
        """All counters at this moment."""
        with self.lock:
            return FlowSnapshot(
                captured=self._captured,
                bad=self._bad,
                inferred=self._inferred,
                reused=self._reused,
                displayed=self._displayed,
                not_shown=self._not_shown,
                sent_to_recorder=self.records.sent,
                recorded=self._recorded,
                dropped_inference=self.frames.dropped + self._lost_in_inference,
                dropped_render=self.poses.dropped + self._lost_in_render,
                dropped_display=self.pictures.dropped + self._lost_in_window,
                dropped_recorder=self.records.dropped + self._lost_in_recorder,
                in_flight_inference=self._capture_holds + self.frames.in_flight,
                in_flight_display=self.poses.in_flight + self.pictures.in_flight,
                in_flight_recorder=self.records.in_flight,
            )
