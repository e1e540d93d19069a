"""The charts of a playback, one below the other, and the choice of what they show."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.topology import ANGLE_NAMES, LANDMARK_NAMES
from desktop_pose.engine.jobs import Job
from desktop_pose.engine.library import Library
from desktop_pose.engine.playback_series import AXES, SessionCurves
from desktop_pose.ui.multiple_choice import MultipleChoice
from desktop_pose.ui.playback_chart import MOST_CURVES, PlaybackChart
from desktop_pose.ui.wording import bug_in_words

_FIRST_ANGLES = ("left_knee_flexion", "right_knee_flexion")
_FIRST_LANDMARKS = ("left_wrist y", "right_wrist y")
_SMALL = 0.88


class PlaybackCharts(QWidget):
    """Angles, landmarks, processor and memory over the session.

    **Signals**
        sought(int): The user wants to go to this time, in nanoseconds.
    """

    sought = Signal(object)

    def __init__(self, library: Library) -> None:
        super().__init__()
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * _SMALL)
        self.setFont(font)
        self._library = library
        self._session: Path | None = None
        self._end_s = 0.0
        self._job: Job | None = None
        self._curves: SessionCurves | None = None
        self._position_ns = 0
        self.angles = PlaybackChart("Joint angles", "degrees", library.start)
        self.landmarks = PlaybackChart("Landmarks", "pixels", library.start)
        self.cpu = PlaybackChart("CPU", "% of one core", library.start)
        self.memory = PlaybackChart("Memory", "MB", library.start, has_time_axis=True)
        self.person = QComboBox()
        self.person.setAccessibleName("Person")
        self.person.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.angle_choice = MultipleChoice("Angles", {"": ANGLE_NAMES}, _FIRST_ANGLES, MOST_CURVES)
        groups = {axis: tuple(f"{name} {axis}" for name in LANDMARK_NAMES) for axis in AXES}
        self.landmark_choice = MultipleChoice("Landmarks", groups, _FIRST_LANDMARKS, MOST_CURVES)
        for choice in (self.angle_choice, self.landmark_choice):
            choice.changed.connect(self._show)
        self.person.activated.connect(lambda _index: self._read(self.person.currentData()))
        for chart in self.charts:
            chart.sought.connect(lambda seconds: self.sought.emit(round(seconds * NS_PER_S)))
        for chart in self.charts[1:]:
            chart.plot.setXLink(self.charts[0].plot)
        self._lay_out()

    @property
    def charts(self) -> tuple[PlaybackChart, ...]:
        """From the top down."""
        return (self.angles, self.landmarks, self.cpu, self.memory)

    def sizeHint(self) -> QSize:
        """As wide as the live charts."""
        return QSize(460, 560)

    def show_session(self, session: Path, last_ns: int) -> None:
        """Read the curves of a session and show them."""
        self.forget_session()
        self._session, self._end_s = session, last_ns / NS_PER_S
        self._read(None)

    def forget_session(self) -> None:
        """Show nothing, and keep nothing."""
        if self._job is not None:
            self._job.cancel()
        self._session = self._job = self._curves = None
        self._say("")

    def show_position(self, position_ns: int) -> None:
        """Show where the playback is."""
        self._position_ns = position_ns
        if self.isVisible():
            for chart in self.charts:
                chart.show_position(position_ns / NS_PER_S)

    def _read(self, person: int | None) -> None:
        if self._session is None:
            return
        if self._job is not None:
            self._job.cancel()
        self._say("Reading the curves…")
        self._job = self._library.read_curves(self._session, person)
        self._job.succeeded.connect(self._on_read)
        self._job.failed.connect(self._on_failed)
        self._job.crashed.connect(self._on_crashed)

    @Slot(object)
    def _on_read(self, curves: SessionCurves | None) -> None:
        if self.sender() is not self._job or curves is None:
            return
        self._job = None
        self._curves = curves
        self.person.clear()
        for person in curves.people:
            self.person.addItem(f"Person {person}", person)
        self.person.setCurrentIndex(self.person.findData(curves.person))
        self.person.setVisible(len(curves.people) > 1)
        self._say("" if curves.people else "Nobody is in this session.")
        self._show()

    @Slot(object)
    def _on_failed(self, error: DesktopPoseError) -> None:
        if self.sender() is self._job:
            self._job = None
            self._say(str(error))

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        self._say(bug_in_words(message, "The charts cannot be shown"))

    @Slot()
    def _show(self) -> None:
        curves = self._curves
        if curves is None:
            return
        angles = {name: curves.angles[name] for name in self.angle_choice.chosen}
        landmarks = {name: curves.landmarks[name] for name in self.landmark_choice.chosen}
        self.angles.show_curves(curves.times_s, angles, self._end_s)
        self.landmarks.show_curves(curves.times_s, landmarks, self._end_s)
        self.cpu.show_curves(curves.cost_times_s, {"process": curves.cpu_percent}, self._end_s)
        self.memory.show_curves(curves.cost_times_s, {"resident": curves.memory_mb}, self._end_s)
        self.show_position(self._position_ns)

    def _say(self, words: str) -> None:
        self.message.setText(words)
        self.message.setVisible(bool(words))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for widget in (self.angle_choice, self.landmark_choice, self.person):
            row.addWidget(widget)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 4, 4)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.message)
        for chart, stretch in zip(self.charts, (4, 4, 3, 3), strict=True):
            column.addWidget(chart, stretch)
