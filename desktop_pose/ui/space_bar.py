"""Whose the space bar is: that of a control which was reached by Tab, else that of the window's command."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

_PRESSED_BY_SPACE = (QAbstractButton, QComboBox)


def asks_for_space(event: QEvent) -> bool:
    """Whether Qt asks with `event` if the space bar is to go past the shortcuts to what has the focus."""
    is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
    return is_space and event.type() is QEvent.Type.ShortcutOverride


def leave_space_to_control(event: QEvent, focused: QWidget | None) -> bool:
    """Answer that: a control takes the focus by Tab only, never by a click, and is pressed then."""
    event.setAccepted(isinstance(focused, _PRESSED_BY_SPACE))
    return event.isAccepted()
