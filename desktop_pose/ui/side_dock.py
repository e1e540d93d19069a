"""What the docks beside the picture share: they can be moved and floated, but not closed."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QFrame, QScrollArea, QWidget

from desktop_pose.ui.icons import icon
from desktop_pose.ui.space_bar import asks_for_space, leave_space_to_control

_FLOAT_BUTTON = "qt_dockwidget_floatbutton"
"""Qt's name for it. Its icon is black in every palette."""

_SETS_THE_ICON = (
    QEvent.Type.PaletteChange,
    QEvent.Type.StyleChange,
    QEvent.Type.ParentChange,
    QEvent.Type.LayoutDirectionChange,
    QEvent.Type.Show,
)


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
        self.topLevelChanged.connect(self._take_clicks)
        self._is_made = True
        self._colour_button()

    def event(self, event: QEvent) -> bool:
        """Guard the space bar as the main window does; put the icon back wherever Qt may have set its own.

        As a window of its own the dock keeps the shortcuts of the main window.
        """
        if self._is_made and self.isFloating():
            if asks_for_space(event):
                return leave_space_to_control(event, self.focusWidget())
            if event.type() is QEvent.Type.WindowActivate and self.focusWidget() is None:
                self.setFocus()  # else Qt gives it to the first button, as if that had been reached by Tab
        was_handled = super().event(event)
        if self._is_made and event.type() in _SETS_THE_ICON:
            self._colour_button()
        return was_handled

    def show_scrolled(self, content: QWidget) -> None:
        """Hold `content`; where the window is too low for it, it is scrolled."""
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it takes the focus, and is then scrolled to
        area.setMinimumWidth(content.minimumWidth() + area.verticalScrollBar().sizeHint().width())
        area.setWidget(content)
        self.setWidget(area)

    @Slot(bool)
    def _take_clicks(self, is_floating: bool) -> None:
        """As on the picture, a click takes the focus from a control that was reached by Tab."""
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if is_floating else Qt.FocusPolicy.NoFocus)

    @Slot()
    def _colour_button(self) -> None:
        button = self.findChild(QAbstractButton, _FLOAT_BUTTON)
        if button is not None:
            button.setIcon(icon("float", self.palette().windowText().color()))
            button.setToolTip("Put back into the window" if self.isFloating() else "Take out of the window")
