import pytest
from PySide6.QtWidgets import QLabel

from desktop_pose.ui.status_words import StatusRow, StatusWords

LONG = "a rather long name of a file " * 10


@pytest.fixture
def row(qtbot):
    """A name that gives way to figures, and a lamp that does not."""
    name, figures = StatusWords("What this means.", most_characters=20), StatusWords()
    made = StatusRow((QLabel("lamp"), name), (figures,), giving_way=(figures, figures, name))
    qtbot.addWidget(made)
    name.say(LONG, "name")
    figures.say("many figures in many words", "figures", "")
    made.show()
    return made


def shown(row, width_px):
    row.resize(width_px, 20)
    row.layout().activate()
    return [words.shown for words in row.words]


def ink(label):
    """How many pixels of the label are not ground."""
    image = label.grab().toImage()
    ground = image.pixel(image.width() - 1, 0)
    return sum(image.pixel(x, y) != ground for x in range(image.width()) for y in range(image.height()))


def test_steps_are_taken_until_all_has_room(row):
    assert shown(row, 500) == [LONG, "many figures in many words"]
    assert shown(row, 260) == [LONG, "figures"]
    assert shown(row, 185) == [LONG, ""]
    assert shown(row, 100) == ["name", ""]
    assert shown(row, 500) == [LONG, "many figures in many words"]


def test_what_is_left_out_is_told_by_the_tooltip_of_the_row(row):
    shown(row, 500)
    assert row.toolTip() == ""
    shown(row, 185)
    assert row.toolTip() == "many figures in many words"


def test_the_tooltip_and_the_text_tell_all(row):
    name = row.words[0]
    shown(row, 90)
    assert name.text() == LONG
    assert name.toolTip() == f"{LONG}\nWhat this means."


def test_what_the_others_leave_is_used_and_the_rest_cut_out_of_the_middle(row):
    name, figures = row.words
    shown(row, 600)
    assert figures.width() > figures.fontMetrics().horizontalAdvance("many figures in many words")
    assert 300 < name.width() < 450
    assert 50 < ink(name) < name.width() * name.height() / 2


def test_new_words_take_their_room_at_once(row):
    shown(row, 260)
    row.words[1].say("few")
    row.layout().activate()
    assert row.words[1].width() > row.words[1].fontMetrics().horizontalAdvance("few")
