import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QInputDialog, QMessageBox, QProxyStyle, QPushButton, QStyle

from desktop_pose import ui
from desktop_pose.ui.dialog_buttons import dialog_buttons, without_icons

StandardButton = QDialogButtonBox.StandardButton


class DesktopWithIcons(QProxyStyle):
    """As KDE has it."""

    def styleHint(self, hint, *arguments):  # noqa: N802  # Qt's
        if hint is QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 1
        return super().styleHint(hint, *arguments)


@pytest.fixture
def desktop(qapp):
    qapp.setStyle(DesktopWithIcons())
    yield
    qapp.setStyle("fusion")


@pytest.mark.usefixtures("desktop")
def test_no_button_of_a_dialog_has_an_icon(qtbot):
    plain = QDialogButtonBox(StandardButton.Close)
    qtbot.addWidget(plain)
    assert not plain.buttons()[0].icon().isNull()  # this is what happens without us

    row = dialog_buttons(StandardButton.Open, StandardButton.Cancel)
    box, field = QMessageBox(), QInputDialog()
    box.setStandardButtons(QMessageBox.StandardButton.Cancel)
    field.setLabelText("A note")
    for widget in (row, without_icons(box), without_icons(field)):
        qtbot.addWidget(widget)
        buttons = widget.findChildren(QPushButton)
        assert buttons
        assert all(button.icon().isNull() for button in buttons)


def test_every_dialog_has_its_buttons_from_here():
    """`QMessageBox` and `QInputDialog` may be made elsewhere, but not shown as they are."""
    texts = {path.name: path.read_text("utf-8") for path in Path(ui.__file__).parent.glob("*.py")}
    assert {name for name, text in texts.items() if "QDialogButtonBox(" in text} == {"dialog_buttons.py"}
    ready_made = re.compile(r"Q(MessageBox|InputDialog)\(")
    for name, text in texts.items():
        assert len(ready_made.findall(text)) == text.count("without_icons(") or name == "dialog_buttons.py", (
            name
        )
