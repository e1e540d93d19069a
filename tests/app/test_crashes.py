"""An exception nobody expected: logged, told once, the end."""

import logging
import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from desktop_pose.app.crashes import CrashHandler


def raise_into(handler: CrashHandler, error: BaseException) -> None:
    try:
        raise error
    except type(error) as raised:
        handler.handle(type(raised), raised, raised.__traceback__)


@pytest.mark.expects_error_log
def test_first_bug_ends_the_program_and_all_are_logged(caplog):
    ends = []
    handler = CrashHandler(ends.append, None)
    raise_into(handler, ZeroDivisionError("first"))
    raise_into(handler, ValueError("second"))
    assert ends == ["ZeroDivisionError: first"]
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
    assert "Traceback" in caplog.text


def test_interrupt_is_no_bug():
    ends = []
    raise_into(CrashHandler(ends.append, None), KeyboardInterrupt())
    assert ends == []


@pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of every dialog
@pytest.mark.expects_error_log
def test_dialog_names_the_bug_and_the_log(qtbot):
    window, ends, texts = QWidget(), [], []
    qtbot.addWidget(window)

    def close_dialog() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QMessageBox)
        texts.append(dialog.text())
        dialog.accept()

    QTimer.singleShot(100, close_dialog)
    raise_into(CrashHandler(ends.append, window), ZeroDivisionError("by the test"))
    assert "ZeroDivisionError: by the test" in texts[0]
    assert "desktop-pose.log" in texts[0]
    assert len(ends) == 1


def test_installed_it_is_the_hook(monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    handler = CrashHandler(lambda _summary: None, None)
    handler.install()
    assert sys.excepthook == handler.handle
