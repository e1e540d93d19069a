"""Posed frames into a session on disk: owns the session writer from its first frame to its end.

Where it cannot keep up it records less of each picture, then leaves pictures out, and only then frames.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.errors import DesktopPoseError, RecordingError, RecordingTroubleError
from desktop_pose.core.frames import Frame, Size
from desktop_pose.core.memory_steps import STEPS, MemoryPart, StepKind
from desktop_pose.engine.disk import DiskLimits, DiskState, DiskWatch, full, warning
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.overlay import OverlayPainter
from desktop_pose.engine.posed import PosedFrame
from desktop_pose.engine.resources.memory_warming import WarmingUp
from desktop_pose.engine.video_pace import VideoPace
from desktop_pose.recording.rows import FrameDetails
from desktop_pose.recording.writer import SessionWriter

_IDLE_WAKE_UPS = 4
"""Tenths of a second without a frame after which what was written is committed nevertheless."""

_DISK_EVERY_NS = NS_PER_S // 2
_ENCODING_AFTER_STOP_NS = NS_PER_S
"""How long pictures that still wait are encoded after the end: quitting gives the recording two seconds."""

_FAR = 1 << 40
"""More frames than any recording has."""

_NO_ROOM = "recorder"
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RecordEvents:
    """What the stage tells the controller, from its own thread.

    Attributes:
        started: The first frame is about to be written; the session's folder.
        saved: The session is complete; its folder.
        noticed: The recording goes on, but has trouble.
    """

    started: Callable[[str], None]
    saved: Callable[[str], None]
    noticed: Callable[[DesktopPoseError], None]


@dataclass(frozen=True, slots=True)
class RecordingCondition:
    """How a recording stands. Replaced as a whole, and so readable from any thread.

    Attributes:
        duration_s: Time of the newest frame written.
        bytes_written: Size of the session so far.
        frames_lost: Frames of which nothing is recorded, because the recorder was busy.
        pictures_lost: Frames recorded without their picture, though video is recorded.
        reduced_to: What is left of the quality of the video, in words; None while it is as wanted.
        disk: Room on the disk; None where it is not known.
    """

    duration_s: float = 0.0
    bytes_written: int = 0
    frames_lost: int = 0
    pictures_lost: int = 0
    reduced_to: str | None = None
    disk: DiskState | None = None


Note = Callable[[SessionWriter, int], None]
"""Something to write besides frames, given the writer and the session's time in nanoseconds."""


class RecordStage:
    """Writes one session. It ends when it is stopped, having written all that waited for it.

    Times and frame numbers of the session count from its first frame.

    Args:
        create_writer: Makes the session, once the size of its first frame is known.
        flow: Where the frames come from.
        metrics: Told what it costs.
        events: Told what happens.
        overlay: Draws the skeletons into the pictures; None records them as they are.
        limits: When the disk is too full.

    Attributes:
        condition: How the recording stands.
    """

    name = "record"

    def __init__(
        self,
        create_writer: Callable[[Size], SessionWriter],
        flow: FrameFlow,
        metrics: Metrics,
        events: RecordEvents,
        overlay: OverlayPainter | None = None,
        limits: DiskLimits | None = None,
    ) -> None:
        self.condition = RecordingCondition()
        self._create_writer = create_writer
        self._flow = flow
        self._metrics = metrics
        self._events = events
        self._overlay = overlay
        self._limits = limits or DiskLimits()
        self._notes: queue.SimpleQueue[Note] = queue.SimpleQueue()
        self._pace = VideoPace()
        self._watch: DiskWatch | None = None
        self._disk: DiskState | None = None
        self._disk_looked_ns = 0
        self._was_warned = False
        self._was_video_told = False
        self._first: Frame | None = None
        self._newest: Frame | None = None
        self._expected_index = 0
        self._dropped_before = 0
        self._stopped_ns: int | None = None

    def note(self, note: Note) -> None:
        """Write `note` before the next frame, or when none comes. Callable from any thread."""
        self._notes.put(note)

    def time_at(self, at_ns: int) -> int:
        """The session's time at the moment `at_ns` of the monotonic clock; on the stage's thread."""
        newest = self._newest
        if newest is None or self._first is None:
            return 0
        return max(0, newest.time_ns - self._first.time_ns + at_ns - newest.capture_ns)

    def run(self, stop: threading.Event) -> None:
        """Write frames until `stop`, then what still waits, then the end of the session.

        Raises:
            RecordingError: The session cannot be written, or the disk is nearly full; what was committed
                stays readable. Or the session is complete but for its video.
        """
        self._dropped_before = self._flow.records.dropped
        self._flow.losses.open()
        writer: SessionWriter | None = None
        try:
            writer = self._write_all(stop)
        finally:
            self._flow.losses.close()
            self._flow.records.drop_all()
        if writer is None:
            return
        self._events.saved(str(writer.path))
        if self._disk is not None and self._disk.is_full:
            raise full(writer.path.parent, self._limits)
        if writer.video_problem is not None:
            raise RecordingError(
                f"The video of {writer.path.name} ended early, its landmarks did not:"
                f" {writer.video_problem.message}",
                writer.video_problem.hint,
            )

    def _write_all(self, stop: threading.Event) -> SessionWriter | None:
        writer: SessionWriter | None = None
        warming = WarmingUp(MemoryPart.RECORDER)
        try:
            while True:
                # Asked first: what is sent before the stop waits when it is set, and is written.
                is_last, records = stop.is_set(), self._flow.records
                posed = records.take(stop, _IDLE_WAKE_UPS) or records.take_now()
                if posed is None and is_last:
                    break
                if posed is not None:
                    with self._counted():
                        if writer is None:
                            writer = self._begin(posed)
                        self._write(writer, posed, is_stopping=stop.is_set())
                    warming.frame_done()
                elif writer is not None:
                    self._write_notes(writer)
                    writer.commit()
                if writer is not None and not self._has_room(writer):
                    break
            if writer is not None:
                self._write_end_of_losses(writer)
                self._write_notes(writer)
        finally:
            if writer is not None:
                with STEPS.step(MemoryPart.RECORDER, StepKind.GIVES_BACK):
                    writer.finalise()
            warming.end()
        return writer

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count the frame held as recorded, or as lost where that fails."""
        try:
            yield
        except BaseException:
            self._flow.frame_lost_in_recorder()
            raise
        self._flow.frame_recorded()

    def _begin(self, posed: PosedFrame) -> SessionWriter:
        writer = self._create_writer(posed.frame.size)
        self._first = self._newest = posed.frame
        self._watch = DiskWatch(writer.path, self._limits)
        self._flow.losses.take_before(posed.frame.index)
        self._events.started(str(writer.path))
        return writer

    def _write(self, writer: SessionWriter, posed: PosedFrame, *, is_stopping: bool) -> None:
        assert self._first is not None
        started_ns = monotonic_ns()
        index, time_ns = posed.frame.index - self._first.index, posed.frame.time_ns - self._first.time_ns
        self._newest = posed.frame
        self._write_notes(writer)
        frame = replace(posed.frame, index=index, time_ns=time_ns)
        lost = index - self._expected_index
        details = self._details(posed, lost, started_ns, is_stopping=is_stopping)
        writer.write(frame, posed.poses, lost, details)
        self._expected_index = index + 1
        if self._pace.is_behind(len(self._flow.records), frame.capture_ns):
            writer.step_video_down()
        self._tell_of_video(writer)
        self.condition = RecordingCondition(
            duration_s=time_ns / NS_PER_S,
            bytes_written=writer.bytes_written,
            frames_lost=self._flow.records.dropped - self._dropped_before,
            pictures_lost=writer.pictures_lost,
            reduced_to=_reduced_to(writer),
            disk=self._disk,
        )
        self._metrics.add_stage("record", monotonic_ns() - started_ns)

    def _details(self, posed: PosedFrame, lost: int, now_ns: int, *, is_stopping: bool) -> FrameDetails:
        losses = self._flow.losses.take_before(posed.frame.index) if lost else {}
        if lost > sum(losses.values()):
            losses[_UNKNOWN] = lost - sum(losses.values())
        if is_stopping and self._stopped_ns is None:
            self._stopped_ns = now_ns
        has_time = self._stopped_ns is None or now_ns - self._stopped_ns < _ENCODING_AFTER_STOP_NS
        is_picture_kept = posed.has_picture and has_time
        picture = None
        if is_picture_kept and self._overlay is not None:
            picture = self._overlay.paint(posed.frame.image, posed.poses)
        return FrameDetails(posed.frame.time_ns, losses, picture, is_picture_kept)

    def _tell_of_video(self, writer: SessionWriter) -> None:
        problem = writer.video_problem
        if problem is not None and not self._was_video_told:
            self._was_video_told = True
            self._events.noticed(
                RecordingTroubleError(f"{problem.message}: landmarks go on without video", problem.hint)
            )

    def _has_room(self, writer: SessionWriter) -> bool:
        """Whether the disk has room to go on; looked at twice a second."""
        now_ns = monotonic_ns()
        if self._watch is None or now_ns - self._disk_looked_ns < _DISK_EVERY_NS:
            return True
        self._disk_looked_ns = now_ns
        self._disk = state = self._watch.look(now_ns, writer.bytes_written)
        if state is None:
            return True
        if state.is_short and not state.is_full and not self._was_warned:
            self._was_warned = True
            self._events.noticed(warning(state, self._limits))
        return not state.is_full

    def _write_end_of_losses(self, writer: SessionWriter) -> None:
        assert self._first is not None
        assert self._newest is not None
        # Whatever else was lost by now was lost after the end.
        count = self._flow.losses.take_before(self._newest.index + _FAR).get(_NO_ROOM, 0)
        if count:
            writer.write_drops(self._newest.time_ns - self._first.time_ns, count, _NO_ROOM)

    def _write_notes(self, writer: SessionWriter) -> None:
        assert self._first is not None
        assert self._newest is not None
        time_ns = self._newest.time_ns - self._first.time_ns
        while True:
            try:
                note = self._notes.get_nowait()
            except queue.Empty:
                return
            note(writer, time_ns)


def _reduced_to(writer: SessionWriter) -> str | None:
    if writer.video_problem is not None:
        return "no video"
    step = writer.video_step
    return None if step is None or not step.is_reduced else step.words
