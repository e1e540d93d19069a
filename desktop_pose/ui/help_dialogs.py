"""The list of shortcuts, made from the table of commands, and what this program is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop_pose import __version__
from desktop_pose.core.topology import Side
from desktop_pose.render.scene import COLOURS
from desktop_pose.ui.actions import ENTRIES

_SIDE_WORDS = {Side.LEFT: "the person's left", Side.RIGHT: "the person's right", Side.CENTRE: "the middle"}


def shortcuts_dialog(parent: QWidget) -> QDialog:
    """Every command that has keys, with them; and what the colours of the skeleton mean."""
    dialog = _dialog(parent, "Keyboard shortcuts")
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setColumnStretch(1, 1)
    entries = [entry for entry in ENTRIES.values() if entry.keys]
    for row, entry in enumerate(entries):
        keys = " or ".join(
            QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in entry.keys
        )
        grid.addWidget(QLabel(f"<b>{keys}</b>"), row, 0)
        grid.addWidget(QLabel(entry.plain_text), row, 1)
    column = dialog.layout()
    assert isinstance(column, QVBoxLayout)
    column.insertLayout(0, grid)
    column.insertWidget(1, QLabel(_colours_text()))
    return dialog


def about_dialog(parent: QWidget) -> QDialog:
    """Name, version, licence and promises."""
    dialog = _dialog(parent, "About Desktop Pose")
    label = QLabel(
        f"<h3>Desktop Pose {__version__}</h3>"
        "<p>Live human pose tracking on an ordinary computer, "
        "with its cost on screen and under your control.</p>"
        "<p>Nothing leaves this machine: no frame, no landmark, no statistics.</p>"
        "<p>Apache License 2.0. Pose models: BlazePose GHUM by Google, Apache License 2.0. "
        "The window is made with Qt (LGPL).</p>"
    )
    label.setWordWrap(True)
    label.setMinimumWidth(380)
    column = dialog.layout()
    assert isinstance(column, QVBoxLayout)
    column.insertWidget(0, label)
    return dialog


def _colours_text() -> str:
    parts = [
        f'<span style="color: {QColor(*COLOURS[side]).name()}; background-color: #181818;">'
        f"&nbsp;●&nbsp;</span> {words}"
        for side, words in _SIDE_WORDS.items()
    ]
    return f"<p>Colours of the skeleton: {', '.join(parts)}.<br>What is hardly visible is thin and grey.</p>"


def _dialog(parent: QWidget, title: str) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    column = QVBoxLayout(dialog)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column.addWidget(buttons)
    return dialog
