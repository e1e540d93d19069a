import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMainWindow

from desktop_pose.ui.icons import icon
from desktop_pose.ui.side_dock import SideDock


@pytest.fixture
def dock(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    made = SideDock("Charts", "charts", window)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, made)
    window.show()
    yield made
    window.close()


def button(dock):
    return dock.findChild(QAbstractButton, "qt_dockwidget_floatbutton")


def test_the_button_keeps_its_icon_and_says_what_it_does(dock, qtbot):
    ink = dock.palette().windowText().color()
    expected = icon("float", ink).pixmap(16, 16).toImage()
    for words in ("Take out of the window", "Put back into the window", "Take out of the window"):
        assert button(dock).toolTip() == words
        assert button(dock).icon().pixmap(16, 16).toImage() == expected
        button(dock).click()
