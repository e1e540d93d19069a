"""The dock of the charts. It is up at once; the charts follow when pyqtgraph has been imported."""

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from desktop_pose.core.memory_steps import STEPS, MemoryPart
from desktop_pose.engine.jobs import Job, Progress
from desktop_pose.engine.statistics import Statistics
from desktop_pose.ui.side_dock import SideDock
from desktop_pose.ui.wording import bug_in_words

if TYPE_CHECKING:
    from desktop_pose.ui.chart_saving import StartJob
    from desktop_pose.ui.charts import Charts

_AFTER_PICTURE_MS = 1000
"""Whoever is followed by then needs no detector any more: the memory of the charts takes the place of its."""

_WITHOUT_PICTURE_MS = 2000

MIN_WIDTH_PX = 360
_WIDTH_PX = 460


class _Place(QWidget):
    """Keeps the place of the charts until they are made."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(MIN_WIDTH_PX)

    def sizeHint(self) -> QSize:
        """The width the charts want."""
        return QSize(_WIDTH_PX, 400)


def _import_charts(_progress: Progress) -> None:
    """Import on a thread of its own: there it delays the picture by 15 ms, on the GUI thread by 250 ms."""
    with STEPS.step(MemoryPart.CHARTS):
        importlib.import_module("desktop_pose.ui.charts")


class ChartDock(SideDock):
    """Holds the charts once they are there; before, what is to be shown is forgotten.

    It can be moved and floated, but not closed: what tracking costs is always visible.

    **Signals**
        charts_made(): The charts are there.

    Args:
        parent: The window.
        start_job: Begins the saving of a chart.

    Attributes:
        charts: None until they are made.
    """

    charts_made = Signal()

    def __init__(self, parent: QWidget, start_job: "StartJob") -> None:
        super().__init__("Charts", "charts", parent)
        self._start_job = start_job
        self.charts: Charts | None = None
        self.setWidget(_Place())
        self._job = Job("charts", _import_charts, self)
        self._job.succeeded.connect(self._on_imported)
        self._job.crashed.connect(self._on_crashed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._job.start)

    def load_soon(self) -> None:
        """Make the charts a moment after the first picture, or later where there is none."""
        self._timer.start(_WITHOUT_PICTURE_MS)

    @Slot()
    def load(self) -> None:
        """Make the charts a moment after this: the first picture is on screen."""
        if self._timer.isActive():
            self._timer.start(_AFTER_PICTURE_MS)

    def finish(self) -> None:
        """Make no charts any more; an import that has begun is waited for, as it cannot be broken off."""
        self._timer.stop()
        self._job.thread_.wait()

    @Slot()
    def _on_imported(self) -> None:
        from desktop_pose.ui.charts import Charts

        self.charts = Charts(self._start_job)
        self.charts.setMinimumWidth(MIN_WIDTH_PX)
        self.show_scrolled(self.charts)
        self.charts_made.emit()

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        notice = QLabel(bug_in_words(message, "The charts cannot be shown"))
        notice.setTextFormat(Qt.TextFormat.PlainText)
        notice.setWordWrap(True)
        self.setWidget(notice)

    def add(self, statistics: Statistics) -> None:
        """Take in the figures of a moment."""
        if self.charts is not None:
            self.charts.add(statistics)

    def break_off(self) -> None:
        """The run has ended."""
        if self.charts is not None:
            self.charts.break_off()

    def mark(self, time_s: float, text: str) -> None:
        """Draw a vertical line at this time."""
        if self.charts is not None:
            self.charts.mark(time_s, text)
