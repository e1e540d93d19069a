from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from desktop_pose.core.errors import SourceError
from desktop_pose.ui.banner import Banner, BannerArea, Message, problem


@pytest.fixture
def area(qtbot):
    ground = QWidget()
    ground.resize(500, 300)
    qtbot.addWidget(ground)
    made = BannerArea(ground)
    made.ground = ground
    ground.show()
    return made


def words(area):
    return [
        label.text()
        for banner in area.findChildren(Banner)
        for label in banner.findChildren(QLabel)
        if label.text() and banner.isVisible()
    ]


def test_an_error_is_shown_as_two_sentences(area):
    area.show_message(problem(SourceError("The camera is in use", "Close the other program")))

    assert words(area) == ["The camera is in use. Close the other program."]
    assert area.isVisible()


@pytest.mark.parametrize("text", ["Short", "Long " * 60])
def test_mark_first_line_and_cross_stand_in_one_line(area, qtbot, text):
    area.show_message(Message(text, is_problem=True))
    (banner,) = area.findChildren(Banner)
    mark, label = banner.findChildren(QLabel)
    close = banner.findChild(QToolButton)
    qtbot.waitUntil(lambda: label.height() > 0 and close.y() == mark.y())
    top = label.contentsRect().translated(label.pos()).top()
    for widget in (mark, close):
        assert abs(widget.geometry().center().y() - top - label.fontMetrics().lineSpacing() / 2) <= 2


def test_the_same_message_is_shown_once(area):
    for _ in range(3):
        area.show_message(Message("Something", is_problem=True))

    assert len(area.messages) == 1


def test_a_message_replaces_the_former_one_of_its_topic(area):
    area.show_message(Message("First", topic="source"))
    area.show_message(Message("Other", topic="disk"))
    area.show_message(Message("Second", topic="source"))

    assert [message.text for message in area.messages] == ["Other", "Second"]
    area.clear_topic("source")
    assert [message.text for message in area.messages] == ["Other"]


def test_no_more_than_three_are_shown(area):
    for number in range(6):
        area.show_message(Message(f"Message {number}"))

    assert [message.text for message in area.messages] == ["Message 3", "Message 4", "Message 5"]


def test_closing_takes_a_message_away(area, qtbot):
    area.show_message(Message("Something", is_problem=True))

    area.findChild(QToolButton).click()

    assert area.messages == []
    assert not area.isVisible()


def test_a_button_does_its_work_and_closes_the_message(area):
    done = []
    area.show_message(Message("Saved"), {"Show": lambda: done.append("shown")})

    area.findChild(QPushButton).click()

    assert done == ["shown"]
    assert area.messages == []


def test_buttons_stand_beside_words_that_have_room_and_else_below_them(area, qtbot):
    area.show_message(Message("The snapshot was saved"), {"Show": lambda: None, "Undo": lambda: None})
    (banner,) = area.findChildren(Banner)
    label = next(label for label in area.findChildren(QLabel) if label.text())
    button = banner.findChild(QPushButton)

    def tops():
        return [widget.mapTo(banner, widget.rect().topLeft()).y() for widget in (label, button)]

    qtbot.waitUntil(lambda: abs(tops()[0] - tops()[1]) < 4)
    in_one_line_px = area.height()
    area.ground.resize(250, 300)
    area.arrange()
    qtbot.waitUntil(lambda: tops()[1] >= tops()[0] + label.fontMetrics().height())
    area.ground.resize(500, 300)
    area.arrange()
    qtbot.waitUntil(lambda: area.height() == in_one_line_px)

    with qtbot.waitActive(area.ground):
        area.ground.activateWindow()
    buttons = [*banner.findChildren(QPushButton), banner.findChild(QToolButton)]
    for here, following in pairwise(buttons):
        here.setFocus()
        qtbot.keyClick(here, Qt.Key.Key_Tab)
        qtbot.waitUntil(following.hasFocus)


def test_a_message_takes_the_focus_from_nobody(area, qtbot, qapp):
    with qtbot.waitActive(area.ground):
        area.ground.activateWindow()
    shown = {window for window in qapp.topLevelWidgets() if window.isVisible()}
    area.show_message(Message("The snapshot was saved"), {"Show": lambda: None})
    assert area.ground.isActiveWindow()
    assert {window for window in qapp.topLevelWidgets() if window.isVisible()} <= shown


def test_a_long_message_is_readable_in_a_narrow_window(area):
    area.ground.resize(260, 300)
    area.show_message(Message("A sentence that is too long for one line " * 4, "Do this and that"))

    label = next(label for label in area.findChildren(QLabel) if label.text())

    assert area.width() == 260
    assert label.height() >= label.heightForWidth(label.width())
    assert area.height() >= label.height()


def test_information_goes_by_itself_and_a_problem_stays(area, qtbot, monkeypatch):
    monkeypatch.setattr("desktop_pose.ui.banner._INFORMATION_MS", 20)
    area.show_message(Message("A problem", is_problem=True))
    area.show_message(Message("Information"))

    qtbot.waitUntil(lambda: len(area.messages) == 1)

    assert area.messages[0].text == "A problem"
