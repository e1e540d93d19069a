"""What the docks beside the picture share: they can be moved and floated, but not closed."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QWidget

from desktop_pose.ui.icons import icon

_FLOAT_BUTTON = "qt_dockwidget_floatbutton"
"""Qt's name for it. Its icon is black in every palette."""


class SideDock(QDockWidget):
    """A dock at the left or right, whose button is seen in every palette.

    Args:
        title: Above it.
        name: By which its place is remembered.
        parent: The window.
    """

    _is_made = False

    def __init__(self, title: str, name: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.topLevelChanged.connect(self._colour_button)
        self._is_made = True
        self._colour_button()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's palette and style."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self._is_made:
            self._colour_button()

    @Slot()
    def _colour_button(self) -> None:
        button = self.findChild(QAbstractButton, _FLOAT_BUTTON)
        if button is not None:
            button.setIcon(icon("float", self.palette().windowText().color()))
            button.setToolTip("Put back into the window" if self.isFloating() else "Take out of the window")
