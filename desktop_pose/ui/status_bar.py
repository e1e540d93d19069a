"""The line at the bottom: camera light, source, budget, people, drops by cause, recording, free disk."""

from pathlib import Path

from PySide6.QtCore import QRectF, QStorageInfo, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStatusBar, QWidget

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import SourceInfo, SourceKind
from desktop_pose.core.places import nearest_existing
from desktop_pose.core.poses import OLD_NS
from desktop_pose.engine.flow import FlowSnapshot
from desktop_pose.engine.state import EngineState, RecordingStatus
from desktop_pose.engine.statistics import Statistics
from desktop_pose.ui.budget import in_short
from desktop_pose.ui.status_words import StatusRow, StatusWords
from desktop_pose.ui.theme import CAMERA_ON, RECORDING, subdued
from desktop_pose.ui.wording import in_bytes, in_minutes

_DISK_INTERVAL_MS = 10_000
_LITTLE_DISK_BYTES = 1_000_000_000

_DROPS_MEANING = (
    "Frames given up since the start because a stage was busy, as the newest always wins, or not decoded to "
    "keep the CPU budget.\n"
    "Bad frames could not be decoded."
)
_TROUBLE_MEANING = (
    "The disk or the processor does not keep up: less is recorded of each picture, then fewer pictures."
)
_BUDGET_MEANING = "What the CPU budget gives up, and why. It is set below the picture."
_PEOPLE_MEANING = (
    "How many people are followed. Between the frames that the model looks at they are carried on; while the "
    "last look is more than a quarter of a second ago, lines are dashed and joints are rings."
)
_NAME_CHARACTERS = 30
"""Of a source's name are shown wherever there is room for anything: names of files may be of any length."""

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
        self.camera = StatusWords()
        self.source = StatusWords(most_characters=_NAME_CHARACTERS)
        self.budget = StatusWords(_BUDGET_MEANING)
        self.people = StatusWords(_PEOPLE_MEANING)
        self.drops = StatusWords(_DROPS_MEANING)
        self.recording_light = Light()
        self.recording = StatusWords()
        self.disk = StatusWords()
        self.row = StatusRow(
            (self.light, self.camera, self.source, self.budget),
            (self.people, self.drops, self.recording_light, self.recording, self.disk),
            # A warning has no shorter form: it stays where the same words without one go.
            giving_way=(
                *(self.disk, self.drops, self.budget, self.recording, self.drops),
                *(
                    self.source,
                    self.budget,
                    self.camera,
                    self.budget,
                    self.recording,
                    self.people,
                    self.people,
                ),
            ),
        )
        self.addWidget(self.row, 1)
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
            self.source.say("Stopped")
            for words in (self.drops, self.people, self.budget):
                words.say("")
        elif state is EngineState.STARTING:
            self.source.say("Starting…")
        elif state is EngineState.RECONNECTING:
            self.source.say("Reconnecting…")
            self.people.say("")
        self._refresh_light()

    def show_source(self, info: SourceInfo) -> None:
        """Show what the source truly delivers."""
        self._info = info
        self._show_source(None)
        self._refresh_light()

    def show_statistics(self, statistics: Statistics) -> None:
        """Show the measured rate and what was dropped."""
        if self._state is EngineState.RUNNING:
            self._show_source(statistics.fps.capture)
            self.people.say(*people_texts(statistics))
        if self._state.is_active:
            self.drops.say(*drops_texts(statistics.flow))
            self.budget.say(*([""] if statistics.budget is None else in_short(statistics.budget)))

    def show_recording(self, status: RecordingStatus) -> None:
        """Show how long and large the recording is."""
        self.recording_light.setVisible(status.is_recording)
        self.recording_light.set_colour(RECORDING if status.is_recording else None)
        time, size = in_minutes(status.duration_s), in_bytes(status.bytes_written)
        forms = [", ".join((time, size, *status.trouble)), ", ".join((time, *status.trouble))]
        meaning = f"\n{_TROUBLE_MEANING}" if status.trouble else ""
        self.recording.say(
            *(forms if status.is_recording else ("Not recording", "")), tip=f"{status.path or ''}{meaning}"
        )

    def show_played(self, words: str) -> None:
        """Say what is played in the place of the source."""
        self.source.say(words)

    def _show_source(self, fps: float | None) -> None:
        if self._info is not None:
            size = f"{self._info.size.width_px}×{self._info.size.height_px}"
            rate = "" if fps is None else f", {fps:.1f}/s"
            kept = f", {size}{rate}"
            self.source.say(f"{self._info.name}{kept}", self._info.name, kept=kept)

    def _refresh_light(self) -> None:
        kind = None if self._info is None else self._info.kind
        is_on = kind in _LIGHT_WORDS and self._state is EngineState.RUNNING
        self.light.set_colour(CAMERA_ON if is_on else None)
        words = _LIGHT_WORDS[kind] if is_on and kind is not None else "Camera off"
        self.camera.say(words, "")
        self.light.setToolTip(words)

    @Slot()
    def _refresh_disk(self) -> None:
        self._disk.refresh()
        free = self._disk.bytesAvailable()
        is_little = 0 <= free < _LITTLE_DISK_BYTES
        words = f"{in_bytes(free)} free" if free >= 0 else ""
        meaning = f"On the disk of the recordings, {self._disk.rootPath()}"
        self.disk.say(*([f"Only {words}"] if is_little else [words, ""]), tip=meaning)


def people_texts(statistics: Statistics) -> tuple[str, ...]:
    """Who is followed and how long ago they were looked at, where that is long; shorter; left out."""
    count, locked_id, age_s = statistics.people, statistics.locked_id, statistics.pose_age_s
    words = {0: "Nobody", 1: "1 person"}.get(count, f"{count} people")
    if locked_id is not None:
        words = f"Locked on {locked_id}"
        if not count:
            return f"{words}, who is out of sight", words
    last = "" if locked_id is None else words  # a lock is never left out
    if not count or age_s <= OLD_NS / NS_PER_S:
        return words, last
    return f"{words}, seen up to {age_s:.1f} s ago", f"{words}, {age_s:.1f} s ago", last


def drops_texts(flow: FlowSnapshot) -> tuple[str, ...]:
    """What was dropped, by cause; all together; left out. Causes without a drop are left out at once."""
    causes = {
        "inference": flow.dropped_inference,
        "render": flow.dropped_render,
        "display": flow.dropped_display,
        "recorder": flow.dropped_recorder,
        "bad": flow.bad,
    }
    parts = [f"{name} {count}" for name, count in causes.items() if count]
    if not parts:
        return "No frames dropped", "", ""
    return f"Dropped: {', '.join(parts)}", f"Dropped: {sum(causes.values())}", ""
