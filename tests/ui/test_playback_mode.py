"""The window while a session is played: the real window on the real controller, real sessions."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from desktop_pose.core.settings import RecordingKind
from desktop_pose.engine.state import EngineState
from desktop_pose.recording.about import SessionAbout
from desktop_pose.recording.catalogue import read_entry
from desktop_pose.recording.recorded import Mark
from desktop_pose.recording.session import LANDMARKS_FILE
from desktop_pose.ui.actions import PLAYBACK_COMMANDS, Command
from desktop_pose.ui.playback_bar import SPEEDS, in_tenths
from desktop_pose.ui.playback_scrub import ScrubBar
from tests.recording.conftest import INTERVAL_NS, finished_session, sessions_dir  # noqa: F401


@pytest.fixture
def play(bench, finished_session):  # noqa: F811
    """Builds the window and plays a session of some frames in it, paused at its beginning."""

    def begin(count=30, kind=RecordingKind.LANDMARKS, *, runs=False):
        session = finished_session(count, kind)
        if runs:
            bench.run()
        else:
            bench.build()
        bench.mode = bench.window.sessions.playback
        bench.playback = bench.controller.playback
        bench.mode.play(session, SessionAbout("Squats"))
        bench.wait(lambda: bench.playback.summary is not None)
        bench.playback.pause()
        bench.playback.seek(0)
        bench.wait(lambda: bench.playback.status.frame == 0 and not bench.playback.status.is_playing)
        return bench

    return begin


def press(bench, key, modifier=Qt.KeyboardModifier.NoModifier):
    bench.qtbot.keyClick(bench.window, key, modifier)


def test_controls_and_charts_take_the_place_of_the_live_ones_and_go(play):
    bench = play(runs=True)
    assert bench.mode.bar.isVisible()
    assert bench.mode.dock.isVisible()
    assert not bench.parts.controls.isVisible()
    assert not bench.parts.charts.isVisible()
    assert bench.controller.state is EngineState.STOPPED
    assert bench.parts.picture.notice is None
    assert bench.parts.status.source.text() == "Playing Squats, recorded without video"

    bench.mode.bar.live.click()

    bench.wait(lambda: bench.controller.state is EngineState.RUNNING)
    bench.wait_for_pictures(1)
    assert not bench.mode.bar.isVisible()
    assert not bench.mode.dock.isVisible()
    assert bench.parts.controls.isVisible()
    assert bench.parts.charts.isVisible()


def test_a_source_that_was_stopped_stays_so_afterwards(play):
    bench = play()
    bench.mode.leave()
    assert bench.controller.state is EngineState.STOPPED
    assert bench.parts.picture.notice.title == "Stopped"
    assert bench.parts.status.source.text() == "Stopped"


def test_space_plays_and_pauses_and_keys_step(play):
    bench = play(60)
    press(bench, Qt.Key.Key_Period)
    bench.wait(lambda: bench.playback.status.frame == 1)
    press(bench, Qt.Key.Key_Right)
    bench.wait(lambda: bench.playback.status.frame == 2)
    press(bench, Qt.Key.Key_Comma)
    bench.wait(lambda: bench.playback.status.frame == 1)
    press(bench, Qt.Key.Key_Space)
    bench.wait(lambda: bench.mode.bar.play.text() == "Pause")
    press(bench, Qt.Key.Key_Space)
    bench.wait(lambda: not bench.playback.status.is_playing)
    bench.wait(lambda: bench.mode.bar.play.text() == "Play")


def test_speeds_are_chosen_by_box_and_keys(play):
    bench = play()
    box = bench.mode.bar.speed
    assert (SPEEDS[0], SPEEDS[-1]) == (0.1, 4.0)
    for _ in SPEEDS:
        press(bench, Qt.Key.Key_BracketRight)
    assert box.currentText() == "4×"
    press(bench, Qt.Key.Key_BracketLeft)
    assert box.currentText() == "2×"


def test_playback_commands_are_only_there_during_a_playback(play):
    bench = play()
    actions = bench.window.actions_by_command
    assert all(actions[command].isEnabled() for command in PLAYBACK_COMMANDS)
    actions[Command.LIVE].trigger()
    assert not any(actions[command].isEnabled() for command in PLAYBACK_COMMANDS)


def test_nothing_is_recorded_during_a_playback_and_that_is_said(play):
    bench = play()
    press(bench, Qt.Key.Key_R)
    assert "A session is being played" in bench.messages
    assert bench.playback.is_open

    bench.mode.leave()
    assert bench.messages == []


def test_a_source_that_is_opened_ends_the_playback(play):
    bench = play()
    bench.window.commands.open_source("http://127.0.0.1/other")
    assert not bench.playback.is_open
    assert bench.parts.controls.isVisible()


def test_the_bar_shows_where_it_is_and_goes_elsewhere(play):
    bench = play(30)
    bar = bench.mode.bar
    bench.qtbot.mouseClick(bar.scrub, Qt.MouseButton.LeftButton, pos=QPoint(bar.scrub.width() - 1, 12))
    bench.wait(lambda: bench.playback.status.frame == 31)
    bench.wait(lambda: bar.time.text() == "0:01.0 / 0:01.0   frame 31")
    bench.qtbot.keyClick(bar.scrub, Qt.Key.Key_Home)
    bench.wait(lambda: bench.playback.status.frame == 0)


def test_the_charts_show_angles_landmarks_and_costs_and_a_click_goes_there(play):
    bench = play(60)
    bench.wait(lambda: bench.mode.dock.charts is not None)
    charts = bench.mode.dock.charts
    bench.wait(lambda: charts._curves is not None)
    assert charts.angles.curves == ("left_knee_flexion", "right_knee_flexion")
    assert charts.cpu.curves == ("process",)
    charts.landmark_choice.choose(["nose x"])
    assert charts.landmarks.curves == ("nose x",)
    with bench.qtbot.waitSignal(charts.sought):
        bench.qtbot.mouseClick(
            charts.landmarks.plot.viewport(),
            Qt.MouseButton.LeftButton,
            pos=charts.landmarks.plot.viewport().rect().center(),
        )
    middle_s = charts.landmarks.time_at(QPointF(charts.landmarks.plot.viewport().rect().center()))
    bench.wait(lambda: abs(bench.playback.status.position_ns / 1e9 - middle_s) < 0.05)
    bench.wait(lambda: abs(charts.angles.here.value() - middle_s) < 0.05)
    nose = charts._curves.landmarks["nose x"]
    assert nose.shape == charts._curves.times_s.shape
    assert np.isnan(nose[4])  # nobody is in every fifth frame
    assert charts.person.count() == 2


def test_curves_that_cannot_be_read_say_so_above_the_charts(play, tmp_path):
    bench = play(3)
    bench.wait(lambda: bench.mode.dock.charts is not None)
    charts = bench.mode.dock.charts
    bench.wait(lambda: charts._curves is not None)
    assert not charts.message.isVisible()
    charts.show_session(tmp_path / "missing", 1_000_000_000)
    bench.wait(lambda: "missing" in charts.message.text())
    assert charts.message.isVisible()


def test_a_damaged_session_is_told_and_the_live_picture_comes_back(bench, finished_session):  # noqa: F811
    session = finished_session(3)
    bench.run()
    (session / LANDMARKS_FILE).write_bytes(b"nonsense")
    bench.window.sessions.playback.play(session, SessionAbout())
    bench.wait(lambda: any("cannot be read" in message for message in bench.messages))
    bench.wait(lambda: bench.controller.state is EngineState.RUNNING)
    assert bench.parts.controls.isVisible()


def test_an_empty_session_says_so(bench, finished_session):  # noqa: F811
    bench.build()
    bench.window.sessions.playback.play(finished_session(0), SessionAbout())
    bench.wait(lambda: bench.parts.picture.notice.hint == "The session holds no frame")


def test_full_screen_hides_the_charts_of_the_session_as_well(play):
    bench = play()
    bench.window.toggle_full_screen()
    assert not bench.mode.dock.isVisible()
    bench.window.leave_full_screen()
    assert bench.mode.dock.isVisible()
    assert not bench.parts.charts.isVisible()


def test_the_live_layout_is_remembered_when_the_window_closes_during_a_playback(play):
    bench = play()
    bench.window.close()
    assert bench.mode.dock.isHidden()
    assert not bench.parts.charts.isHidden()


def test_sessions_are_opened_from_their_list_which_offers_them_with_a_key(play):
    bench = play()
    press(bench, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    sessions = bench.window.sessions.window
    bench.wait(lambda: sessions.rows.rowCount() == 1)
    session = sessions.rows.entry(0).path
    bench.mode.leave()
    bench.window.sessions._play(read_entry(session))
    assert bench.playback.is_open
    sessions.leaving.emit((session,))
    assert not bench.playback.is_open


def test_marks_stand_at_their_times(qtbot):
    scrub = ScrubBar()
    qtbot.addWidget(scrub)
    scrub.resize(414, 24)
    scrub.show_session(10 * INTERVAL_NS, (Mark(1, 5 * INTERVAL_NS, "jump"),))

    assert scrub.words_at(207).endswith("Mark at 0:00: jump")
    assert "Mark" not in scrub.words_at(100)


@pytest.mark.parametrize(
    ("time_ns", "words"), [(0, "0:00.0"), (61_990_000_000, "1:01.9"), (3_600_000_000_000, "1:00:00.0")]
)
def test_times_are_said_in_tenths(time_ns, words):
    assert in_tenths(time_ns) == words
