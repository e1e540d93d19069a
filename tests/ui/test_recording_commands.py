import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.settings import RecordingKind, Settings, VideoQuality
from desktop_pose.recording.library import list_sessions
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import SessionState
from desktop_pose.ui.actions import Command

INTERRUPTED = Path(__file__).parents[1] / "recording" / "versions" / "1_interrupted"


def finished(bench):
    """The session that was recorded, once it is complete."""
    bench.controller.stop_recording()
    bench.qtbot.waitUntil(lambda: not bench.controller.recorder.status.is_recording)
    (info,) = list_sessions(bench.sessions_dir)
    return info


def test_a_moment_is_marked_at_once_and_gets_its_note_later(bench):
    begun_ns = monotonic_ns()
    bench.run()
    bench.controller.start_recording(RecordingKind.LANDMARKS)
    recorder = bench.controller.recorder
    bench.qtbot.waitUntil(lambda: recorder.status.duration_s > 0.1)
    recorded_ns = recorder.status.duration_s * NS_PER_S
    bench.qtbot.keyClick(bench.window, Qt.Key.Key_B)
    bench.qtbot.keyClick(bench.window, Qt.Key.Key_B)
    pressed_ns = monotonic_ns() - begun_ns
    first, second = bench.window.findChildren(QInputDialog)
    second.setTextValue("knee")
    second.accept()
    first.reject()
    with SessionReader.open(finished(bench).path) as reader:
        marks = reader.marks()
    assert [(mark.number, mark.note) for mark in marks] == [(1, ""), (2, "knee")]
    assert all(recorded_ns <= mark.time_ns <= pressed_ns for mark in marks)


def test_mark_without_a_recording_says_so(bench):
    bench.run()
    bench.window.actions_by_command[Command.MARK].trigger()
    assert [message.text for message in bench.parts.banners.messages] == ["There is no recording to mark"]


def test_note_after_the_end_of_the_recording_says_so(bench):
    bench.run()
    bench.controller.start_recording(RecordingKind.LANDMARKS)
    bench.qtbot.waitUntil(lambda: bench.controller.recorder.status.duration_s > 0.1)
    bench.window.recordings.mark()
    finished(bench)
    (dialog,) = bench.window.findChildren(QInputDialog)
    dialog.setTextValue("too late")
    dialog.accept()
    assert any("ended before the note" in message.text for message in bench.parts.banners.messages)


def test_interrupted_recordings_are_offered_and_repaired(bench):
    for name in ("a", "b"):
        shutil.copytree(INTERRUPTED, bench.tmp_path / "sessions" / name)
    bench.build()

    def offers():
        return [banner for banner in bench.parts.banners._banners if "interrupted" in banner.message.text]

    bench.qtbot.waitUntil(lambda: len(offers()) == 1)
    (offer,) = offers()
    assert offer.message.text == "2 recordings were interrupted"
    (repair,) = (button for button in offer.findChildren(type(bench.parts.controls.start)) if button.text())
    repair.click()
    bench.qtbot.waitUntil(
        lambda: "2 recordings are repaired" in [message.text for message in bench.parts.banners.messages]
    )
    states = {info.state for info in list_sessions(bench.sessions_dir)}
    assert states == {SessionState.RECOVERED}


@pytest.mark.parametrize("quality", list(VideoQuality))
def test_quality_of_the_video_is_chosen_in_the_menu(bench, quality):
    start = VideoQuality.LOW if quality is VideoQuality.HIGH else VideoQuality.HIGH
    bench.build(settings=Settings(source="http://127.0.0.1/fake", threads=1, video_quality=start))
    menu = bench.window.recordings.quality
    assert menu.actions[start].isChecked()
    menu.actions[quality].trigger()
    assert bench.stored[-1].video_quality is quality
    assert bench.controller.settings.video_quality is quality
