from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QMainWindow

from desktop_pose.ui.actions import ENTRIES, Command, add_actions
from desktop_pose.ui.help_dialogs import about_dialog, shortcuts_dialog

# What users have learned.
WANTED = {
    Command.START_STOP: "Space",
    Command.RECORD: "R",
    Command.NEXT_MODEL: "M",
    Command.MORE_THREADS: "+",
    Command.FEWER_THREADS: "-",
    Command.FULL_SCREEN: "F",
    Command.LEAVE_FULL_SCREEN: "Esc",
    Command.OPEN_VIDEO: "Ctrl+O",
    Command.EXPORT: "Ctrl+E",
    Command.SHORTCUTS: "F1",
}


def test_the_promised_keys(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)

    actions = add_actions(window)

    for command, key in WANTED.items():
        assert QKeySequence(key) in actions[command].shortcuts()


def test_every_command_is_in_a_menu_and_no_key_is_taken_twice(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)

    actions = add_actions(window)

    assert set(actions) == set(Command) == set(ENTRIES)
    offered = [action for menu in window.menuBar().actions() for action in menu.menu().actions()]
    assert all(action in offered for action in actions.values())
    keys = [key for entry in ENTRIES.values() for key in entry.keys]
    assert len(keys) == len(set(keys))


def test_the_list_of_shortcuts_names_every_command_with_keys(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)

    dialog = shortcuts_dialog(window)

    texts = [label.text() for label in dialog.findChildren(QLabel)]
    for entry in ENTRIES.values():
        assert (entry.plain_text in texts) is bool(entry.keys)
    assert any("Ctrl+O" in text for text in texts)


def test_about_says_what_leaves_the_machine(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)

    texts = [label.text() for label in about_dialog(window).findChildren(QLabel)]

    assert any("Nothing leaves this machine" in text for text in texts)
