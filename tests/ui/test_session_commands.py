"""Tracking again and comparing from the window of the sessions: the real window on the real controller."""

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt

from desktop_pose.core.settings import PoseModel, RecordingKind, Smoothing
from desktop_pose.recording.reader import SessionReader
from desktop_pose.ui.actions import Command
from desktop_pose.ui.sessions_model import Column
from tests.recording.conftest import finished_session, sessions_dir  # noqa: F401


@pytest.fixture
def desk(bench):
    bench.build()
    bench.commands = bench.window.sessions
    return bench


def show(desk):
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    window = desk.commands.window
    desk.wait(lambda: len(window.table.chosen()) > 0)
    return window


def play(desk, window, session):
    (row,) = (row for row in range(window.rows.rowCount()) if window.rows.entry(row).path == session)
    flags = QItemSelectionModel.SelectionFlag  # whatever key is still held
    window.table.selectionModel().select(window.rows.index(row, 0), flags.ClearAndSelect | flags.Rows)
    window.play.trigger()
    desk.wait(lambda: desk.controller.playback.summary is not None)


def test_the_list_gives_way_to_what_is_played_and_comes_back_as_it_was(desk, finished_session):  # noqa: F811
    older, _ = finished_session(20), finished_session(20)
    window = show(desk)

    play(desk, window, older)

    assert not window.isVisible()
    assert desk.commands.playback.session == older
    desk.commands.playback.bar.sessions.click()
    assert window.isVisible()
    desk.wait(lambda: [entry.path for entry in window.table.chosen()] == [older])

    desk.commands.playback.leave()
    desk.wait(lambda: desk.commands.playback.session is None)


def test_a_list_beside_the_window_stays(desk, finished_session):  # noqa: F811
    session = finished_session(20)
    window = show(desk)
    window.move(desk.window.frameGeometry().topRight() + QPoint(50, 0))

    play(desk, window, session)

    assert window.isVisible()


def test_the_key_for_exports_means_the_session_that_is_played(desk, finished_session):  # noqa: F811
    older, newer = finished_session(20), finished_session(20)

    def is_proposed(session):
        desk.window.actions_by_command[Command.EXPORT].trigger()
        dialog = desk.window.commands.export_dialog
        desk.wait(lambda: dialog.session.currentData() == session)
        dialog.close()
        return True

    assert is_proposed(newer)
    with desk.qtbot.waitActive(desk.window):
        desk.window.activateWindow()
    play(desk, show(desk), older)
    assert is_proposed(older)


def test_a_session_is_tracked_again_shown_and_compared(desk, finished_session):  # noqa: F811
    session = finished_session(30, RecordingKind.VIDEO)
    window = show(desk)
    window.track_again.trigger()
    dialog = desk.commands._again
    assert dialog.model.currentData() is desk.controller.settings.model
    dialog.model.show_value(PoseModel.LITE)
    dialog.smoothing.show_value(Smoothing.OFF)

    dialog.run.click()

    assert not dialog.run.isEnabled()
    desk.wait(lambda: dialog.work.message.text().startswith("The new session is"))
    desk.wait(lambda: window.rows.rowCount() == 2)
    titles = [window.rows.index(row, Column.TITLE).data() for row in range(2)]
    assert f"{session.name} (again: lite, no smoothing)" in titles
    with SessionReader.open(session.with_name(f"{session.name}_2")) as again:
        assert (again.info.model, again.frame_count) == ("lite", 30)
    desk.wait(dialog.compare.isEnabled)
    dialog.compare.click()
    comparison = desk.commands._comparison
    desk.wait(lambda: "of body height apart on average" in comparison.work.message.text())
    assert comparison.chart.curves == ("distance",)
    assert "again: lite" in comparison.names.text()
    assert "Of 30 frames in both, 24 with somebody in both" in comparison.details.text()


def test_a_tracking_can_be_cancelled(desk, finished_session, sessions_dir):  # noqa: F811
    session = finished_session(300, RecordingKind.VIDEO)
    show(desk).track_again.trigger()
    dialog = desk.commands._again
    dialog.run.click()
    dialog.cancel.click()

    desk.wait(lambda: dialog.work.message.text() == "Cancelled; there is no new session.")
    desk.wait(dialog.run.isEnabled)
    assert not dialog.compare.isEnabled()
    assert list(sessions_dir.iterdir()) == [session]


def test_only_sessions_with_plain_video_can_be_tracked_again_and_only_two_compared(
    desk,
    finished_session,  # noqa: F811
):
    finished_session(3)
    finished_session(3, RecordingKind.OVERLAY)
    window = show(desk)
    desk.wait(lambda: window.rows.rowCount() == 2)
    for row in range(2):
        window.table.selectRow(row)
        assert not window.track_again.isEnabled()
        assert not window.compare.isEnabled()
    window.table.selectAll()
    assert window.compare.isEnabled()
    window.compare.trigger()
    comparison = desk.commands._comparison
    desk.wait(lambda: comparison.work.message.text().startswith("0.00 % of body height"))


def test_what_cannot_be_compared_is_told(desk, finished_session):  # noqa: F811
    first, second = finished_session(0), finished_session(3)
    show(desk)
    desk.commands._compare(first, second)
    comparison = desk.commands._comparison
    desk.wait(lambda: "no frame in common" in comparison.work.message.text())
    assert not comparison.chart.isVisible()


def test_that_nothing_is_played_while_recording_is_said_in_the_list(desk, finished_session):  # noqa: F811
    session = finished_session(3)
    desk.controller.start()
    desk.wait_for_pictures(1)
    desk.controller.start_recording(RecordingKind.LANDMARKS)
    desk.wait(lambda: desk.controller.recorder.status.is_recording)
    window = show(desk)
    desk.wait(window.isActiveWindow)
    paths = [window.rows.entry(row).path for row in range(window.rows.rowCount())]
    window.table.clearSelection()
    window.table.selectRow(paths.index(session))  # the one that is being recorded may not be listed yet
    window.play.trigger()
    told = "No session is played while one is being recorded"
    assert window.message.text().startswith(told)
    assert told in desk.messages
    desk.controller.stop_recording()
    desk.wait(lambda: window.message.text() == "" and told not in desk.messages)
