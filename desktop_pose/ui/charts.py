"""The charts of the dock, one below the other. Import after the window is up; see `chart`."""

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_pose.core.memory_steps import STEPS, MemoryPart
from desktop_pose.engine.statistics import Statistics
from desktop_pose.ui.chart import Chart
from desktop_pose.ui.chart_saving import StartJob
from desktop_pose.ui.curves import CHARTS
from desktop_pose.ui.history import SPAN_S
from desktop_pose.ui.seen import can_be_seen

_SMALL = 0.88
"""Size of the text beside the window's own."""

_STEP_MS = 60
"""Pause between one chart and the next, in making as in drawing: all at once would hold up a picture."""

_BESIDES_PX = 24
"""Margins and gaps."""

_MARGIN_PX = 8
_STRETCHES = {"CPU": 5, "Memory": 3, "Rate": 4, "Latency": 6}


class Charts(QWidget):
    """All charts over the last minute. Readings are kept while hidden, but nothing is drawn.

    Args:
        start_job: Begins the saving of a chart.
    """

    def __init__(self, start_job: StartJob) -> None:
        super().__init__()
        self._start_job = start_job
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * _SMALL)
        self.setFont(font)
        self._newest: Statistics | None = None
        self._has_ended = False
        self._marked_s = 0.0
        self._next_drawn = 0
        self.charts: list[Chart] = []
        self.mark_text = QLabel()
        self.mark_text.setTextFormat(Qt.TextFormat.PlainText)
        self.mark_text.setWordWrap(True)
        self.mark_text.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_MARGIN_PX, 4, 4, 4)
        self._column.setSpacing(4)
        self._column.addWidget(self.mark_text)
        self._make_timer = QTimer(self)
        self._make_timer.timeout.connect(self._make_next)
        self._make_timer.start(_STEP_MS)
        self._draw_timer = QTimer(self)
        self._draw_timer.timeout.connect(self._draw_next)
        self._draw_timer.setInterval(_STEP_MS)

    @property
    def is_complete(self) -> bool:
        """Whether all charts are made."""
        return len(self.charts) == len(CHARTS)

    def sizeHint(self) -> QSize:
        """Room for the legends and readable plots."""
        return QSize(460, 560)

    def add(self, statistics: Statistics) -> None:
        """Take in the figures of a moment, and show them soon if anybody can see it."""
        self._newest, self._has_ended = statistics, False
        if statistics.time_s - self._marked_s > SPAN_S:
            self.mark_text.hide()
        for chart in self.charts:
            chart.add(statistics.time_s, chart.plan.values(statistics))
        if can_be_seen(self):
            self._draw_all_soon()

    def break_off(self) -> None:
        """The run has ended: leave a gap."""
        if self._newest is None:
            return
        self._has_ended = True
        self._draw_timer.stop()
        for chart in self.charts:
            chart.break_off(self._newest.time_s)

    def mark(self, time_s: float, text: str) -> None:
        """Draw a vertical line at this time in all charts, and say what it means."""
        for chart in self.charts:
            chart.mark(time_s)
        self._marked_s = time_s
        self.mark_text.setText(f"┆ {text}")
        self.mark_text.show()
        self._arrange_legends()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the legends the columns that fit."""
        super().resizeEvent(event)
        self._arrange_legends()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was not drawn."""
        super().showEvent(event)
        self._draw_all_soon()

    @Slot()
    def _make_next(self) -> None:
        plan = CHARTS[len(self.charts)]
        making = STEPS.begin(MemoryPart.CHARTS)
        chart = Chart(plan, self._start_job, has_time_axis=plan is CHARTS[-1])
        self._column.insertWidget(len(self.charts), chart, _STRETCHES[plan.title])
        chart.setMinimumHeight(chart.height_px(2))  # now that it has the font of the charts
        making.end()
        self.charts.append(chart)
        self._arrange_legends()
        if self.is_complete:
            self._make_timer.stop()

    def _arrange_legends(self) -> None:
        """All charts alike, so that their times stay one below the other."""
        line_px = self.mark_text.fontMetrics().lineSpacing()
        # There is room for one line at any time, so that the legends seldom change their columns.
        words_px = max(line_px, self.mark_text.heightForWidth(self.width() - 2 * _MARGIN_PX))
        share_px = (self.height() - _BESIDES_PX - words_px) / sum(_STRETCHES.values())
        are_tall = all(chart.height_px(1) <= share_px * _STRETCHES[chart.plan.title] for chart in self.charts)
        for chart in self.charts:
            chart.set_legend_columns(1 if are_tall else 2)

    def _draw_all_soon(self) -> None:
        if self._newest is not None and self.isVisible() and not self._draw_timer.isActive():
            self._next_drawn = 0
            self._draw_timer.start()

    @Slot()
    def _draw_next(self) -> None:
        if self._newest is None or self._next_drawn >= len(self.charts) or not self.isVisible():
            self._draw_timer.stop()
            return
        chart = self.charts[self._next_drawn]
        chart.draw(self._newest.time_s, {} if self._has_ended else chart.plan.values(self._newest))
        self._next_drawn += 1
