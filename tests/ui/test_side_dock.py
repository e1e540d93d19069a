import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QScrollArea, QWidget

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


def test_what_is_too_high_is_scrolled_and_what_is_not_fills_the_dock(dock, qtbot):
    content = QWidget()
    content.setMinimumSize(200, 300)
    dock.show_scrolled(content)
    (area,) = dock.findChildren(QScrollArea)
    bar = area.verticalScrollBar()
    dock.window().resize(600, 500)
    qtbot.waitUntil(lambda: content.height() > 400 and not bar.isVisible())
    dock.window().resize(600, 200)
    qtbot.waitUntil(bar.isVisible)
    assert content.height() == 300
    assert content.width() >= 200
