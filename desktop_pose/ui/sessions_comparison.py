"""Shows how far two sessions of one video are apart: a number, and a chart over time.

Imports pyqtgraph: not before the window is up. Made once and hidden, as charts are.
"""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from desktop_pose.engine.comparison import Comparison
from desktop_pose.engine.library import Library
from desktop_pose.ui.dialog_buttons import dialog_buttons
from desktop_pose.ui.first_size import first_size
from desktop_pose.ui.job_panel import JobPanel
from desktop_pose.ui.playback_chart import PlaybackChart

_SIZE = QSize(720, 420)
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
        self.resize(first_size(self, _SIZE))
        self._library = library
        self.names = QLabel()
        self.work = JobPanel()
        self.details = QLabel(_MEANING)
        for label in (self.names, self.details):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self.work.message.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self.work.message.setFont(font)
        self.chart = PlaybackChart("Distance", "% of body height", library.start, has_time_axis=True)
        self.buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        self.buttons.rejected.connect(self.reject)
        self.work.succeeded.connect(self._on_compared)
        self.chart.sought.connect(self.chart.show_position)
        column = QVBoxLayout(self)
        column.addWidget(self.names)
        column.addWidget(self.work)
        column.addWidget(self.chart, 1)
        column.addWidget(self.details)
        column.addWidget(self.buttons)

    def open_for(self, reference: Path, other: Path, names: tuple[str, str]) -> None:
        """Compare the session in `other` with that in `reference`, and show both by their names."""
        self.work.forget()
        self.names.setText(f"{names[1]}, compared with {names[0]}")
        self.details.setText(_MEANING)
        self.chart.hide()
        self.work.watch(self._library.compare(reference, other), "Comparing…")
        self.show()
        self.raise_()
        self.activateWindow()

    def reject(self) -> None:
        """Close, and give up what is going on."""
        self.work.forget()
        super().reject()

    @Slot(object)
    def _on_compared(self, comparison: Comparison | None) -> None:
        if comparison is None:
            return
        self.work.say(_in_words(comparison))
        self.details.setText(f"{_MEANING}. {_counts(comparison)}")
        end_s = float(comparison.times_s[-1]) if comparison.times_s.size else 0.0
        self.chart.show_curves(comparison.times_s, {"distance": comparison.distances}, end_s)
        self.chart.show()


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
