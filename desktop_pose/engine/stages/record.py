"""Posed frames into a session on disk: owns the session writer from its first frame to its end."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop_pose.core.clock import monotonic_ns
from desktop_pose.core.frames import Frame, Size
from desktop_pose.engine.flow import FrameFlow, PosedFrame
from desktop_pose.engine.metrics import Metrics
from desktop_pose.recording.writer import SessionWriter


@dataclass(frozen=True, slots=True)
class RecordEvents:
    """What the stage tells the controller, from its own thread."""

    started: Callable[[str], None]
    saved: Callable[[str], None]


Note = Callable[[SessionWriter, int], None]
"""Something to write besides frames, given the writer and the session's time in nanoseconds."""


class RecordStage:
    """Writes one session. It ends when it is stopped, having written all that waited for it.

    Times and frame numbers of the session count from its first frame.

    Attributes:
        bytes_written: Size of the session so far.
        duration_ns: Time of the newest frame written.
    """

    name = "record"

    def __init__(
        self,
        create_writer: Callable[[Size], SessionWriter],
        flow: FrameFlow,
        metrics: Metrics,
        events: RecordEvents,
    ) -> None:
        self.bytes_written = 0
        self.duration_ns = 0
        self._create_writer = create_writer
        self._flow = flow
        self._metrics = metrics
        self._events = events
        self._notes: queue.SimpleQueue[Note] = queue.SimpleQueue()
        self._first: Frame | None = None
        self._expected_index = 0
        self._dropped_seen = 0

    def note(self, note: Note) -> None:
        """Write `note` before the next frame, or at the end. Callable from any thread."""
        self._notes.put(note)

    def run(self, stop: threading.Event) -> None:
        """Write frames until `stop`, then what still waits, then the end of the session.

        Raises:
            RecordingError: The session cannot be written; what was committed stays readable.
        """
        self._dropped_seen = self._flow.records.dropped
        writer: SessionWriter | None = None
        try:
            while True:
                posed = self._flow.records.take(stop) or self._flow.records.take_now()
                if posed is None:
                    break
                try:
                    if writer is None:
                        writer = self._begin(posed)
                    self._write(writer, posed)
                except BaseException:
                    self._flow.frame_lost_in_recorder()
                    raise
                self._flow.frame_recorded()
            if writer is not None:
                self._write_notes(writer, self.duration_ns)
        finally:
            self._flow.records.drop_all()
            if writer is not None:
                writer.finalise()
        if writer is not None:
            self._events.saved(str(writer.path))

    def _begin(self, posed: PosedFrame) -> SessionWriter:
        writer = self._create_writer(posed.frame.size)
        self._first = posed.frame
        self._events.started(str(writer.path))
        return writer

    def _write(self, writer: SessionWriter, posed: PosedFrame) -> None:
        assert self._first is not None
        started_ns = monotonic_ns()
        index, time_ns = posed.frame.index - self._first.index, posed.frame.time_ns - self._first.time_ns
        self._write_notes(writer, time_ns)
        frame = replace(posed.frame, index=index, time_ns=time_ns)
        writer.write(frame, posed.poses, index - self._expected_index)
        self._expected_index = index + 1
        self.duration_ns = time_ns
        self.bytes_written = writer.bytes_written
        self._metrics.add_stage("record", monotonic_ns() - started_ns)

    def _write_notes(self, writer: SessionWriter, time_ns: int) -> None:
        dropped = self._flow.records.dropped
        if dropped > self._dropped_seen:
            writer.write_drops(time_ns, dropped - self._dropped_seen, "recorder")
            self._dropped_seen = dropped
        while True:
            try:
                note = self._notes.get_nowait()
            except queue.Empty:
                return
            note(writer, time_ns)
