"""The bar of a session's time: where the playback is, where marks are; a click or drag goes there."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.recording.recorded import Mark
from desktop_pose.ui.actions import Jump, jump_of
from desktop_pose.ui.theme import VERMILION
from desktop_pose.ui.wording import in_minutes

_HEIGHT_PX = 24
_GROOVE_PX = 4
_HANDLE_PX = 14
_NEAR_PX = 6
_PAGE_NS = 5 * NS_PER_S


class ScrubBar(QWidget):
    """A time from 0 to the end of the session.

    **Signals**
        sought(int): The user wants to go to this time, in nanoseconds.
    """

    sought = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._last_ns = 0
        self._position_ns = 0
        self._marks: tuple[Mark, ...] = ()
        self.setMinimumWidth(200)
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Position")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(600, _HEIGHT_PX)

    def show_session(self, last_ns: int, marks: tuple[Mark, ...]) -> None:
        """Show a session that ends at `last_ns`, with its marks."""
        self._last_ns, self._marks, self._position_ns = last_ns, marks, 0
        self.update()

    def show_position(self, position_ns: int) -> None:
        """Show where the playback is."""
        if position_ns != self._position_ns:
            self._position_ns = position_ns
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.sought.emit(self._time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the drag."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self._time_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Jump by some seconds, or to the ends."""
        jump = jump_of(event.keyCombination())
        if jump is None:
            super().keyPressEvent(event)
            return
        target_ns = {
            Jump.BACK: self._position_ns - _PAGE_NS,
            Jump.ON: self._position_ns + _PAGE_NS,
            Jump.FIRST: 0,
            Jump.LAST: self._last_ns,
        }[jump]
        self.sought.emit(min(max(target_ns, 0), self._last_ns))

    def event(self, event: QEvent) -> bool:
        """Say the time below the pointer, and the note of the mark there."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def words_at(self, x_px: float) -> str:
        """The time at a place of the bar, and the mark there."""
        words = [in_minutes(self._time_at(x_px) / NS_PER_S)]
        words += [
            f"Mark at {in_minutes(mark.time_ns / NS_PER_S)}" + (f": {mark.note}" if mark.note else "")
            for mark in self._marks
            if abs(self._x_of(mark.time_ns) - x_px) <= _NEAR_PX
        ]
        return "\n".join(words)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  # Qt's
        """Paint groove, marks and handle."""
        palette, middle = self.palette(), self.height() / 2
        colour = palette.color(QPalette.ColorRole.Highlight)
        position_px = self._x_of(self._position_ns)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(_HANDLE_PX / 2, middle - _GROOVE_PX / 2, self.width() - _HANDLE_PX, _GROOVE_PX)
        painter.setBrush(palette.color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(groove, 2, 2)
        painter.setBrush(colour)
        painter.drawRoundedRect(groove.adjusted(0, 0, position_px - groove.right(), 0), 2, 2)
        painter.setPen(QPen(QColor(VERMILION), 2))
        for mark in self._marks:
            x_px = self._x_of(mark.time_ns)
            painter.drawLine(QPointF(x_px, middle - 9), QPointF(x_px, middle + 9))
        ring = palette.color(QPalette.ColorRole.WindowText) if self.hasFocus() else colour.darker(130)
        painter.setPen(QPen(ring, 2 if self.hasFocus() else 1))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(position_px, middle), _HANDLE_PX / 2 - 1, _HANDLE_PX / 2 - 1)
        painter.end()

    def _x_of(self, time_ns: int) -> float:
        part = time_ns / self._last_ns if self._last_ns else 0.0
        return _HANDLE_PX / 2 + part * (self.width() - _HANDLE_PX)

    def _time_at(self, x_px: float) -> int:
        part = (x_px - _HANDLE_PX / 2) / max(self.width() - _HANDLE_PX, 1)
        return round(min(max(part, 0.0), 1.0) * self._last_ns)
