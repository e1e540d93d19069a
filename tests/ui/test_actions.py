import re
from pathlib import Path

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QMainWindow

from desktop_pose import ui
from desktop_pose.ui.actions import ENTRIES, JUMPS, SESSIONS_ENTRIES, Command, add_actions
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


def told_keys(qtbot):
    """What the list of shortcuts says, by the key as it is named there."""
    window = QMainWindow()
    qtbot.addWidget(window)
    told, keys = {}, None
    for label in shortcuts_dialog(window).findChildren(QLabel):
        if label.text().startswith("<"):
            keys = None
        elif keys is None:
            keys = label.text()
        else:
            told[keys], keys = label.text(), None
    return told


def test_the_list_of_shortcuts_tells_every_entry_with_keys(qtbot):
    entries = [*ENTRIES.values(), *SESSIONS_ENTRIES.values(), *JUMPS.values()]
    wanted = {each.keys_in_words: each.meaning or each.plain_text for each in entries if each.keys}
    assert told_keys(qtbot) == wanted


def test_every_action_of_the_windows_has_its_keys_in_the_list_of_shortcuts(bench):
    bench.build()
    bench.window.sessions.show_sessions()
    told = {key for keys in told_keys(bench.qtbot) for key in keys.split(" or ")}
    for window in (bench.window, bench.window.sessions.window):
        made = [*window.findChildren(QAction), *window.actions()]
        keys = {key.toString() for action in made for key in action.shortcuts() if not key.isEmpty()}
        assert keys
        assert keys <= told
    bench.wait(lambda: bench.window.sessions.window._listing is None)


def test_only_the_table_of_commands_gives_keys():
    """A key that another module looks at would be missing from the list of shortcuts."""
    looking = re.compile("setShortcuts?\\(|QShortcut|QKeySequence\\(|def keyPressEvent|def keyReleaseEvent")
    found = {
        path.name for path in Path(ui.__file__).parent.glob("*.py") if looking.search(path.read_text("utf-8"))
    }
    assert found == {"actions.py", "playback_scrub.py"}  # which asks `jump_of`


def test_about_says_what_leaves_the_machine(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)

    texts = [label.text() for label in about_dialog(window).findChildren(QLabel)]

    assert any("Nothing leaves this machine" in text for text in texts)
