"""Shows how far two sessions of one video are apart: a number, and a chart over time.

Imports pyqtgraph: not before the window is up. Made once and hidden, as charts are.
"""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.engine.comparison import Comparison
from desktop_pose.engine.jobs import Job
from desktop_pose.engine.library import Library
from desktop_pose.ui.playback_chart import PlaybackChart
from desktop_pose.ui.wording import bug_in_words

_MEANING = (
    "Mean distance in the picture of the landmarks that the first session sees, in % of the person's height"
)


class ComparisonDialog(QDialog):
    """Two sessions beside each other.

    Args:
        parent: The window of the sessions.
        library: Compares.
    """

    def __init__(self, parent: QWidget, library: Library) -> None:
        super().__init__(parent)
        self.setWindowTitle("Comparison")
        self.resize(720, 420)
        self._library = library
        self._job: Job | None = None
        self.names = QLabel()
        self.verdict = QLabel()
        self.details = QLabel(_MEANING)
        for label in (self.names, self.verdict, self.details):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self.verdict.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self.verdict.setFont(font)
        self.chart = PlaybackChart("Distance", "% of body height", library.start, has_time_axis=True)
        self.progress = QProgressBar()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.rejected.connect(self.reject)
        self.chart.sought.connect(self.chart.show_position)
        column = QVBoxLayout(self)
        for widget in (self.names, self.verdict, self.progress):
            column.addWidget(widget)
        column.addWidget(self.chart, 1)
        column.addWidget(self.details)
        column.addWidget(self.buttons)

    def open_for(self, reference: Path, other: Path, names: tuple[str, str]) -> None:
        """Compare the session in `other` with that in `reference`, and show both by their names."""
        if self._job is not None:
            self._job.cancel()
        self.names.setText(f"{names[1]}, compared with {names[0]}")
        self.verdict.setText("Comparing…")
        self.details.setText(_MEANING)
        self.chart.hide()
        self.progress.setRange(0, 0)
        self.progress.show()
        job = self._job = self._library.compare(reference, other)
        job.progressed.connect(self._on_progressed)
        job.succeeded.connect(self._on_compared)
        job.failed.connect(self._on_failed)
        job.crashed.connect(self._on_crashed)
        self.show()
        self.raise_()
        self.activateWindow()

    def reject(self) -> None:
        """Close, and give up what is going on."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        super().reject()

    @Slot(int, int)
    def _on_progressed(self, done: int, total: int) -> None:
        if self.sender() is self._job:
            self.progress.setRange(0, total)
            self.progress.setValue(done)

    @Slot(object)
    def _on_compared(self, comparison: Comparison | None) -> None:
        if self.sender() is not self._job or comparison is None:
            return
        self._end(_in_words(comparison))
        self.details.setText(f"{_MEANING}. {_counts(comparison)}")
        end_s = float(comparison.times_s[-1]) if comparison.times_s.size else 0.0
        self.chart.show_curves(comparison.times_s, {"distance": comparison.distances}, end_s)
        self.chart.show()

    @Slot(object)
    def _on_failed(self, error: DesktopPoseError) -> None:
        if self.sender() is self._job:
            self._end(str(error))

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        if self.sender() is self._job:
            self._end(bug_in_words(message))

    def _end(self, words: str) -> None:
        self._job = None
        self.progress.hide()
        self.verdict.setText(words)


def _in_words(comparison: Comparison) -> str:
    if comparison.mean is None or comparison.p95 is None:
        return "There is no frame in which both have somebody."
    mean, p95 = comparison.mean, comparison.p95
    return f"{mean:.2f} % of body height apart on average; 95 of 100 frames below {p95:.2f} %"


def _counts(comparison: Comparison) -> str:
    frames = comparison.times_s.size
    alone = (
        f"people in the first alone: {comparison.people_in_reference_only}, "
        f"in the second alone: {comparison.people_in_other_only}"
    )
    return f"Of {frames} frames in both, {comparison.frames_with_both} with somebody in both; {alone}."
