import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop_pose.ui.own_model import OwnModelAsker


@pytest.fixture
def asked(qtbot, tmp_path):
    """The asker, and the box that warns of a file that was chosen."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    asker = OwnModelAsker(window)
    asker.ask()
    path = tmp_path / "mine.tflite"
    path.write_bytes(b"")
    window.findChild(QFileDialog).fileSelected.emit(str(path))
    return asker, window.findChild(QMessageBox), str(path)


def button(box, role):
    (found,) = [one for one in box.buttons() if box.buttonRole(one) is role]
    return found


def test_the_file_is_told_only_after_the_warning(qtbot, asked):
    asker, box, path = asked
    assert "mine.tflite" in box.text()
    assert "unverified" in box.informativeText()
    with qtbot.waitSignal(asker.chosen) as chosen:
        button(box, QMessageBox.ButtonRole.AcceptRole).click()
    assert chosen.args == [path]


def test_cancel_is_the_default_and_tells_nothing(qtbot, asked):
    asker, box, _ = asked
    cancel = button(box, QMessageBox.ButtonRole.RejectRole)
    assert box.defaultButton() is cancel
    with qtbot.assertNotEmitted(asker.chosen):
        cancel.click()
