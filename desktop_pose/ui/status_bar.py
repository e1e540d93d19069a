"""The line at the bottom: camera light, source, drops by cause, recording, free disk."""

from pathlib import Path

from PySide6.QtCore import QRectF, QStorageInfo, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from desktop_pose.core.frames import SourceInfo, SourceKind
from desktop_pose.core.places import nearest_existing
from desktop_pose.engine.flow import FlowSnapshot
from desktop_pose.engine.state import EngineState, RecordingStatus
from desktop_pose.engine.statistics import Statistics
from desktop_pose.ui.budget import in_short
from desktop_pose.ui.elided_label import ElidedLabel
from desktop_pose.ui.theme import CAMERA_ON, RECORDING, subdued
from desktop_pose.ui.wording import in_bytes, in_minutes

_DISK_INTERVAL_MS = 10_000
_LITTLE_DISK_BYTES = 1_000_000_000

_DROPS_MEANING = (
    "Frames given up since the start because a stage was busy: the newest always wins.\n"
    "Bad frames could not be decoded."
)
_TROUBLE_MEANING = (
    "The disk or the processor does not keep up: less is recorded of each picture, then fewer pictures."
)
_BUDGET_MEANING = "What the CPU budget gives up, and why. It is set below the picture."
_LIGHT_WORDS = {SourceKind.CAMERA: "Camera in use", SourceKind.STREAM: "Stream open"}


class Light(QWidget):
    """A round lamp."""

    def __init__(self) -> None:
        super().__init__()
        self._colour: QColor | None = None
        self.setFixedSize(12, 12)

    def set_colour(self, colour: QColor | None) -> None:
        """Shine in `colour`; None: off."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  # Qt's
        """Paint the lamp."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(subdued(self.palette()), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush if self._colour is None else self._colour)
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()


class StatusBar(QStatusBar):
    """What the engine is doing, in one line."""

    def __init__(self, sessions_dir: Path) -> None:
        super().__init__()
        self._disk = QStorageInfo(str(nearest_existing(sessions_dir)))
        self._info: SourceInfo | None = None
        self._state = EngineState.STOPPED
        self.light = Light()
        self.camera = QLabel()
        self.source = ElidedLabel()
        self.budget = ElidedLabel(_BUDGET_MEANING)
        self.people = QLabel()
        self.drops = ElidedLabel(_DROPS_MEANING)
        self.recording_light = Light()
        self.recording = QLabel()
        self.disk = QLabel()
        for label in (self.camera, self.people, self.recording, self.disk):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.addWidget(_row(self.light, self.camera))
        self.addWidget(self.source, 2)
        self.addWidget(self.budget, 3)
        self.addPermanentWidget(self.people)
        self.addPermanentWidget(self.drops)
        self.addPermanentWidget(_row(self.recording_light, self.recording))
        self.addPermanentWidget(self.disk)
        timer = QTimer(self)
        timer.timeout.connect(self._refresh_disk)
        timer.start(_DISK_INTERVAL_MS)
        self.show_state(EngineState.STOPPED)
        self.show_recording(RecordingStatus())
        self._refresh_disk()

    def show_state(self, state: EngineState) -> None:
        """Show what the engine is doing."""
        self._state = state
        if state is EngineState.STOPPED:
            self._info = None
            self.source.setText("Stopped")
            self.drops.setText("")
            self.people.setText("")
            self.budget.setText("")
        elif state is EngineState.STARTING:
            self.source.setText("Starting…")
        elif state is EngineState.RECONNECTING:
            self.source.setText("Reconnecting…")
        self._refresh_light()

    def show_source(self, info: SourceInfo) -> None:
        """Show what the source truly delivers."""
        self._info = info
        self.source.setText(self._source_text(None))
        self._refresh_light()

    def show_statistics(self, statistics: Statistics) -> None:
        """Show the measured rate and what was dropped."""
        if self._state is EngineState.RUNNING:
            self.source.setText(self._source_text(statistics.fps.capture))
        if self._state.is_active:
            self.drops.setText(drops_text(statistics.flow))
            self.people.setText(people_text(statistics.people, statistics.locked_id))
            self.budget.setText("" if statistics.budget is None else in_short(statistics.budget))

    def show_recording(self, status: RecordingStatus) -> None:
        """Show how long and large the recording is."""
        self.recording_light.setVisible(status.is_recording)
        self.recording_light.set_colour(RECORDING if status.is_recording else None)
        self.recording.setText(
            ", ".join((in_minutes(status.duration_s), in_bytes(status.bytes_written), *status.trouble))
            if status.is_recording
            else "Not recording"
        )
        meaning = f"\n{_TROUBLE_MEANING}" if status.trouble else ""
        self.recording.setToolTip(f"{status.path or ''}{meaning}")

    def _source_text(self, fps: float | None) -> str:
        if self._info is None:
            return ""
        size = f"{self._info.size.width_px}×{self._info.size.height_px}"
        rate = "" if fps is None else f", {fps:.1f}/s"
        return f"{self._info.name}, {size}{rate}"

    def _refresh_light(self) -> None:
        kind = None if self._info is None else self._info.kind
        is_on = kind in _LIGHT_WORDS and self._state is EngineState.RUNNING
        self.light.set_colour(CAMERA_ON if is_on else None)
        self.camera.setText(_LIGHT_WORDS[kind] if is_on and kind is not None else "Camera off")

    @Slot()
    def _refresh_disk(self) -> None:
        self._disk.refresh()
        free = self._disk.bytesAvailable()
        is_little = 0 <= free < _LITTLE_DISK_BYTES
        self.disk.setText(f"{'Only ' if is_little else ''}{in_bytes(free)} free" if free >= 0 else "")
        self.disk.setToolTip(f"On the disk of the recordings, {self._disk.rootPath()}")


def people_text(count: int, locked_id: int | None) -> str:
    """How many people are followed, and who alone because of the lock."""
    if locked_id is not None:
        return f"Locked on {locked_id}" if count else f"Locked on {locked_id}, who is out of sight"
    return {0: "Nobody", 1: "1 person"}.get(count, f"{count} people")


def drops_text(flow: FlowSnapshot) -> str:
    """What was dropped, by cause; causes without a drop are left out."""
    causes = {
        "inference": flow.dropped_inference,
        "render": flow.dropped_render,
        "display": flow.dropped_display,
        "recorder": flow.dropped_recorder,
        "bad": flow.bad,
    }
    parts = [f"{name} {count}" for name, count in causes.items() if count]
    return f"Dropped: {', '.join(parts)}" if parts else "No frames dropped"


def _row(*widgets: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(4, 0, 4, 0)
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget)
    return box
