"""Starts and ends recordings: one thread each, from the button to the finalised session.

What writes a session is imported with the first one: the start has no time for it.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop_pose.core.clock import monotonic_ns
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import RecordingKind, Settings, as_public_record
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.state import RecordingStatus
from desktop_pose.engine.statistics import Statistics
from desktop_pose.engine.threads import StageThread

if TYPE_CHECKING:
    from desktop_pose.engine.stages.record import RecordingCondition, RecordStage
    from desktop_pose.recording.writer import SessionWriter


def _write_setting(key: str, value: str | int | bool | None, writer: "SessionWriter", time_ns: int) -> None:
    writer.write_setting(time_ns, key, value)


def _trouble(condition: "RecordingCondition") -> tuple[str, ...]:
    words = []
    if condition.reduced_to is not None:
        words.append(condition.reduced_to)
    if condition.pictures_lost:
        words.append(f"{condition.pictures_lost} without picture")
    if condition.frames_lost:
        words.append(f"{condition.frames_lost} lost")
    return tuple(words)


class Recorder(QObject):
    """Owns the recording thread.

    **Signals**:
        changed(RecordingStatus): Started, ended, or grown.
        saved(str): A session is complete; its folder.
        failed(DesktopPoseError): The recording, or its video, ended early; what was committed is kept.
        noticed(DesktopPoseError): The recording goes on, but has trouble.
        crashed(str): A bug.

    Attributes:
        last_session: Folder of the session begun last, this one or one before; None before the first.
    """

    changed = Signal(object)
    saved = Signal(str)
    failed = Signal(object)
    noticed = Signal(object)
    crashed = Signal(str)
    _started = Signal(str)

    def __init__(
        self, flow: FrameFlow, metrics: Metrics, name_thread: Callable[[int, str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.last_session: str | None = None
        self._flow = flow
        self._metrics = metrics
        self._name_thread = name_thread
        self._kind: RecordingKind | None = None
        self._stage: RecordStage | None = None
        self._thread: StageThread | None = None
        self._path: str | None = None
        self._is_taking = False
        self._marks = 0
        self._started.connect(self._on_started)

    @property
    def status(self) -> RecordingStatus:
        """The recording being made."""
        if self._kind is None or self._stage is None:
            return RecordingStatus()
        condition = self._stage.condition
        return RecordingStatus(
            self._kind, self._path, condition.duration_s, condition.bytes_written, _trouble(condition)
        )

    def is_taking_frames(self) -> bool:
        """Whether posed frames are wanted. Callable from any thread."""
        return self._is_taking

    def start(self, kind: RecordingKind, create_writer: "Callable[[Size], SessionWriter]") -> None:
        """Begin a recording, unless one is being made or finalised."""
        from desktop_pose.engine.overlay import OverlayPainter
        from desktop_pose.engine.stages.record import RecordEvents, RecordStage

        if self._thread is not None:
            return
        self._flow.records.drop_all()
        self._flow.records.keeps_pictures = kind.has_video
        self._kind = kind
        self._marks = 0
        self._stage = RecordStage(
            create_writer,
            self._flow,
            self._metrics,
            RecordEvents(self._started.emit, self.saved.emit, self.noticed.emit),
            OverlayPainter() if kind is RecordingKind.OVERLAY else None,
        )
        self._thread = StageThread(self._stage, self)
        self._thread.started_as.connect(self._name_thread, Qt.ConnectionType.DirectConnection)
        self._thread.failed.connect(self.failed)
        self._thread.crashed.connect(self.crashed)
        self._thread.finished.connect(self._on_finished)
        self._thread.start()
        self._is_taking = True
        self.changed.emit(self.status)

    def stop(self) -> None:
        """Take no more frames; what waits is written and the session finalised."""
        self._take_no_more()
        if self._thread is not None:
            self._thread.stop_event.set()
            self._flow.wake()

    def wait(self, deadline_ns: int) -> bool:
        """Whether no recording is being written any more, waiting until `deadline_ns`."""
        return self._thread is None or self._thread.wait_until(deadline_ns)

    def mark(self) -> int | None:
        """Mark this moment in the session; the number of the mark, None where nothing is being recorded."""
        stage, at_ns = self._stage, monotonic_ns()
        if stage is None:
            return None
        self._marks += 1
        number = self._marks
        stage.note(lambda writer, _: writer.write_mark(number, stage.time_at(at_ns), ""))
        return number

    def describe_mark(self, number: int, note: str) -> bool:
        """Whether the mark `number` of the recording being made gets this note."""
        if self._stage is None or number > self._marks:
            return False
        self._stage.note(lambda writer, time_ns: writer.write_mark(number, time_ns, note))
        return True

    def note_change(self, before: Settings, after: Settings) -> None:
        """Store in the session which settings changed."""
        if self._stage is None:
            return
        old, new = as_public_record(before), as_public_record(after)
        for key, value in new.items():
            if value != old[key]:
                self._stage.note(partial(_write_setting, key, value))

    @Slot(object)
    def note_statistics(self, statistics: Statistics) -> None:
        """Store in the session what it costs, and tell the window how far it is."""
        cpu = statistics.cpu
        if self._stage is None or cpu is None:
            return
        self._stage.note(
            lambda writer, time_ns: writer.write_resources(
                time_ns, cpu.process_percent, statistics.rss_mb, cpu.threads_percent
            )
        )
        self.changed.emit(self.status)

    @Slot(str)
    def _on_started(self, path: str) -> None:
        self._path = self.last_session = path
        self.changed.emit(self.status)

    def _take_no_more(self) -> None:
        with self._flow.lock:  # no frame is being sent meanwhile
            self._is_taking = False

    @Slot()
    def _on_finished(self) -> None:
        self._take_no_more()
        self._flow.records.drop_all()  # sent after a recording that ended by itself
        if self._thread is not None:
            self._thread.deleteLater()
        self._thread = self._stage = self._kind = self._path = None
        self.changed.emit(self.status)
