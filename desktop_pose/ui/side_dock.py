"""What the docks beside the picture share: they can be moved and floated, but not closed."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QFrame, QScrollArea, QWidget

from desktop_pose.ui.icons import icon

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
    _is_double_clicked = False

    def __init__(self, title: str, name: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._window = parent
        self.setObjectName(name)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.topLevelChanged.connect(self._colour_button)
        self.topLevelChanged.connect(self._take_clicks)
        self.topLevelChanged.connect(self._make_way)
        self._is_made = True
        self._colour_button()

    def event(self, event: QEvent) -> bool:
        """Keep the focus off the buttons when activated; put the icon back where Qt may have set its own."""
        if event.type() is QEvent.Type.WindowActivate and self.isFloating() and self.focusWidget() is None:
            self.setFocus()  # else Qt gives it to the first button, as if that had been reached by Tab
        is_double_click = event.type() is QEvent.Type.MouseButtonDblClick
        self._is_double_clicked = self._is_double_clicked or is_double_click
        was_handled = super().event(event)
        self._is_double_clicked = self._is_double_clicked and not is_double_click
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

    @Slot(bool)
    def _make_way(self, is_floating: bool) -> None:
        """Move beside the window when taken out by a click: the picture grows into the place it had.

        Qt would leave it there. A drag says where to, and a window that is not shown yet is being restored.
        """
        is_held = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        is_dragged = is_held and not self._is_double_clicked
        if is_floating and not is_dragged and self.isVisible():
            window = self._window.frameGeometry()
            window.setTop(self._window.geometry().top())  # the buttons in its title stay in reach
            self.move(beside(self.frameGeometry(), window, self.screen().availableGeometry()))

    @Slot()
    def _colour_button(self) -> None:
        button = self.findChild(QAbstractButton, _FLOAT_BUTTON)
        if button is not None:
            button.setIcon(icon("float", self.palette().windowText().color()))
            button.setToolTip("Put back into the window" if self.isFloating() else "Take out of the window")


def beside(dock: QRect, window: QRect, screen: QRect) -> QPoint:
    """The corner of `dock` at the side of `window` where it hides least, right rather than left, on `screen`.

    All with their frames, in the pixels of the desktop.
    """
    rightmost_px = screen.x() + screen.width() - dock.width()
    right_px = min(window.x() + window.width(), rightmost_px)
    left_px = max(window.x() - dock.width(), screen.x())
    hidden_right_px = window.x() + window.width() - right_px
    hidden_left_px = left_px + dock.width() - window.x()
    lowest_px = screen.y() + screen.height() - dock.height()
    top_px = max(min(window.y(), lowest_px), screen.y())
    return QPoint(right_px if hidden_right_px <= hidden_left_px else left_px, top_px)
