"""Logging out finalises the recording."""

from PySide6.QtCore import QCoreApplication

from desktop_pose.app.log_out import LogOut
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording.library import list_sessions
from desktop_pose.recording.session import SessionState
from tests.engine.test_recording import Engine


def test_logging_out_finalises_the_recording(tmp_path, qtbot):
    engine = Engine(tmp_path, qtbot)
    log_out = LogOut(QCoreApplication.instance(), engine.controller)
    try:
        engine.record(RecordingKind.LANDMARKS, 0.2)
        log_out.finish()
        assert [info.state for info in list_sessions(tmp_path)] == [SessionState.COMPLETE]
        log_out.finish()
    finally:
        log_out.deleteLater()
        assert engine.controller.shut_down()
