"""Whose the space bar is: that of a control which was reached by Tab, else that of the window's command."""

from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox

_PRESSED_BY_SPACE = (QAbstractButton, QComboBox)


class SpaceBar(QObject):
    """Lets the space bar go past the shortcuts to the control that has the focus.

    A control takes the focus by Tab only, never by a click, and is pressed then. Qt asks the control itself
    first, so nothing is watched but those that had the focus once: Python is called for no other event.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        application = cast("QGuiApplication", QGuiApplication.instance())
        application.focusObjectChanged.connect(self._watch)

    @Slot(QObject)
    def _watch(self, focused: QObject | None) -> None:
        if isinstance(focused, _PRESSED_BY_SPACE):
            focused.installEventFilter(self)  # once, however often

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802, ARG002  # Qt's
        """Answer for the control when it is asked whether it wants the space bar."""
        if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_Space:
            return False
        event.accept()
        return True
