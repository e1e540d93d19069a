"""The controls of a playback, in the place of the live ones."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.engine.playback import FASTEST, SLOWEST
from desktop_pose.engine.playback_frames import SessionSummary
from desktop_pose.engine.stages.playback import PlaybackStatus
from desktop_pose.ui.actions import ENTRIES, Command
from desktop_pose.ui.icons import icon
from desktop_pose.ui.playback_scrub import ScrubBar

SPEEDS = (SLOWEST, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, FASTEST)


class PlaybackBar(QWidget):
    """Two rows: the time, and the buttons.

    **Signals**
        speed_chosen(float): Times the speed of life.
        raw_chosen(bool): Whether landmarks from before smoothing are to be shown.
    """

    speed_chosen = Signal(float)
    raw_chosen = Signal(bool)

    _is_made = False

    def __init__(self) -> None:
        super().__init__()
        self._is_playing = False
        self._last_ns = 0
        self.scrub = ScrubBar()
        self.time = QLabel()
        self.time.setTextFormat(Qt.TextFormat.PlainText)
        self.play = _button("Pause", Command.START_STOP)
        self.play.setToolTip("Play or pause (Space)")
        self.back = _button("", Command.FRAME_BACK)
        self.on = _button("", Command.FRAME_ON)
        self.snapshot = _button("", Command.SNAPSHOT)
        self.export = _button("Export…", Command.EXPORT)
        self.sessions = _button("Sessions…", Command.SESSIONS)
        self.live = _button("Live", Command.LIVE)
        self.speed = _choice("Speed", [(f"{speed:g}×", speed) for speed in SPEEDS])
        self.smoothing = _choice("Landmarks", [("smoothed", False), ("unsmoothed", True)])
        self.smoothing.setToolTip("Landmarks as tracked, or as the model gave them before smoothing")
        self.play.setMinimumWidth(self.play.sizeHint().width())
        self._lay_out()
        self._refresh_icons()
        self.speed.activated.connect(lambda _index: self.speed_chosen.emit(self.speed.currentData()))
        self.smoothing.activated.connect(lambda _index: self.raw_chosen.emit(self.smoothing.currentData()))
        self._is_made = True
        self.show_status(PlaybackStatus())

    def show_session(self, summary: SessionSummary) -> None:
        """Show a session from its beginning, at the speed of life."""
        self._last_ns = summary.last_ns
        self.scrub.show_session(summary.last_ns, summary.marks)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.smoothing.setCurrentIndex(0)
        self.show_status(PlaybackStatus())

    def show_status(self, status: PlaybackStatus) -> None:
        """Show where the playback is."""
        self.scrub.show_position(status.position_ns)
        frame = "" if status.frame is None else f"   frame {status.frame}"
        self.time.setText(f"{in_tenths(status.position_ns)} / {in_tenths(self._last_ns)}{frame}")
        if status.is_playing != self._is_playing:
            self._is_playing = status.is_playing
            self._refresh_icons()

    def choose_speed(self, step: int) -> None:
        """Take the next speed, or the one before; the user wants it so."""
        index = min(max(self.speed.currentIndex() + step, 0), len(SPEEDS) - 1)
        self.speed.setCurrentIndex(index)
        self.speed_chosen.emit(SPEEDS[index])

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._is_made:
            self._refresh_icons()

    def _refresh_icons(self) -> None:
        ink = self.palette().buttonText().color()
        self.play.setText("Pause" if self._is_playing else "Play")
        self.play.setIcon(icon("pause" if self._is_playing else "start", ink))
        self.back.setIcon(icon("frame-back", ink))
        self.on.setIcon(icon("frame-on", ink))
        self.snapshot.setIcon(icon("snapshot", ink))
        self.export.setIcon(icon("export", ink))

    def _lay_out(self) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.addWidget(self.scrub, 1)
        upper.addWidget(self.time)
        for widget in (self.play, self.back, self.on, self.speed, self.smoothing):
            lower.addWidget(widget)
        lower.addStretch(1)
        for widget in (self.snapshot, self.export, self.sessions, self.live):
            lower.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        for row in (upper, lower):
            row.setSpacing(8)
            column.addLayout(row)


def in_tenths(time_ns: int) -> str:
    """A time as minutes, seconds and tenths, with hours where there are any."""
    tenths = time_ns * 10 // NS_PER_S
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 10:02}.{rest % 10}"
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"


def _button(text: str, command: Command) -> QPushButton:
    button = QPushButton(text)
    entry = ENTRIES[command]
    button.setToolTip(f"{entry.plain_text} ({entry.keys[0]})")
    button.setAccessibleName(text or entry.plain_text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setIconSize(QSize(16, 16))
    button.setIcon(icon("stop", QColor(0, 0, 0)) if text == "Pause" else button.icon())
    return button


def _choice(name: str, choices: list[tuple[str, object]]) -> QComboBox:
    box = QComboBox()
    for text, value in choices:
        box.addItem(text, value)
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return box
