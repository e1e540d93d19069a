"""The list of shortcuts, made from the table of commands, and what this program is."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop_pose import __version__
from desktop_pose.core.topology import Side
from desktop_pose.render.scene import COLOURS
from desktop_pose.ui.actions import JUMPS, SESSIONS_ENTRIES, Entry, Menu, entries_of
from desktop_pose.ui.dialog_buttons import dialog_buttons

_GAP_PX = 24
_ROW_GAP_PX = 4
_ABOVE_HEADING_PX = 10
_SIDE_WORDS = {Side.LEFT: "the person's left", Side.RIGHT: "the person's right", Side.CENTRE: "the middle"}


def shortcuts_dialog(parent: QWidget) -> QDialog:
    """All that has keys, with them, by where they work; and what the colours of the skeleton mean."""
    dialog = _dialog(parent, "Keyboard shortcuts")
    lists = {menu: (menu.value.replace("&", ""), entries_of(menu)) for menu in Menu}
    on_playback = (
        lists.pop(Menu.PLAYBACK),
        ("On the bar of a playback, reached by Tab", tuple(JUMPS.values())),
        ("In the list of sessions", tuple(SESSIONS_ENTRIES.values())),
    )
    row = QHBoxLayout()
    row.setSpacing(_GAP_PX)
    row.addLayout(_lists(lists.values()))
    row.addLayout(_lists(on_playback))
    column = dialog.layout()
    assert isinstance(column, QVBoxLayout)
    column.insertLayout(0, row)
    column.insertSpacing(1, _ABOVE_HEADING_PX)
    column.insertWidget(2, QLabel(_colours_text()))
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


def _lists(lists: Iterable[tuple[str, tuple[Entry, ...]]]) -> QGridLayout:
    """Headings, and below each what has keys."""
    grid = QGridLayout()
    grid.setVerticalSpacing(_ROW_GAP_PX)
    grid.setHorizontalSpacing(_GAP_PX)
    grid.setColumnStretch(1, 1)
    for heading, entries in lists:
        if grid.count():
            grid.setRowMinimumHeight(grid.rowCount(), _ABOVE_HEADING_PX)
        grid.addWidget(QLabel(f"<b>{heading}</b>"), grid.rowCount(), 0, 1, 2)
        for entry in entries:
            if entry.keys:
                row = grid.rowCount()
                grid.addWidget(QLabel(entry.keys_in_words), row, 0)
                grid.addWidget(QLabel(entry.meaning or entry.plain_text), row, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid


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
    buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column.addWidget(buttons)
    return dialog
