"""Every command and every key of the windows, once: name, keys and menu.

Menus, shortcuts and the list of shortcuts derive from it; no other module gives an action its keys.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QWidget


class Menu(Enum):
    """The menus in the order they are shown."""

    FILE = "&File"
    RUN = "&Run"
    PLAYBACK = "&Playback"
    VIEW = "&View"
    HELP = "&Help"


class Command(Enum):
    """What the user can ask the window for."""

    OPEN_VIDEO = "open_video"
    OPEN_STREAM = "open_stream"
    OPEN_FOLDER = "open_folder"
    SNAPSHOT = "snapshot"
    EXPORT = "export"
    QUIT = "quit"
    START_STOP = "start_stop"
    RECORD = "record"
    MARK = "mark"
    NEXT_MODEL = "next_model"
    OWN_MODEL = "own_model"
    MORE_THREADS = "more_threads"
    FEWER_THREADS = "fewer_threads"
    SESSIONS = "sessions"
    FRAME_BACK = "frame_back"
    FRAME_ON = "frame_on"
    SLOWER = "slower"
    FASTER = "faster"
    LIVE = "live"
    FULL_SCREEN = "full_screen"
    LEAVE_FULL_SCREEN = "leave_full_screen"
    MEASURE = "measure"
    SHORTCUTS = "shortcuts"
    RESOURCES = "resources"
    ABOUT = "about"


class SessionsCommand(Enum):
    """What the user can ask the window of the sessions for."""

    PLAY = "play"
    RENAME = "rename"
    EDIT_NOTE = "edit_note"
    EXPORT = "export"
    TRACK_AGAIN = "track_again"
    COMPARE = "compare"
    REPAIR = "repair"
    SHOW_FOLDER = "show_folder"
    TRASH = "trash"
    CHOOSE_ALL = "choose_all"
    SEARCH = "search"
    READ_AGAIN = "read_again"


class Jump(Enum):
    """Where a key goes on the bar of a playback's time."""

    BACK = "back"
    ON = "on"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Entry:
    """How a command is offered.

    Attributes:
        menu: The menu it stands in; None where it is no command of the main window.
        text: Its name in a menu or on a button.
        keys: Its shortcuts, the first one shown.
        starts_group: Whether a separator stands above it.
        meaning: What the list of shortcuts says in place of its name, where that does not say all.
    """

    menu: Menu | None
    text: str
    keys: tuple[str, ...] = ()
    starts_group: bool = False
    meaning: str = ""

    @property
    def plain_text(self) -> str:
        """The name without the mark of the menu's own key and without dots."""
        return self.text.replace("&", "").rstrip("…")

    @property
    def shortcuts(self) -> list[QKeySequence]:
        """Its keys."""
        return [QKeySequence(key) for key in self.keys]

    @property
    def keys_in_words(self) -> str:
        """Its keys by the names they have on this system."""
        return " or ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in self.shortcuts)


ENTRIES: dict[Command, Entry] = {
    Command.OPEN_VIDEO: Entry(Menu.FILE, "Open &video…", ("Ctrl+O",)),
    Command.OPEN_STREAM: Entry(Menu.FILE, "Open s&tream…", ("Ctrl+Shift+O",)),
    Command.OPEN_FOLDER: Entry(Menu.FILE, "Open &image folder…"),
    Command.SESSIONS: Entry(Menu.FILE, "Sess&ions…", ("Ctrl+L",), starts_group=True),
    Command.EXPORT: Entry(Menu.FILE, "&Export a session…", ("Ctrl+E",)),
    Command.SNAPSHOT: Entry(Menu.FILE, "Take a &snapshot", ("S",)),
    Command.QUIT: Entry(Menu.FILE, "&Quit", ("Ctrl+Q",), starts_group=True),
    Command.START_STOP: Entry(
        Menu.RUN, "&Start or stop", ("Space",), meaning="Start or stop; of a session: play or pause"
    ),
    Command.RECORD: Entry(Menu.RUN, "&Record", ("R",)),
    Command.MARK: Entry(Menu.RUN, "Mark &this moment of the recording", ("B",)),
    Command.NEXT_MODEL: Entry(Menu.RUN, "Next &model", ("M",), starts_group=True),
    Command.OWN_MODEL: Entry(Menu.RUN, "Use a model of &your own…"),
    Command.MORE_THREADS: Entry(Menu.RUN, "&One thread more", ("+", "=")),
    Command.FEWER_THREADS: Entry(Menu.RUN, "One thread &fewer", ("-",)),
    Command.FRAME_BACK: Entry(Menu.PLAYBACK, "One frame &back", (",", "Left")),
    Command.FRAME_ON: Entry(Menu.PLAYBACK, "One frame &on", (".", "Right")),
    Command.SLOWER: Entry(Menu.PLAYBACK, "&Slower", ("[",)),
    Command.FASTER: Entry(Menu.PLAYBACK, "&Faster", ("]",)),
    Command.LIVE: Entry(Menu.PLAYBACK, "Back to the &live picture", ("Ctrl+Shift+L",), starts_group=True),
    Command.FULL_SCREEN: Entry(Menu.VIEW, "&Full screen", ("F", "F11")),
    Command.LEAVE_FULL_SCREEN: Entry(
        Menu.VIEW, "&Leave full screen", ("Esc",), meaning="Leave the full screen; follow everybody again"
    ),
    Command.MEASURE: Entry(Menu.HELP, "&Measure this computer…"),
    Command.SHORTCUTS: Entry(Menu.HELP, "&Keyboard shortcuts", ("F1",)),
    Command.RESOURCES: Entry(Menu.HELP, "&Resources…", ("Ctrl+Shift+R",)),
    Command.ABOUT: Entry(Menu.HELP, "&About Desktop Pose"),
}

SESSIONS_ENTRIES: dict[SessionsCommand, Entry] = {
    SessionsCommand.PLAY: Entry(None, "&Play", ("Return", "Enter")),
    SessionsCommand.RENAME: Entry(None, "&Rename", ("F2",)),
    SessionsCommand.EDIT_NOTE: Entry(None, "Edit &note", ("F4",)),
    SessionsCommand.EXPORT: Entry(None, "&Export…"),
    SessionsCommand.TRACK_AGAIN: Entry(None, "Trac&k again…"),
    SessionsCommand.COMPARE: Entry(None, "&Compare…"),
    SessionsCommand.REPAIR: Entry(None, "Rep&air"),
    SessionsCommand.SHOW_FOLDER: Entry(None, "Show &folder"),
    SessionsCommand.TRASH: Entry(None, "Move to &trash…", ("Del",)),
    SessionsCommand.CHOOSE_ALL: Entry(None, "Choose all", ("Ctrl+A",)),
    SessionsCommand.SEARCH: Entry(None, "Search", ("Ctrl+F",)),
    SessionsCommand.READ_AGAIN: Entry(None, "Read again", ("F5",), meaning="Read the list again"),
}

JUMPS: dict[Jump, Entry] = {
    Jump.BACK: Entry(None, "5 s back", ("PgUp",)),
    Jump.ON: Entry(None, "5 s on", ("PgDown",)),
    Jump.FIRST: Entry(None, "First frame", ("Home",)),
    Jump.LAST: Entry(None, "Last frame", ("End",)),
}

PLAYBACK_COMMANDS = tuple(command for command, entry in ENTRIES.items() if entry.menu is Menu.PLAYBACK)
"""What can be asked for only while a session is played."""


def entries_of(menu: Menu) -> tuple[Entry, ...]:
    """What stands in a menu, from its top."""
    return tuple(entry for entry in ENTRIES.values() if entry.menu is menu)


def add_actions(window: QMainWindow) -> dict[Command, QAction]:
    """Fill the menu bar of `window`; the actions by command, working also while the menus are hidden."""
    menus = {menu: window.menuBar().addMenu(menu.value) for menu in Menu}
    actions: dict[Command, QAction] = {}
    for command, entry in ENTRIES.items():
        action = QAction(entry.text, window)
        action.setShortcuts(entry.shortcuts)
        if entry.menu is not None:
            if entry.starts_group:
                menus[entry.menu].addSeparator()
            menus[entry.menu].addAction(action)
        window.addAction(action)
        actions[command] = action
    actions[Command.QUIT].setMenuRole(QAction.MenuRole.QuitRole)
    actions[Command.ABOUT].setMenuRole(QAction.MenuRole.AboutRole)
    return actions


def sessions_action(
    command: SessionsCommand,
    parent: QWidget,
    handler: Callable[[], object],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WidgetWithChildrenShortcut,
) -> QAction:
    """The action of a command of the sessions' window, added to `parent`, in which its keys work."""
    entry = SESSIONS_ENTRIES[command]
    action = QAction(entry.text, parent)
    action.setShortcuts(entry.shortcuts)
    action.setShortcutContext(context)
    action.triggered.connect(lambda _checked=False: handler())
    parent.addAction(action)
    return action


def jump_of(key: QKeyCombination) -> Jump | None:
    """Where a key goes on the bar of a playback's time; None for keys that go nowhere."""
    return next((jump for jump, entry in JUMPS.items() if QKeySequence(key) in entry.shortcuts), None)
