"""One chart with its legend.

Importing this imports pyqtgraph, which costs 0.4 s and 35 MB: not before the window is up. Made once and
hidden, never destroyed and made again: pyqtgraph leaks 2 MB each time. No grid, thin pens, fixed ranges: with
automatic ones four charts would cost a multiple.
"""

import pyqtgraph
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_pose.ui.chart_saving import ChartNumbers, ChartSaver, StartJob, titled
from desktop_pose.ui.curves import ChartPlan, Values
from desktop_pose.ui.history import SPAN_S, History, nice_top
from desktop_pose.ui.legend import Legend
from desktop_pose.ui.theme import subdued

_AXIS_WIDTH_PX = 34
_LEAST_HEIGHT_PX = 70
_BARE_AXIS_PX = 4
_MOST_MARKS = 6
_ON_THE_AXIS = 0.01
"""A curve that never rises above this part of the axis lies on it: drawing it costs and shows nothing."""

_ANYWHERE = QRectF(-SPAN_S, 0, SPAN_S, 1e5)
_TIME_TICKS = [[(-60, ""), (-50, "−50 s"), (-30, "−30 s"), (-10, "−10 s"), (0, "")]]
_FEW_TIME_TICKS = [[(-60, ""), (-30, "−30 s"), (0, "")]]
_NARROW_PX = 170


def colour_plot(plot: pyqtgraph.PlotWidget, palette: QPalette) -> None:
    """Give ground and axes of a chart the system's colours."""
    weak = subdued(palette)
    plot.setBackground(palette.color(QPalette.ColorRole.Base))
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(pyqtgraph.mkPen(weak, width=1))
        axis.setTextPen(weak)


class _Line(pyqtgraph.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A curve that does not search its values for its bounds, which costs a third of each update."""

    def boundingRect(self) -> QRectF:  # noqa: N802  # Qt's
        """Everything any chart may show."""
        return _ANYWHERE


class Chart(QWidget):
    """Curves over the last minute, and beside them their names and present values."""

    _is_made = False

    def __init__(self, plan: ChartPlan, start_job: StartJob, *, has_time_axis: bool) -> None:
        super().__init__()
        self.plan = plan
        self._history = History(tuple(curve.name for curve in plan.curves))
        self._top = 0.0
        self._marks_s: list[float] = []
        self._legend = Legend(plan.curves)
        self._title = QLabel(f"<b>{plan.title}</b>, {plan.unit}")
        self._has_time_axis = has_time_axis
        self._plot = _empty_plot(has_time_axis=has_time_axis)
        self.saver = ChartSaver(self, self._plot, plan.title, self._numbers, start_job, self._on_saved_or_not)
        self._lines = {curve.name: _Line(connect="finite", antialias=True) for curve in plan.curves}
        for number, line in enumerate(self._lines.values()):
            line.setZValue(-number)  # equal curves hide each other: the one that matters most is seen
            self._plot.addItem(line, ignoreBounds=True)
        self._mark_lines = [pyqtgraph.InfiniteLine(angle=90) for _ in range(_MOST_MARKS)]
        for line in self._mark_lines:
            line.hide()
            self._plot.addItem(line, ignoreBounds=True)
        self._lay_out()
        self._show_top(plan.lowest_top)
        self._apply_palette()
        self._is_made = True

    @property
    def numbers(self) -> dict[str, QLabel]:
        """What shows the present values, by the names of the curves."""
        return self._legend.numbers

    def height_px(self, columns: int) -> int:
        """From this height on the legend fits in so many columns; one leaves more width to the curves."""
        return max(
            _LEAST_HEIGHT_PX,
            max(self._title.sizeHint().height(), self.saver.button.sizeHint().height())
            + self._legend.height_px(columns),
        )

    def set_legend_columns(self, columns: int) -> None:
        """Put the legend into so many columns."""
        self._legend.set_columns(columns)
        self._show_times()

    def add(self, time_s: float, values: Values) -> None:
        """Take in one reading; nothing is drawn."""
        self._history.append(time_s, values)

    def break_off(self, time_s: float) -> None:
        """The run has ended: leave a gap, and forget the numbers."""
        self._history.break_off(time_s)
        self._legend.show_values({})

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
            is_seen = bool((curve > _ON_THE_AXIS * self._top).any())
            line.setVisible(is_seen)
            if is_seen:
                line.setData(ages_s, curve)
        self._legend.show_values(values)
        for number, mark_line in enumerate(self._mark_lines):
            age_s = self._marks_s[number] - now_s if number < len(self._marks_s) else -2 * SPAN_S
            mark_line.setVisible(age_s >= -SPAN_S)
            if mark_line.isVisible():
                mark_line.setValue(age_s)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words of the time axis apart."""
        super().resizeEvent(event)
        self._show_times()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._is_made:
            self._apply_palette()

    def _apply_palette(self) -> None:
        palette = self.palette()
        colour_plot(self._plot, palette)
        for line in self._mark_lines:
            line.setPen(pyqtgraph.mkPen(palette.text().color(), width=1, style=Qt.PenStyle.DashLine))
        colours = {
            curve.name: palette.text().color() if curve.colour is None else QColor(curve.colour)
            for curve in self.plan.curves
        }
        for name, colour in colours.items():
            self._lines[name].setPen(pyqtgraph.mkPen(colour, width=1))
        self._legend.show_colours(colours)

    def _show_top(self, top: float) -> None:
        if top == self._top:
            return
        self._top = top
        self._plot.setYRange(0, top * 1.04, padding=0)
        self._plot.getAxis("left").setTicks([[(at, f"{at:g}") for at in (0, top / 2, top)]])

    def _show_times(self) -> None:
        if self._has_time_axis:
            is_narrow = self.width() - self._legend.width() < _NARROW_PX
            self._plot.getAxis("bottom").setTicks(_FEW_TIME_TICKS if is_narrow else _TIME_TICKS)

    def _on_saved_or_not(self, is_about_to: bool) -> None:
        """In the window the last chart alone has the times; a saved one needs them itself."""
        if not self._has_time_axis:
            bottom = self._plot.getAxis("bottom")
            bottom.setTicks(_TIME_TICKS if is_about_to else [[]])
            bottom.setHeight(None if is_about_to else _BARE_AXIS_PX)
            self._plot.getPlotItem().layout.activate()

    def _numbers(self) -> ChartNumbers:
        """The last minute, in seconds before the newest reading."""
        now_s = self._history.newest_s
        names = self._lines
        return ChartNumbers(
            self._history.ages_s(now_s), {name: self._history.curve(name, now_s) for name in names}
        )

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        body.setSpacing(8)
        body.addWidget(self._plot, 1)
        body.addWidget(self._legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addLayout(titled(self._title, self.saver))
        column.addLayout(body, 1)


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
        bottom.setHeight(_BARE_AXIS_PX)
    bottom.setStyle(hideOverlappingLabels=False, autoReduceTextSpace=False)
    plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setFrameShape(QFrame.Shape.NoFrame)
    return plot
