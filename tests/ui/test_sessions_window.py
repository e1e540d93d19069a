"""The window of the sessions on a real library: real jobs, real sessions."""

import json
import os
import shutil
import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMessageBox, QWidget

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.engine.library import Library
from desktop_pose.recording.about import SessionAbout, read_about, write_about
from desktop_pose.recording.session import LANDMARKS_FILE
from desktop_pose.ui.sessions_model import Column
from desktop_pose.ui.sessions_window import SessionsWindow
from tests.recording.conftest import finished_session, sessions_dir  # noqa: F401


class Desk:
    def __init__(self, qtbot, tmp_path, folder):
        self.qtbot = qtbot
        self.folder = folder
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        self.parent.show()
        self.library = Library(folder, tmp_path / "cache", self.parent)
        self.played, self.exported = [], []
        self.window = SessionsWindow(
            self.parent, self.library, self.played.append, lambda *paths: self.exported.append(paths)
        )
        self.table, self.model, self.rows = self.window.table, self.window.model, self.window.rows

    def open(self):
        self.window.open_list()
        self.wait(lambda: self.window._listing is None)
        return self

    def wait(self, condition):
        self.qtbot.waitUntil(condition, timeout=10_000)

    def text(self, row, column):
        return self.rows.index(row, column).data()

    def titles(self):
        return [self.text(row, Column.TITLE) for row in range(self.rows.rowCount())]

    def choose(self, *rows):
        self.table.clearSelection()
        flags = self.table.selectionModel().SelectionFlag
        for row in rows:
            index = self.rows.index(row, Column.TITLE)
            self.table.selectionModel().setCurrentIndex(index, flags.Select | flags.Rows)


@pytest.fixture
def desk(qtbot, tmp_path, sessions_dir):  # noqa: F811
    made = Desk(qtbot, tmp_path, sessions_dir)
    yield made
    made.window.close()
    assert made.library.wait(monotonic_ns() + 5 * NS_PER_S)


def alter(session, **header):
    with closing(sqlite3.connect(session / LANDMARKS_FILE)) as connection:
        for key, value in header.items():
            connection.execute("UPDATE header SET value = ? WHERE key = ?", (value, key))
        connection.commit()


def copy(session, name, **header):
    path = session.with_name(name)
    shutil.copytree(session, path)
    alter(path, **header)
    return path


def test_before_the_first_recording_it_says_what_to_do(desk):
    desk.open()

    assert "Nothing has been recorded yet" in desk.table.words
    assert not desk.window.play.isEnabled()
    assert desk.window.count.text() == ""


def test_a_folder_that_cannot_be_read_is_told(desk):
    desk.folder.write_text("a file")
    desk.open()

    assert "cannot be read" in desk.table.words


def test_each_session_has_its_row(desk, finished_session):  # noqa: F811
    session = finished_session(40)
    copy(session, "later", started="2026-11-22T10:00:00.000+01:00", model="heavy")
    damaged = copy(session, "damaged", model="lite")
    (damaged / LANDMARKS_FILE).write_bytes(b"nonsense")
    write_about(session, SessionAbout("Squats", "two\nlines"))
    desk.open()

    assert desk.titles() == ["later", "Squats", "damaged"]
    assert [desk.text(1, column) for column in (Column.LENGTH, Column.MODEL, Column.STATE, Column.NOTE)] == [
        "0:01",
        "full",
        "complete",
        "two lines",
    ]
    assert desk.text(2, Column.STATE) == "damaged"
    assert "cannot be read" in desk.rows.index(2, Column.STATE).data(Qt.ItemDataRole.ToolTipRole)
    desk.wait(lambda: desk.text(1, Column.PEOPLE) == "2")
    assert not desk.rows.index(1, Column.PICTURE).data(Qt.ItemDataRole.DecorationRole).isNull()
    assert desk.table.words == ""
    assert desk.window.count.text().startswith("3 sessions, ")


def test_damaged_sessions_can_only_be_shown_or_thrown_away(desk, finished_session):  # noqa: F811
    damaged = finished_session(3)
    (damaged / LANDMARKS_FILE).write_bytes(b"nonsense")
    desk.open()

    window = desk.window
    for action in (window.play, window.export, window.repair):
        assert not action.isEnabled()
    assert window.trash.isEnabled()
    assert window.show_folder.isEnabled()


def test_the_search_looks_for_all_words_everywhere(desk, finished_session):  # noqa: F811
    session = finished_session(3)
    write_about(session, SessionAbout("Left knee", "second WEEK"))
    copy(session, "other", model="heavy")
    (session.with_name("other") / "about.json").unlink()
    desk.open()

    desk.window.search.setText("week knee")
    assert desk.titles() == ["Left knee"]
    assert desk.window.count.text() == "1 of 2"
    desk.window.search.setText("HEAVY vorn")
    assert desk.titles() == ["other"]
    desk.window.search.setText("nowhere")
    assert "No session has all these words" in desk.table.words
    desk.window.search.clear()
    assert len(desk.titles()) == 2


def test_enter_and_double_click_play(desk, qtbot, finished_session):  # noqa: F811
    session = finished_session(3)
    desk.open()

    qtbot.keyClick(desk.table, Qt.Key.Key_Return)
    desk.table.doubleClicked.emit(desk.rows.index(0, 0))

    assert [entry.path for entry in desk.played] == [session, session]


def test_one_is_played_at_a_time_and_several_are_exported(desk, finished_session):  # noqa: F811
    first = finished_session(3)
    copy(first, "second")
    desk.open().choose(0, 1)
    assert not desk.window.play.isEnabled()
    desk.window.export.trigger()
    desk.choose(0)
    desk.window.export.trigger()

    assert [set(paths) for paths in desk.exported] == [
        {desk.rows.entry(row).path for row in (0, 1)},
        {desk.rows.entry(0).path},
    ]


def test_titles_and_notes_are_edited_in_their_cells(desk, qtbot, finished_session):  # noqa: F811
    session = finished_session(3)
    desk.open()
    for action, text in ((desk.window.rename, "Balance"), (desk.window.edit_note, "good")):
        action.trigger()
        editor = desk.table.viewport().findChildren(QLineEdit)[-1]
        editor.setText(text)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        desk.wait(lambda text=text: text in (session / "about.json").read_text() if
                  (session / "about.json").exists() else False)  # fmt: skip
        desk.wait(lambda: not desk.library._jobs)

    assert read_about(session) == SessionAbout("Balance", "good")
    desk.wait(lambda: desk.text(0, Column.TITLE) == "Balance" and desk.text(0, Column.NOTE) == "good")
    assert json.loads((session / "about.json").read_text()) == {"title": "Balance", "note": "good"}


def test_interrupted_sessions_are_repaired(desk, finished_session):  # noqa: F811
    alter(finished_session(3), state="recording")
    desk.open()
    assert desk.text(0, Column.STATE) == "interrupted"

    desk.window.repair.trigger()

    desk.wait(lambda: desk.text(0, Column.STATE) == "recovered")
    assert desk.window.message.text() == "Repaired 1 session."
    assert not desk.window.repair.isEnabled()


@pytest.mark.skipif(os.name != "posix", reason="the trash of Windows and macOS is not the tests' to fill")
def test_sessions_are_thrown_away_after_a_question(desk, qtbot, finished_session):  # noqa: F811
    session = finished_session(3)
    desk.open()
    desk.window.trash.trigger()
    box = desk.window.findChild(QMessageBox)
    assert session.exists()
    assert session.name in box.text()

    next(button for button in box.buttons() if button.text() == "Move to trash").click()

    desk.wait(lambda: desk.rows.rowCount() == 0)
    assert not session.exists()
    assert desk.window.message.text() == "Moved to the trash: 1 session."


def test_rows_are_sorted_by_what_cells_mean(desk, finished_session):  # noqa: F811
    short = finished_session(3)
    long = finished_session(80)
    desk.open()
    desk.table.sortByColumn(Column.LENGTH, Qt.SortOrder.AscendingOrder)
    assert desk.titles() == [short.name, long.name]
    desk.table.sortByColumn(Column.SIZE, Qt.SortOrder.DescendingOrder)
    assert desk.titles() == [long.name, short.name]


def test_a_thousand_sessions_and_only_those_in_view_are_looked_into(desk, finished_session):  # noqa: F811
    session = finished_session(2)
    content = (session / LANDMARKS_FILE).read_bytes()
    for number in range(999):
        path = session.with_name(f"session {number:03}")
        path.mkdir()
        (path / LANDMARKS_FILE).write_bytes(content)

    desk.open()

    assert desk.rows.rowCount() == 1000
    assert desk.window.count.text().startswith("1000 sessions, ")
    desk.wait(lambda: desk.text(0, Column.PEOPLE) == "1")
    desk.wait(lambda: not desk.library._jobs)
    assert len(desk.model._previews) < 30
    desk.table.scrollToBottom()
    desk.wait(lambda: desk.text(999, Column.PEOPLE) == "1")
    desk.window.search.setText("session 777")
    assert desk.rows.rowCount() == 1


def test_keys_search_choose_all_and_read_again(desk, finished_session, qtbot):  # noqa: F811
    finished_session(3)
    finished_session(3)
    with qtbot.waitActive(desk.window):
        desk.open()
    qtbot.keyClick(desk.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.table.chosen()) == 2
    qtbot.keyClick(desk.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.focusWidget() is desk.window.search
    finished_session(3)
    qtbot.keyClick(desk.window.search, Qt.Key.Key_F5)
    desk.wait(lambda: desk.rows.rowCount() == 3)


def test_a_cell_that_is_edited_keeps_its_keys(desk, finished_session, qtbot):  # noqa: F811
    finished_session(3)
    with qtbot.waitActive(desk.window):
        desk.open()
    desk.window.rename.trigger()
    (editor,) = desk.table.findChildren(QLineEdit)
    editor.setText("Squats")
    editor.setCursorPosition(0)
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert editor.text() == "quats"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    desk.wait(lambda: desk.titles() == ["quats"])
    assert not desk.played
