"""The buttons at the bottom of dialogs: with words alone.

Where the desktop asks for icons on them, standard buttons have one and our own have none; and where it has no
theme of icons, Qt's own are drawn for a light ground: in a dark palette nothing is seen of the X of Close.
"""

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox


def dialog_buttons(*buttons: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """A row of these standard buttons, to which others can be added."""
    box = QDialogButtonBox()
    for button in buttons:
        box.addButton(button).setIcon(QIcon())
    return box


def without_icons(dialog: QDialog) -> QDialog:
    """The same of one of Qt's ready-made dialogs, whose buttons are chosen by now."""
    dialog.sizeHint()  # a `QInputDialog` makes its buttons when it is first asked for its size
    for box in dialog.findChildren(QDialogButtonBox):
        for button in box.buttons():
            button.setIcon(QIcon())
    return dialog
