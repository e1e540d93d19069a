"""Rows of bars, each with its name before and its value behind: amounts, or stretches of time."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_pose.ui.theme import subdued

_GAP_PX = 10
_ROW_SPACE_PX = 6
_THINNEST_PX = 2.0
_WIDEST_NAME = "the model's workers"
_WIDEST_VALUE = "1888.8 MB"


@dataclass(frozen=True, slots=True)
class BarRow:
    """One row.

    Attributes:
        name: Before the bar.
        start: Where the bar begins, as a share of the width, 0 to 1.
        end: Where it ends.
        value: Behind the bar.
        colour: Of the bar.
        meaning: One sentence for the tooltip.
    """

    name: str
    start: float
    end: float
    value: str
    colour: str
    meaning: str = ""


class BarRows(QWidget):
    """Paints its rows; as tall as they need."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[BarRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def show_rows(self, rows: tuple[BarRow, ...]) -> None:
        """Show these in place of those before."""
        has_new_height = len(rows) != len(self.rows)
        self.rows = rows
        self.setAccessibleDescription(", ".join(f"{row.name} {row.value}" for row in rows))
        if has_new_height:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the rows, and for bars that can be compared."""
        return QSize(420, max(1, len(self.rows)) * self._row_px())

    def minimumSizeHint(self) -> QSize:
        """As tall as that, and narrower."""
        return QSize(280, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  # Qt's
        """Paint the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        name_px = metrics.horizontalAdvance(_WIDEST_NAME)
        value_px = metrics.horizontalAdvance(_WIDEST_VALUE)
        left, width = name_px + _GAP_PX, self.width() - name_px - value_px - 2 * _GAP_PX
        ground = QColor(subdued(self.palette()))
        ground.setAlpha(28)
        for number, row in enumerate(self.rows):
            top, height = number * self._row_px(), self._row_px()
            painter.setPen(self.palette().windowText().color())
            area = QRect(0, top, name_px, height)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, row.name)
            area = QRect(self.width() - value_px, top, value_px, height)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.value)
            painter.setPen(Qt.PenStyle.NoPen)
            bar_top, bar_height = top + _ROW_SPACE_PX / 2, height - _ROW_SPACE_PX
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(left, bar_top, width, bar_height), 2, 2)
            start, end = (min(max(share, 0.0), 1.0) for share in (row.start, row.end))
            if end > start:
                painter.setBrush(QColor(row.colour))
                bar_width = max((end - start) * width, _THINNEST_PX)
                painter.drawRoundedRect(QRectF(left + start * width, bar_top, bar_width, bar_height), 2, 2)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say in the tooltip what the row under the pointer means."""
        if isinstance(event, QHelpEvent):
            row = self._row_at(event.pos())
            if row is not None and row.meaning:
                QToolTip.showText(event.globalPos(), row.meaning, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _row_at(self, place: QPoint) -> BarRow | None:
        number = place.y() // self._row_px()
        return self.rows[number] if 0 <= number < len(self.rows) else None

    def _row_px(self) -> int:
        return self.fontMetrics().height() + _ROW_SPACE_PX
