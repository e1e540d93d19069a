"""The charts of the dock, one below the other. Import after the window is up; see `chart`."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_pose.engine.statistics import Statistics
from desktop_pose.ui.chart import Chart
from desktop_pose.ui.curves import CHARTS

_SMALL = 0.88
"""Size of the text beside the window's own."""


class Charts(QWidget):
    """All charts over the last minute. Readings are kept while hidden, but nothing is drawn."""

    def __init__(self) -> None:
        super().__init__()
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * _SMALL)
        self.setFont(font)
        self._newest: Statistics | None = None
        self.charts = [Chart(plan, has_time_axis=plan is CHARTS[-1]) for plan in CHARTS]
        self._mark_text = QLabel()
        self._mark_text.setTextFormat(Qt.TextFormat.PlainText)
        self._mark_text.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 4, 4)
        column.setSpacing(4)
        for chart in self.charts:
            column.addWidget(chart, 1)
        column.addWidget(self._mark_text)

    def add(self, statistics: Statistics) -> None:
        """Take in the figures of a moment, and show them if anybody can see it."""
        self._newest = statistics
        for chart in self.charts:
            chart.add(statistics.time_s, chart.plan.values(statistics))
        self._draw()

    def break_off(self) -> None:
        """The run has ended: leave a gap."""
        if self._newest is None:
            return
        for chart in self.charts:
            chart.break_off(self._newest.time_s)

    def mark(self, time_s: float, text: str) -> None:
        """Draw a vertical line at this time in all charts, and say what it means."""
        for chart in self.charts:
            chart.mark(time_s)
        self._mark_text.setText(f"┆ {text}")
        self._mark_text.show()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was not drawn."""
        super().showEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "charts"):
            for chart in self.charts:
                chart.apply_palette()

    def _draw(self) -> None:
        if self._newest is None or not self.isVisible():
            return
        for chart in self.charts:
            chart.draw(self._newest.time_s, chart.plan.values(self._newest))
