import pytest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QWidget

from desktop_pose.ui.actions import Command
from desktop_pose.ui.source_opening import SourceOpener, StreamDialog


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("", False),
        ("camera", False),
        ("http://", False),
        ("ftp://host/x", False),
        ("http://192.168.1.20:8080/video", True),
        ("RTSP://host/stream", True),
        ("  udp://239.0.0.1:1234 ", True),
    ],
)
def test_only_an_address_can_be_opened(window, text, is_address):
    dialog = StreamDialog(window)
    dialog.address.setText(text)

    assert dialog.buttons.button(QDialogButtonBox.StandardButton.Open).isEnabled() is is_address


def test_the_address_is_told(window, qtbot):
    opener = SourceOpener(window)
    opener.ask(Command.OPEN_STREAM)
    dialog = window.findChild(StreamDialog)
    dialog.address.setText(" http://host/video ")

    with qtbot.waitSignal(opener.chosen) as chosen:
        dialog.buttons.button(QDialogButtonBox.StandardButton.Open).click()

    assert chosen.args == ["http://host/video"]


@pytest.mark.parametrize("command", [Command.OPEN_VIDEO, Command.OPEN_FOLDER])
def test_files_and_folders_are_asked_for_without_blocking(window, qtbot, command, tmp_path):
    opener = SourceOpener(window)
    opener.ask(command)
    dialog = window.findChild(QFileDialog)

    with qtbot.waitSignal(opener.chosen) as chosen:
        dialog.fileSelected.emit(str(tmp_path))

    assert chosen.args == [str(tmp_path)]
    dialog.reject()


def test_the_next_dialog_begins_where_the_last_file_was(window, tmp_path):
    opener = SourceOpener(window)
    opener.ask(Command.OPEN_VIDEO)
    first = window.findChild(QFileDialog)
    first.fileSelected.emit(str(tmp_path / "clip.mp4"))
    first.setParent(None)
    opener.ask(Command.OPEN_VIDEO)

    second = window.findChild(QFileDialog)
    assert second.directory().absolutePath() == str(tmp_path)
    for dialog in (first, second):
        dialog.reject()
