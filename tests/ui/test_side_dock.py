import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QScrollArea, QWidget

from desktop_pose.ui.icons import icon
from desktop_pose.ui.side_dock import SideDock, beside


@pytest.fixture
def dock(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    made = SideDock("Charts", "charts", window)
    window.setCentralWidget(QWidget())
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, made)
    made.setWidget(QWidget())
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


@pytest.mark.parametrize("is_double_click", [False, True])
def test_taken_out_by_a_click_it_makes_way_for_the_picture(dock, qtbot, is_double_click):
    window = dock.window()
    window.setGeometry(20, 20, 400, 300)
    dock.widget().setFixedWidth(150)
    qtbot.waitUntil(lambda: (dock.width(), window.width(), dock.height()) == (150, 400, 300))
    if is_double_click:
        qtbot.mouseDClick(dock, Qt.MouseButton.LeftButton, pos=QPoint(20, 8))
    else:
        button(dock).click()
    assert dock.isFloating()
    assert not dock.frameGeometry().intersects(window.frameGeometry())


@pytest.mark.parametrize(
    ("window", "corner"),
    [
        (QRect(0, 50, 600, 400), QPoint(600, 50)),
        (QRect(400, 50, 600, 400), QPoint(100, 50)),
        (QRect(300, 500, 400, 200), QPoint(700, 300)),
        (QRect(0, 0, 1000, 800), QPoint(700, 0)),
        (QRect(200, 0, 790, 800), QPoint(0, 0)),
    ],
)
def test_it_hides_as_little_of_the_window_as_the_screen_lets_it(window, corner):
    assert beside(QRect(0, 0, 300, 500), window, QRect(0, 0, 1000, 800)) == corner


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
