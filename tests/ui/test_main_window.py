"""The real window on the real controller; source and tracker are fakes, except in the last tests."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from desktop_pose.capture.camera_info import Camera, CameraMode
from desktop_pose.core.errors import ModelError, SettingsError
from desktop_pose.core.frames import Size, SourceKind
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Backend, PoseModel, RecordingKind, Settings, core_count
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.options import EngineOptions
from desktop_pose.engine.state import EngineState
from desktop_pose.ui.main_window import MainWindow
from tests.engine.support import FakeSource
from tests.ui.conftest import TIMEOUT_MS

STREAM = "http://127.0.0.1/fake"


def press(bench, key, modifier=Qt.KeyboardModifier.NoModifier):
    bench.window.activateWindow()
    bench.qtbot.keyClick(bench.window, key, modifier)


def test_title_and_smallest_size(bench):
    bench.build()

    assert bench.window.windowTitle() == "Desktop Pose"
    bench.window.resize(900, 600)
    assert (bench.window.width(), bench.window.height()) == (900, 600)
    assert bench.parts.picture.width() >= 400
    assert bench.parts.charts.isVisible()


def test_space_starts_and_stops(bench):
    bench.build()
    press(bench, Qt.Key.Key_Space)
    bench.wait_for_pictures(1)
    assert bench.parts.controls.start.text() == "Stop"

    press(bench, Qt.Key.Key_Space)

    assert bench.controller.state is EngineState.STOPPED
    assert bench.parts.status.source.text() == "Stopped"
    assert bench.parts.picture.placeholder.title.text() == "Stopped"
    assert bench.parts.controls.start.text() == "Start"


def test_space_on_a_control_reached_by_tab_works_that_control(bench):
    bench.build()
    mirror = bench.parts.controls.mirror
    mirror.setFocus(Qt.FocusReason.TabFocusReason)
    bench.wait(mirror.hasFocus)

    bench.qtbot.keyClick(mirror, Qt.Key.Key_Space)

    assert mirror.isChecked()
    assert bench.controller.state is EngineState.STOPPED


def test_the_source_is_shown_with_its_true_size_and_rate(bench):
    bench.run()
    bench.wait(lambda: "/s" in bench.parts.status.source.text())

    assert bench.parts.status.source.text().startswith("fake, 64×48, ")
    assert bench.parts.status.camera.text() == "Stream open"
    assert bench.parts.controls.mirror.isChecked()


def test_charts_fill_while_running(bench):
    bench.run()
    bench.wait(lambda: bench.parts.charts.charts is not None and bench.parts.charts.charts.is_complete)
    charts = bench.parts.charts.charts

    bench.wait(lambda: charts.charts[2].numbers["capture"].text() != "–")
    press(bench, Qt.Key.Key_Space)

    assert charts.charts[2].numbers["capture"].text() == "–"


def test_m_changes_the_model_live_and_marks_it(bench):
    bench.run()
    bench.wait(lambda: bench.parts.charts.charts is not None)
    bench.controller.change(bench.controller.settings.changed(model=PoseModel.LITE))
    mark = bench.parts.charts.charts.mark_text
    bench.wait(lambda: mark.text() == "┆ Switched to lite, 1 thread, LiteRT")
    press(bench, Qt.Key.Key_M)

    assert bench.stored[-1].model is PoseModel.FULL
    bench.wait(lambda: mark.text() == "┆ Switched to full, 1 thread, LiteRT")
    assert mark.isVisible()
    assert bench.parts.controls.model.currentData() is PoseModel.FULL
    assert bench.controller.state is EngineState.RUNNING


@pytest.mark.skipif(core_count() < 2, reason="there is one core only")
def test_plus_and_minus_change_the_threads(bench):
    bench.build()
    press(bench, Qt.Key.Key_Plus)
    assert bench.controller.settings.threads == 2

    press(bench, Qt.Key.Key_Minus)
    assert bench.controller.settings.threads == 1
    assert [settings.threads for settings in bench.stored] == [2, 1]

    press(bench, Qt.Key.Key_Minus)
    assert bench.controller.settings.threads == 1
    assert any("threads on this computer" in text for text in bench.messages)


def test_with_mediapipe_the_thread_keys_say_why_they_do_nothing(bench):
    bench.build(settings=Settings(source=STREAM, threads=1, backend=Backend.MEDIAPIPE))
    press(bench, Qt.Key.Key_Plus)

    assert bench.messages == ["MediaPipe always takes one thread"]


def test_a_model_that_cannot_be_loaded_leaves_the_old_one_and_a_message(bench):
    bench.run()
    bench.refusal = ModelError("The model file is altered", "Install desktop-pose again")
    press(bench, Qt.Key.Key_M)

    bench.wait(lambda: "The model file is altered" in bench.messages)
    assert bench.parts.controls.model.currentData() is PoseModel.FULL
    bench.wait_for_pictures(5)


def test_that_nothing_can_be_recorded_yet_is_said_until_a_source_is_open(bench):
    bench.build()
    press(bench, Qt.Key.Key_R)
    assert bench.messages == ["Nothing can be recorded yet"]

    bench.controller.start()
    bench.wait_for_pictures(1)
    assert bench.messages == []


def test_r_records_and_ends_the_recording(bench):
    bench.run()
    press(bench, Qt.Key.Key_R)
    bench.wait(lambda: bench.parts.controls.record.text() == "End recording")
    assert bench.parts.status.recording_light.isVisible()
    bench.wait_for_pictures(20)

    press(bench, Qt.Key.Key_R)

    bench.wait(lambda: any(text.startswith("The session was saved in") for text in bench.messages))
    # The message comes from the thread that writes, the end of that thread a moment later.
    bench.wait(lambda: bench.parts.status.recording.text() == "Not recording")
    assert bench.parts.controls.record.text() == "Record"
    assert len(list(bench.sessions_dir.iterdir())) == 1


def test_a_recording_that_cannot_be_written_is_told(bench):
    bench.run()
    bench.sessions_dir.write_text("a file stands in the way")
    press(bench, Qt.Key.Key_R)

    bench.wait(lambda: len(bench.messages) == 1)
    assert bench.controller.state is EngineState.RUNNING
    bench.wait(lambda: bench.parts.controls.record.text() == "Record")


def test_a_snapshot_is_full_size(bench, tmp_path, monkeypatch):
    monkeypatch.setattr("desktop_pose.ui.commands.pictures_dir", lambda: tmp_path / "pictures")
    bench.run()
    press(bench, Qt.Key.Key_S)
    bench.wait(lambda: any(text.startswith("The snapshot was saved as") for text in bench.messages))

    (path,) = (tmp_path / "pictures").iterdir()
    image = QImage(str(path))
    assert (image.width(), image.height()) == (64, 48)


def test_a_snapshot_of_nothing_is_refused(bench):
    bench.build()
    press(bench, Qt.Key.Key_S)

    assert bench.messages == ["There is no picture to save"]


def test_a_source_that_cannot_be_opened_leaves_a_usable_window(bench):
    bench.source = FakeSource(fps=60, kind=SourceKind.FILE)
    bench.source.refuse_open.set()
    bench.build(settings=Settings(source="/missing.mp4", threads=1), does_retry_first_open=False)
    press(bench, Qt.Key.Key_Space)
    placeholder = bench.parts.picture.placeholder

    bench.wait(lambda: placeholder.title.text() == "The fake cannot be opened")
    assert placeholder.hint.text() == "Let it"
    assert placeholder.video.isVisible()
    assert bench.controller.state is EngineState.STOPPED

    bench.source.refuse_open.clear()
    press(bench, Qt.Key.Key_Space)
    bench.wait_for_pictures(1)


def test_a_stream_that_dies_shows_and_comes_back(bench):
    bench.run()
    bench.source.refuse_open.set()
    bench.source.fail_next_grab.set()
    bench.wait(lambda: bench.parts.status.source.text() == "Reconnecting…")
    assert bench.parts.picture.placeholder.isVisible()
    assert bench.messages

    bench.source.refuse_open.clear()

    bench.wait(lambda: bench.controller.state is EngineState.RUNNING)
    assert not bench.parts.picture.placeholder.isVisible()
    assert bench.messages == []


def test_full_screen_shows_the_picture_only_and_esc_comes_back(bench):
    bench.build()
    press(bench, Qt.Key.Key_F)
    assert bench.window.isFullScreen()
    assert not bench.parts.controls.isVisible()
    assert not bench.parts.charts.isVisible()

    press(bench, Qt.Key.Key_Escape)

    assert not bench.window.isFullScreen()
    assert bench.parts.controls.isVisible()
    assert bench.parts.charts.isVisible()


def test_a_changed_setting_is_stored_and_shown(bench):
    bench.run()
    bench.parts.controls.mirror.click()

    assert bench.stored[-1].mirror is False
    assert bench.controller.is_mirrored is False
    bench.parts.controls.record_kind.chosen.emit(RecordingKind.VIDEO)
    assert bench.stored[-1].record_kind is RecordingKind.VIDEO


def test_a_backend_that_is_not_there_is_grey(bench):
    bench.build(unavailable={Backend.MEDIAPIPE: "No wheel for this machine."})
    box = bench.parts.controls.backend

    assert not box.model().item(box.findData(Backend.MEDIAPIPE)).isEnabled()


def test_a_problem_of_the_start_is_told(bench):
    bench.build()

    bench.window.show_problem(SettingsError("The settings file could not be read", "The defaults are in use"))

    assert bench.messages == ["The settings file could not be read"]


def test_geometry_is_kept_and_the_engine_shut_down_at_the_end(bench):
    bench.run()
    bench.window.resize(760, 666)  # no wider: the offscreen screen is small
    with bench.qtbot.waitSignal(bench.window.closed) as closed:
        bench.window.close()

    assert closed.args == [True]
    assert bench.window.has_ended_cleanly is True
    assert not bench.window.isVisible()
    assert bench.controller.state is EngineState.STOPPED

    bench.build()
    assert (bench.window.width(), bench.window.height()) == (760, 666)


def test_closing_while_recording_finalises_the_session(bench):
    bench.run()
    press(bench, Qt.Key.Key_R)
    bench.wait(lambda: bench.parts.controls.record.text() == "End recording")
    bench.wait_for_pictures(10)

    bench.window.close()

    (folder,) = bench.sessions_dir.iterdir()
    assert (folder / "landmarks.sqlite").stat().st_size > 0
    assert not (folder / "landmarks.sqlite-wal").exists()


def test_closing_from_full_screen_keeps_the_ordinary_geometry(bench):
    bench.build()
    bench.window.resize(1000, 700)
    press(bench, Qt.Key.Key_F)
    bench.window.close()

    bench.build()
    assert not bench.window.isFullScreen()
    assert bench.parts.controls.isVisible()


def test_a_recorded_session_is_exported(bench, tmp_path):
    bench.run()
    press(bench, Qt.Key.Key_R)
    bench.wait(lambda: bench.parts.controls.record.text() == "End recording")
    bench.wait_for_pictures(10)
    press(bench, Qt.Key.Key_R)
    bench.wait(lambda: any(text.startswith("The session was saved in") for text in bench.messages))

    press(bench, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = bench.window.commands.export_dialog
    bench.wait(lambda: dialog.session.count() == 1)
    dialog.format.setCurrentIndex(dialog.format.findData("json"))
    assert dialog.file.text().endswith(".json")
    out = tmp_path / "out.json"
    dialog.file.setText(str(out))
    dialog.run.click()
    assert not dialog.run.isEnabled()

    bench.wait(lambda: dialog.work.message.text() == f"Saved as {out}")
    assert json.loads(out.read_text("utf-8"))
    assert dialog.run.text() == "Replace the file"
    assert not dialog.work.progress.isVisible()


def test_an_export_that_fails_says_why(bench, tmp_path):
    bench.run()
    press(bench, Qt.Key.Key_R)
    bench.wait(lambda: bench.parts.controls.record.text() == "End recording")
    bench.wait_for_pictures(10)
    press(bench, Qt.Key.Key_R)
    bench.wait(lambda: any(text.startswith("The session was saved in") for text in bench.messages))
    dialog = bench.window.commands.export_dialog
    dialog.open_for()
    bench.wait(lambda: dialog.session.count() == 1)
    (tmp_path / "file").write_text("in the way")
    dialog.file.setText(str(tmp_path / "file" / "out.csv"))
    dialog.run.click()

    bench.wait(lambda: dialog.run.isEnabled())
    assert dialog.work.message.text().endswith(".")
    assert "Saved" not in dialog.work.message.text()


def test_without_sessions_the_export_says_so(bench):
    bench.build()
    dialog = bench.window.commands.export_dialog
    dialog.open_for()

    bench.wait(lambda: dialog.work.message.text().startswith("Nothing has been recorded yet"))
    assert not dialog.run.isEnabled()


def test_the_demo_clip_with_the_real_model(qtbot, tmp_path):
    controller = Controller(
        Settings(source="demo", model=PoseModel.LITE, threads=1),
        EngineOptions(resources_dir() / "models", tmp_path / "cache", tmp_path / "sessions"),
    )
    window = MainWindow(
        controller, lambda _settings: None, sessions_dir=tmp_path, unavailable={}, state_file=None
    )
    qtbot.addWidget(window)
    window.show()
    controller.start()
    status = window.parts.status
    qtbot.waitUntil(lambda: "/s" in status.source.text(), timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: controller.statistics().people == 1, timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: controller.statistics().flow.displayed > 10, timeout=TIMEOUT_MS)

    image = window.parts.picture.grab().toImage()
    colours = {
        image.pixelColor(x, y).getRgb()[:3] for x in range(image.width()) for y in range(0, image.height(), 2)
    }
    window.close()

    assert (230, 159, 0) in colours
    assert (86, 180, 233) in colours
    assert status.source.text() == "Stopped"
    assert window.has_ended_cleanly


@pytest.mark.expects_error_log
def test_a_bug_in_the_engine_is_told_and_the_window_stays_usable(bench, monkeypatch):
    bench.build()
    working = bench._make_tracker
    bench.controller._trackers._make_tracker = lambda *_, **__: 1 / 0
    press(bench, Qt.Key.Key_Space)
    bench.wait(lambda: any(text.startswith("A bug stopped the tracking") for text in bench.messages))
    assert bench.controller.state is EngineState.STOPPED

    bench.controller._trackers._make_tracker = working
    press(bench, Qt.Key.Key_Space)
    bench.wait_for_pictures(1)


def test_closing_at_once_is_clean(bench):
    bench.build()
    bench.controller.start()
    bench.window.close()

    assert bench.window.has_ended_cleanly is True


def test_cameras_are_offered_by_name_with_size_and_rate(bench, monkeypatch):
    modes = (CameraMode(Size(1280, 720), 30.0, "MJPG"),)
    camera = Camera("/dev/v4l/by-id/usb-A", 0, "Webcam", modes)
    monkeypatch.setattr("desktop_pose.engine.tasks.list_cameras", lambda: (camera,))
    bench.build()
    bench.wait(lambda: bench.parts.controls.source.itemText(0) == "Webcam, 1280×720 at 30/s")


def test_full_screen_says_how_to_leave_it(bench):
    bench.run()
    bench.window.toggle_full_screen()
    assert bench.messages == ["Esc leaves the full screen"]

    bench.window.leave_full_screen()
    assert bench.messages == []
