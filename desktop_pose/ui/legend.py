"""The names, colours and present values of the curves of one chart."""

import math
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLabel, QWidget

from desktop_pose.ui.curves import Curve, Values
from desktop_pose.ui.wording import in_number

_SWATCH = QSize(10, 3)
_CELLS = 4
"""Grid columns an entry takes: swatch, name, value, and room before the next entry."""

_ROOM_PX = 10
_WIDEST = "888.8"
_COLUMN_WIDTH_PX = 126


class Legend(QWidget):
    """One entry a curve, in one column or in two; the first, which matters most, stands out.

    Attributes:
        numbers: What shows the present value, by the name of the curve.
    """

    _columns = 0

    def __init__(self, curves: tuple[Curve, ...]) -> None:
        super().__init__()
        self._curves = curves
        self._swatches = {curve.name: QFrame() for curve in curves}
        self._names = {curve.name: QLabel(curve.name) for curve in curves}
        self.numbers = {curve.name: QLabel("–") for curve in curves}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(0)
        for curve in curves:
            self._swatches[curve.name].setFixedSize(_SWATCH)
            self.numbers[curve.name].setAlignment(Qt.AlignmentFlag.AlignRight)
            for widget in self._entry(curve):
                widget.setToolTip(curve.meaning)
            self.numbers[curve.name].setAccessibleName(curve.name)
            self.numbers[curve.name].setAccessibleDescription(curve.meaning)
        strong = QApplication.font()  # larger than that of the charts
        strong.setBold(True)
        for label in (self._names[curves[0].name], self.numbers[curves[0].name]):
            label.setFont(strong)
        self._size_numbers()
        self.set_columns(2)

    def set_columns(self, columns: int) -> None:
        """Put the entries into so many columns, one filled after the other."""
        if columns == self._columns:
            return
        self._columns = columns
        self.setFixedWidth(columns * _COLUMN_WIDTH_PX)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        rows = self._rows(columns)
        for number, curve in enumerate(self._curves):
            column, row = divmod(number, rows)
            for offset, widget in enumerate(self._entry(curve)):
                self._grid.addWidget(widget, row, _CELLS * column + offset)
        self._grid.setRowStretch(rows, 1)
        for column in range(2):
            is_used = column < columns
            self._grid.setColumnMinimumWidth(_CELLS * column, _SWATCH.width() if is_used else 0)
            self._grid.setColumnStretch(_CELLS * column + 1, int(is_used))
            self._grid.setColumnMinimumWidth(_CELLS * column + 3, _ROOM_PX if is_used else 0)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font of the charts."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self._columns:
            self._size_numbers()

    def _size_numbers(self) -> None:
        """Give the numbers a fixed size: a new one is then painted, and nothing laid out anew."""
        for label in self.numbers.values():
            metrics = label.fontMetrics()
            label.setFixedSize(metrics.horizontalAdvance(_WIDEST), metrics.height())

    def height_px(self, columns: int) -> int:
        """What so many columns need."""
        strong = self.numbers[self._curves[0].name]
        return strong.fontMetrics().height() + (self._rows(columns) - 1) * self.fontMetrics().height()

    def show_values(self, values: Values) -> None:
        """Show `values`; what is missing is not known."""
        for name, label in self.numbers.items():
            label.setText(in_number(values.get(name)))

    def show_colours(self, colours: Mapping[str, QColor]) -> None:
        """Show these colours of the curves."""
        for name, swatch in self._swatches.items():
            swatch.setStyleSheet(f"background: {colours[name].name()};")

    def _rows(self, columns: int) -> int:
        return math.ceil(len(self._curves) / columns)

    def _entry(self, curve: Curve) -> tuple[QWidget, QWidget, QWidget]:
        return self._swatches[curve.name], self._names[curve.name], self.numbers[curve.name]
