"""One chart with its legend.

Importing this imports pyqtgraph, which costs 0.4 s and 35 MB: not before the window is up. Made once and
hidden, never destroyed and made again: pyqtgraph leaks 2 MB each time. No grid, thin pens, fixed ranges: with
automatic ones four charts would cost a multiple.
"""

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_pose.ui.curves import ChartPlan, Values
from desktop_pose.ui.history import SPAN_S, History, nice_top
from desktop_pose.ui.theme import CURVES, subdued
from desktop_pose.ui.wording import in_number

_AXIS_WIDTH_PX = 34
_LEGEND_WIDTH_PX = 232
_LEGEND_COLUMNS = 2
_SWATCH = QSize(10, 3)
_MOST_MARKS = 6
_ANYWHERE = QRectF(-SPAN_S, 0, SPAN_S, 1e5)
_TIME_TICKS = [[(-60, ""), (-50, "−50 s"), (-30, "−30 s"), (-10, "−10 s"), (0, "")]]


class _Line(pyqtgraph.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A curve that does not search its values for its bounds, which costs a third of each update."""

    def boundingRect(self) -> QRectF:  # noqa: N802  # Qt's
        """Everything any chart may show."""
        return _ANYWHERE


class Chart(QWidget):
    """Curves over the last minute, and beside them their names and present values."""

    _is_made = False

    def __init__(self, plan: ChartPlan, *, has_time_axis: bool) -> None:
        super().__init__()
        self.plan = plan
        self._history = History(tuple(curve.name for curve in plan.curves))
        self._top = 0.0
        self._marks_s: list[float] = []
        self.setMinimumHeight(84)
        self._plot = _empty_plot(has_time_axis=has_time_axis)
        self._lines = {curve.name: _Line(connect="finite", antialias=True) for curve in plan.curves}
        for line in self._lines.values():
            self._plot.addItem(line, ignoreBounds=True)
        self._mark_lines = [pyqtgraph.InfiniteLine(angle=90) for _ in range(_MOST_MARKS)]
        for line in self._mark_lines:
            line.hide()
            self._plot.addItem(line, ignoreBounds=True)
        self._swatches = {curve.name: QFrame() for curve in plan.curves}
        self.numbers = {curve.name: QLabel("–") for curve in plan.curves}
        self._lay_out()
        self._show_top(plan.lowest_top)
        self._apply_palette()
        self._is_made = True

    def add(self, time_s: float, values: Values) -> None:
        """Take in one reading; nothing is drawn."""
        self._history.append(time_s, values)

    def break_off(self, time_s: float) -> None:
        """The run has ended: leave a gap, and forget the numbers."""
        self._history.break_off(time_s)
        for label in self.numbers.values():
            label.setText("–")

    def mark(self, time_s: float) -> None:
        """Draw a vertical line at this time from now on."""
        self._marks_s = [*self._marks_s, time_s][-_MOST_MARKS:]

    def draw(self, now_s: float, values: Values) -> None:
        """Show the last minute before `now_s`, and `values` as numbers."""
        highest = self._history.highest(now_s)
        self._show_top(nice_top(highest, self._top, self.plan.lowest_top))
        ages_s = self._history.ages_s(now_s)
        for name, line in self._lines.items():
            curve = self._history.curve(name, now_s)
            is_known = bool(np.isfinite(curve).any())
            line.setVisible(is_known)
            if is_known:
                line.setData(ages_s, curve)
            self.numbers[name].setText(in_number(values.get(name)))
        for number, mark_line in enumerate(self._mark_lines):
            age_s = self._marks_s[number] - now_s if number < len(self._marks_s) else -2 * SPAN_S
            mark_line.setVisible(age_s >= -SPAN_S)
            mark_line.setValue(age_s)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._is_made:
            self._apply_palette()

    def _apply_palette(self) -> None:
        palette = self.palette()
        weak = subdued(palette)
        self._plot.setBackground(palette.color(QPalette.ColorRole.Base))
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(pyqtgraph.mkPen(weak, width=1))
            axis.setTextPen(weak)
        for line in self._mark_lines:
            line.setPen(pyqtgraph.mkPen(palette.text().color(), width=1, style=Qt.PenStyle.DashLine))
        for number, curve in enumerate(self.plan.curves):
            colour = palette.text().color() if number == 0 else QColor(CURVES[number - 1])
            self._lines[curve.name].setPen(pyqtgraph.mkPen(colour, width=1))
            self._swatches[curve.name].setStyleSheet(f"background: {colour.name()};")

    def _show_top(self, top: float) -> None:
        if top == self._top:
            return
        self._top = top
        self._plot.setYRange(0, top * 1.04, padding=0)
        self._plot.getAxis("left").setTicks([[(at, f"{at:g}") for at in (0, top / 2, top)]])

    def _lay_out(self) -> None:
        title = QLabel(f"<b>{self.plan.title}</b>, {self.plan.unit}")
        body = QHBoxLayout()
        body.setSpacing(8)
        body.addWidget(self._plot, 1)
        body.addWidget(self._legend())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(title)
        column.addLayout(body, 1)

    def _legend(self) -> QWidget:
        legend = QWidget()
        legend.setFixedWidth(_LEGEND_WIDTH_PX)
        grid = QGridLayout(legend)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(0)
        number_width_px = self.fontMetrics().horizontalAdvance("888.8")
        for number, curve in enumerate(self.plan.curves):
            row, column = divmod(number, _LEGEND_COLUMNS)
            swatch, value = self._swatches[curve.name], self.numbers[curve.name]
            swatch.setFixedSize(_SWATCH)
            name = QLabel(curve.name)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            for offset, widget in enumerate((swatch, name, value)):
                widget.setToolTip(curve.meaning)
                widget.setAccessibleName(curve.name)
                grid.addWidget(widget, row, 4 * column + offset)
        for column in range(_LEGEND_COLUMNS):
            grid.setColumnMinimumWidth(4 * column, _SWATCH.width())
            grid.setColumnMinimumWidth(4 * column + 2, number_width_px)
            grid.setColumnStretch(4 * column + 1, 1)
            grid.setColumnMinimumWidth(4 * column + 3, 4)
        grid.setRowStretch(grid.rowCount(), 1)
        return legend


def _empty_plot(*, has_time_axis: bool) -> pyqtgraph.PlotWidget:
    plot = pyqtgraph.PlotWidget()
    item = plot.getPlotItem()
    item.setMenuEnabled(False)
    item.setMouseEnabled(False, False)
    item.hideButtons()
    item.disableAutoRange()
    item.setContentsMargins(0, 2, 6, 0)
    plot.setXRange(-SPAN_S, 0, padding=0)
    plot.getAxis("left").setWidth(_AXIS_WIDTH_PX)
    bottom = plot.getAxis("bottom")
    bottom.setTicks(_TIME_TICKS if has_time_axis else [[]])
    if not has_time_axis:
        bottom.setHeight(4)
    bottom.setStyle(hideOverlappingLabels=False, autoReduceTextSpace=False)
    plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setFrameShape(QFrame.Shape.NoFrame)
    return plot
