"""One chart over the whole length of a session, with a cursor where the playback is.

Import after the window is up; see `chart`. Made once and hidden. Only as many points are drawn as there are
pixels: an hour holds a hundred thousand.
"""

import math

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_pose.engine.playback_series import Numbers, decimated
from desktop_pose.ui.chart import colour_plot
from desktop_pose.ui.chart_saving import ChartNumbers, ChartSaver, StartJob, titled
from desktop_pose.ui.theme import CURVES
from desktop_pose.ui.wording import in_minutes

MOST_CURVES = len(CURVES)

_AXIS_WIDTH_PX = 40
_MOST_POINTS = 1500
_ROOM = 0.06
_LEAST_HEIGHT_PX = 56
_LINES_A_VALUE = 1.6
"""The room that a value takes on the axis."""

_LEAST_SPAN = 1.0
"""Noise in a part of a degree or per cent does not fill the chart."""

_FINEST = 1e-6
_BARE_AXIS_PX = 8
_SPACING_PX = 1


class _TimeAxis(pyqtgraph.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Says minutes and seconds."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002, N802  # pyqtgraph's
        """The words below the ticks."""
        digits = max(0, math.ceil(-math.log10(spacing)))
        return [_in_minutes(max(value, 0.0), digits) for value in values]


class _ValueAxis(pyqtgraph.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Has as many round values as fit one above the other; pyqtgraph puts four into the lowest chart."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N802, N803  # pyqtgraph's
        """The distance between values, and where they begin."""
        most = max(1, int(size / (_LINES_A_VALUE * QFontMetrics(self.font()).height())))
        finest = 10.0 ** math.floor(math.log10(max((maxVal - minVal) / most, _FINEST)))
        chosen = finest
        for step in (finest * factor for factor in (1, 2, 5, 10, 20)):
            count = math.floor(maxVal / step) - math.ceil(minVal / step) + 1
            chosen = step if count else chosen
            if count <= most:
                break
        return [(chosen, 0.0)]


def _in_minutes(time_s: float, digits: int) -> str:
    """A time with so many digits behind its seconds, by which the ticks between the large ones differ."""
    rounded = round(time_s, digits)
    return in_minutes(rounded) + (f"{rounded % 1:.{digits}f}"[1:] if digits else "")


def _in_digits(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"


class PlaybackChart(QWidget):
    """Curves with a title above, which gives their values at the cursor.

    **Signals**
        sought(float): The user wants to go to this time, in seconds.

    Args:
        title: What is shown.
        unit: Of the values.
        start_job: Begins the saving of the chart.
        has_time_axis: Whether the times stand below it.
    """

    sought = Signal(float)

    _is_made = False

    def __init__(self, title: str, unit: str, start_job: StartJob, *, has_time_axis: bool = False) -> None:
        super().__init__()
        self._times: NDArray[np.float64] = np.empty(0)
        self._curves: dict[str, Numbers] = {}
        self._known: set[str] = set()
        self._lines: dict[str, pyqtgraph.PlotCurveItem] = {}
        self._position_s = 0.0
        self._end_s = 1.0
        self.title = QLabel(f"<b>{title}</b>, {unit}")
        self.legend = QLabel()
        self.legend.setWordWrap(True)
        self.plot = pyqtgraph.PlotWidget(
            axisItems={"bottom": _TimeAxis("bottom"), "left": _ValueAxis("left")}
        )
        self.saver = ChartSaver(
            self,
            self.plot,
            title,
            lambda: ChartNumbers(self._times, self._curves),
            start_job,
            self._on_saved_or_not,
        )
        self._has_time_axis = has_time_axis
        self.here = pyqtgraph.InfiniteLine(angle=90)
        self._prepare_plot(has_time_axis=has_time_axis)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_SPACING_PX)
        column.addLayout(titled(self.title, self.saver))
        column.addWidget(self.legend)
        column.addWidget(self.plot, 1)
        self._apply_palette()
        self._is_made = True

    @property
    def curves(self) -> tuple[str, ...]:
        """The names of the curves shown."""
        return tuple(self._curves)

    def show_curves(self, times_s: NDArray[np.float64], curves: dict[str, Numbers], end_s: float) -> None:
        """Show these curves over a session that ends at `end_s`; at most `MOST_CURVES` of them."""
        if end_s != self._end_s:
            self._end_s = end_s
            self.plot.setLimits(xMin=0, xMax=max(end_s, 0.1), minXRange=0.2)
            self.plot.setXRange(0, max(end_s, 0.1), padding=0)
        self._times = times_s
        self._curves = dict(list(curves.items())[:MOST_CURVES])
        self._known = {name for name, values in self._curves.items() if np.isfinite(values).any()}
        for line in self._lines.values():
            self.plot.removeItem(line)
        self._lines = {
            name: pyqtgraph.PlotCurveItem(connect="finite", antialias=True) for name in self._curves
        }
        for name, line in self._lines.items():
            line.setPen(pyqtgraph.mkPen(self._colour(name), width=1))
            self.plot.addItem(line, ignoreBounds=True)
        self._fit_height()
        self._draw()
        self._show_values()
        self._keep_room()

    def show_position(self, position_s: float) -> None:
        """Show where the playback is; a chart that shows a part of the session follows it."""
        self._position_s = position_s
        self.here.setValue(position_s)
        start, end = self.plot.getViewBox().viewRange()[0]
        if not start <= position_s <= end:
            self.plot.setXRange(position_s, position_s + end - start, padding=0)
        self._show_values()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's
        """A click or drag goes there; the wheel still zooms."""
        if isinstance(event, QMouseEvent) and watched is self.plot.viewport():
            if event.type() is QEvent.Type.MouseButtonDblClick:
                self.plot.setXRange(0, max(self._end_s, 0.1), padding=0)
                return True
            if event.buttons() & Qt.MouseButton.LeftButton:
                self.sought.emit(self.time_at(event.position()))
                return True
        return super().eventFilter(watched, event)

    def time_at(self, place: QPointF) -> float:
        """The time at a place of the plot, within the session."""
        point = self.plot.getViewBox().mapSceneToView(self.plot.mapToScene(place.toPoint()))
        return float(min(max(point.x(), 0.0), self._end_s))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the lines that the legend takes now."""
        super().resizeEvent(event)
        self._keep_room()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._is_made:
            self._apply_palette()

    def _prepare_plot(self, *, has_time_axis: bool) -> None:
        item = self.plot.getPlotItem()
        item.setMenuEnabled(False)
        item.setMouseEnabled(x=True, y=False)
        item.hideButtons()
        item.disableAutoRange()
        item.setContentsMargins(0, 2, 6, 0)
        self.plot.getAxis("left").setWidth(_AXIS_WIDTH_PX)
        if not has_time_axis:
            self._show_times(is_shown=False)
        self.plot.addItem(self.here, ignoreBounds=True)
        self.plot.setMinimumHeight(_LEAST_HEIGHT_PX)
        self.plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setFrameShape(QFrame.Shape.NoFrame)
        self.plot.setToolTip("Click to go there; turn the wheel to see more or less; double-click to see all")
        self.plot.sigXRangeChanged.connect(self._draw)
        self.plot.viewport().installEventFilter(self)

    def _show_times(self, *, is_shown: bool) -> None:
        bottom = self.plot.getAxis("bottom")
        bottom.setStyle(showValues=is_shown)
        bottom.setHeight(None if is_shown else _BARE_AXIS_PX)

    def _on_saved_or_not(self, is_about_to: bool) -> None:
        """In the window the last chart alone has the times; a saved one needs them itself."""
        if not self._has_time_axis:
            self._show_times(is_shown=is_about_to)
            self.plot.getPlotItem().layout.activate()

    def _colour(self, name: str) -> str:
        return CURVES[list(self._curves).index(name) % MOST_CURVES]

    def _fit_height(self) -> None:
        known = [values[np.isfinite(values)] for values in self._curves.values()]
        known = [values for values in known if values.size]
        low = min((float(values.min()) for values in known), default=0.0)
        high = max((float(values.max()) for values in known), default=1.0)
        span = max(high - low, _LEAST_SPAN)
        room = _ROOM * span + (span - (high - low)) / 2
        self.plot.setYRange(low - room, high + room, padding=0)

    def _draw(self) -> None:
        start, end = self.plot.getViewBox().viewRange()[0]
        for name, line in self._lines.items():
            line.setData(*decimated(self._times, self._curves[name], start, end, _MOST_POINTS))

    def _show_values(self) -> None:
        place = int(np.searchsorted(self._times, self._position_s + 1e-6, side="right")) - 1
        parts = []
        for name, values in self._curves.items():
            value = values[place] if 0 <= place < values.size else np.nan
            unknown = "–" if name in self._known else "no values"
            words = _in_digits(value) if np.isfinite(value) else unknown
            shown = name.replace("_", " ").replace(" ", "&nbsp;")
            parts.append(
                f'<span style="color: {self._colour(name)}">■</span>&nbsp;{shown}&nbsp;<b>{words}</b>'
            )
        self.legend.setText("&ensp; ".join(parts) or "Nothing chosen")

    def _keep_room(self) -> None:
        """A layout asks words that wrap for the lines they like best, not for those they take."""
        title_px = max(self.title.sizeHint().height(), self.saver.button.sizeHint().height())
        legend_px = self.legend.heightForWidth(self.width())
        self.setMinimumHeight(title_px + legend_px + self.plot.minimumHeight() + 2 * _SPACING_PX)

    def _apply_palette(self) -> None:
        palette = self.palette()
        colour_plot(self.plot, palette)
        self.here.setPen(pyqtgraph.mkPen(palette.text().color(), width=1))
