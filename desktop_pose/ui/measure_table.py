"""The rows of a measurement as a table whose cells hold bars."""

from dataclasses import dataclass
from enum import IntEnum
from statistics import median

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from desktop_pose.core.settings import Backend
from desktop_pose.core.skip import EVERY_FRAME
from desktop_pose.engine.measuring.figures import RATE_HZ, Measurement, RowFigures
from desktop_pose.engine.measuring.recommendation import in_threads
from desktop_pose.engine.measuring.rows import Row
from desktop_pose.engine.measuring.saved import cost_ratio
from desktop_pose.ui.theme import BLUE, GREY, TEAL, VERMILION, subdued

BAR_ROLE = Qt.ItemDataRole.UserRole
_UNKNOWN = "–"
_INTERVAL_MS = 1000 / RATE_HZ
_BAR_HEIGHT_PX = 10
_GAP_PX = 8
_SHORTEST_BAR_PX = 48
"""Room for the longest bar where the window is narrow."""

_NO_INDEX = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns."""

    MODEL = 0
    THREADS = 1
    SKIP = 2
    CPU = 3
    TIME = 4
    MOST = 5
    MEMORY = 6
    ERROR_SAME = 7
    ERROR_HEAVY = 8
    CHANGE = 9


_HEADINGS = {
    Column.MODEL: ("Model", "MediaPipe is the reference."),
    Column.THREADS: ("Threads", "Processor threads for the model."),
    Column.SKIP: ("Skip", "On which frames the model runs."),
    Column.CPU: (
        f"CPU at {RATE_HZ:g}/s",
        "Processor time of all threads for a frame, and in per cent of one core.",
    ),
    Column.TIME: (
        f"Time a frame at {RATE_HZ:g}/s",
        "From picture to people: the median, and the time within which 95 of 100 frames are ready.",
    ),
    Column.MOST: ("Highest rate", "Frames a second without a pause on this clip."),
    Column.MEMORY: ("Memory", "The most that was resident, of a process that does nothing else."),
    Column.ERROR_SAME: (
        "Error, same",
        "Mean distance from MediaPipe's landmarks with the same model, in per cent of the person's height.",
    ),
    Column.ERROR_HEAVY: (
        "Error, heavy",
        "Mean distance from MediaPipe's landmarks with heavy, in per cent of the person's height.",
    ),
    Column.CHANGE: ("Change", "Processor time of a frame against the earlier measurement."),
}


_WITHOUT_A_PAUSE = {Column.CPU: "CPU without a pause", Column.TIME: "Time a frame without a pause"}
"""Headings of a measurement that had no time for frames at a camera's rate."""

_WITH_BARS = {Column.CPU: "000.0 ms, 000 %", Column.TIME: "000.0 to 000.0 ms"}
"""With the longest text there may be, for which the bars leave room."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in a cell; lengths are shares of the room there is, and above 1 for what has none.

    Attributes:
        length: Of the bar.
        tail: Up to where a thin line goes on.
        mark: Where the earlier measurement was; None where there is none.
        colour: Of the bar.
    """

    length: float
    tail: float
    mark: float | None
    colour: str


class MeasureTableModel(QAbstractTableModel):
    """The rows of one measurement, compared with those of an earlier one."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._measurement: Measurement | None = None
        self._rows: tuple[RowFigures, ...] = ()
        self._earlier: Measurement | None = None
        self._recommended: Row | None = None
        self._room_cpu_ms = self._room_ms = 1.0

    @property
    def is_paced(self) -> bool:
        """Whether the times shown are those at a camera's rate; else those frame after frame."""
        return not self._rows or any(figures.paced is not None for figures in self._rows)

    def show_measurement(self, measurement: Measurement | None, earlier: Measurement | None) -> None:
        """Show this measurement beside an earlier one."""
        self.beginResetModel()
        self._measurement, self._earlier = measurement, earlier
        self._rows = () if measurement is None else measurement.measured
        self._room_cpu_ms = _room_ms([_cpu_ms(figures) for figures in self._rows])
        self._room_ms = _room_ms([_times_ms(figures)[0] for figures in self._rows])
        self.endResetModel()

    def recommend(self, row: Row | None) -> None:
        """Point out what is recommended."""
        self._recommended = row
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))

    def place_of(self, row: Row) -> int | None:
        """Where `row` is shown."""
        return next((place for place, figures in enumerate(self._rows) if figures.row == row), None)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:  # noqa: N802  # Qt's
        """As many as were measured."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:  # noqa: N802  # Qt's
        """All columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(  # noqa: N802  # Qt's
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """What a column is called, and means."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        heading, meaning = _HEADINGS[Column(section)]
        if not self.is_paced:
            heading = _WITHOUT_A_PAUSE.get(Column(section), heading)
        if role == Qt.ItemDataRole.DisplayRole:
            return heading
        if role == Qt.ItemDataRole.ToolTipRole:
            return meaning
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows."""
        figures, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(figures, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.FontRole and figures.row == self._recommended:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ToolTipRole and column in (Column.CPU, Column.TIME):
            return (
                f"Frame after frame without a pause: {figures.ms.p50:.1f} ms, 95 of 100 within "
                f"{figures.ms.p95:.1f} ms, {figures.cpu_ms:.1f} ms of processor time"
            )
        if role == BAR_ROLE:
            return self._bar(figures, column)
        return None

    def _text(self, figures: RowFigures, column: Column) -> str:
        row, paced = figures.row, figures.paced
        is_theirs = row.backend is Backend.MEDIAPIPE
        p50, p95 = _times_ms(figures)
        share = "" if paced is None else f", {paced.percent_of_core:.0f} %"
        ratio = None if self._earlier is None else cost_ratio(figures, self._earlier.find(row))
        if paced is None and self.is_paced and column in _WITH_BARS:
            return _UNKNOWN
        return {
            Column.MODEL: _model_name(row),
            Column.THREADS: str(row.threads),
            Column.SKIP: _UNKNOWN if is_theirs else str(row.skip),
            Column.CPU: f"{_cpu_ms(figures):.1f} ms{share}",
            Column.TIME: f"{p50:.1f} to {p95:.1f} ms",
            Column.MOST: f"{figures.sustainable_hz:.0f}/s",
            Column.MEMORY: f"{figures.rss_mb:.0f} MB",
            Column.ERROR_SAME: _UNKNOWN if figures.vs_same is None else f"{figures.vs_same.mean:.2f} %",
            Column.ERROR_HEAVY: _UNKNOWN if figures.vs_heavy is None else f"{figures.vs_heavy.mean:.2f} %",
            Column.CHANGE: _UNKNOWN if ratio is None else f"{100 * (ratio - 1):+.0f} %".replace("-", "−"),
        }[column]

    def _bar(self, figures: RowFigures, column: Column) -> Bar | None:
        if figures.paced is None and self.is_paced:
            return None
        then = self._then(figures)
        is_theirs = figures.row.backend is Backend.MEDIAPIPE
        if column is Column.CPU:
            length = _cpu_ms(figures) / self._room_cpu_ms
            mark = None if then is None else _cpu_ms(then) / self._room_cpu_ms
            return Bar(length, length, mark, GREY if is_theirs else BLUE)
        if column is Column.TIME:
            p50, p95 = _times_ms(figures)
            mark = None if then is None else _times_ms(then)[0] / self._room_ms
            in_time = GREY if is_theirs else TEAL
            return Bar(
                p50 / self._room_ms, p95 / self._room_ms, mark, in_time if p95 <= _INTERVAL_MS else VERMILION
            )
        return None

    def _then(self, figures: RowFigures) -> RowFigures | None:
        return None if self._earlier is None else self._earlier.find(figures.row)


class BarDelegate(QStyledItemDelegate):
    """Paints a cell's text, and to the right of it the bar, if it has one.

    Args:
        parent: Owns this.
        widest: The longest text there may be, which all bars of the column leave room for.
    """

    def __init__(self, parent: QObject, widest: str = "") -> None:
        super().__init__(parent)
        self._widest = widest

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Some air between the columns, and room for a bar that can be read."""
        hint = super().sizeHint(option, index)
        with_bar_px = option.fontMetrics.horizontalAdvance(self._widest) + 3 * _GAP_PX + _SHORTEST_BAR_PX
        width_px = max(hint.width() + _GAP_PX, with_bar_px if self._widest else 0)
        return QSize(width_px, hint.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        super().paint(painter, option, index)
        bar = index.data(BAR_ROLE)
        metrics, rect, palette = option.fontMetrics, option.rect, option.palette
        left = rect.left() + metrics.horizontalAdvance(self._widest) + 2 * _GAP_PX
        room = rect.right() - _GAP_PX - left
        if not isinstance(bar, Bar) or room <= 0:
            return
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        top = rect.center().y() - _BAR_HEIGHT_PX / 2
        colour = QColor(bar.colour)
        painter.save()
        painter.fillRect(QRectF(left, top + _BAR_HEIGHT_PX / 2 - 1, min(bar.tail, 1) * room, 2), colour)
        painter.fillRect(QRectF(left, top, max(min(bar.length, 1) * room, 1), _BAR_HEIGHT_PX), colour)
        if bar.length > 1:
            ground = palette.color(QPalette.ColorRole.Highlight if is_selected else QPalette.ColorRole.Base)
            _paint_break(painter, left + room - 2 * _GAP_PX, top, ground)
        if bar.mark is not None and bar.mark <= 1:
            mark = palette.color(QPalette.ColorRole.HighlightedText) if is_selected else subdued(palette)
            painter.fillRect(QRectF(left + bar.mark * room - 1, top - 3, 2, _BAR_HEIGHT_PX + 6), mark)
        painter.restore()


class MeasureTable(QTableView):
    """The table. The columns with bars take what the others leave; where that is not enough, it scrolls."""

    def __init__(self, rows: MeasureTableModel) -> None:
        super().__init__()
        self.setModel(rows)
        self.setItemDelegate(BarDelegate(self))
        for column, widest in _WITH_BARS.items():
            self.setItemDelegateForColumn(column, BarDelegate(self, widest))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 9)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        rows.modelReset.connect(self._fit_columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stretch the bars where there is room for them."""
        super().resizeEvent(event)
        self._fit_columns()

    @Slot()
    def _fit_columns(self) -> None:
        header = self.horizontalHeader()
        shown = [column for column in Column if not self.isColumnHidden(column)]
        texts_px = sum(max(self.sizeHintForColumn(each), header.sectionSizeHint(each)) for each in shown)
        has_room = texts_px <= self.viewport().width()
        mode = QHeaderView.ResizeMode.Stretch if has_room else QHeaderView.ResizeMode.ResizeToContents
        for column in _WITH_BARS:
            header.setSectionResizeMode(column, mode)


def row_in_words(row: Row) -> str:
    """A row as the table names it, in a line."""
    skip = () if row.skip == EVERY_FRAME else ("frames skipped adaptively",)
    return ", ".join((_model_name(row), in_threads(row.threads), *skip))


def _model_name(row: Row) -> str:
    return f"MediaPipe {row.model.value}" if row.backend is Backend.MEDIAPIPE else row.model.value


def _paint_break(painter: QPainter, left: float, top: float, ground: QColor) -> None:
    """A slanting gap: the bar goes on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ground, 3))
    painter.drawLine(QPointF(left, top + _BAR_HEIGHT_PX + 1), QPointF(left + 6, top - 1))


def _room_ms(values_ms: list[float]) -> float:
    """What the longest bar stands for; one model takes many times what another does, and both matter."""
    return 2 * median(values_ms) if values_ms and any(values_ms) else 1.0


def _cpu_ms(figures: RowFigures) -> float:
    return figures.cpu_ms if figures.paced is None else figures.paced.cpu_ms


def _times_ms(figures: RowFigures) -> tuple[float, float]:
    spread = figures.ms if figures.paced is None else figures.paced.ms
    return spread.p50, spread.p95


def _alignment(column: Column) -> Qt.AlignmentFlag:
    if column is Column.THREADS:
        return Qt.AlignmentFlag.AlignCenter
    is_text = column in (Column.MODEL, Column.SKIP, Column.CPU, Column.TIME)
    side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
    return Qt.AlignmentFlag.AlignVCenter | side
