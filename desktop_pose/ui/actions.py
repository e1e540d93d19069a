"""Every command of the window, once: its name, keys and menu.

Menus, shortcuts and the list of shortcuts derive from it.
"""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow


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


@dataclass(frozen=True, slots=True)
class Entry:
    """How a command is offered.

    Attributes:
        menu: The menu it stands in; a group begins with each `starts_group`.
        text: Its name in the menu.
        keys: Its shortcuts, the first one shown.
        starts_group: Whether a separator stands above it.
    """

    menu: Menu
    text: str
    keys: tuple[str, ...] = ()
    starts_group: bool = False

    @property
    def plain_text(self) -> str:
        """The name without the mark of the menu's own key and without dots."""
        return self.text.replace("&", "").rstrip("…")


ENTRIES: dict[Command, Entry] = {
    Command.OPEN_VIDEO: Entry(Menu.FILE, "Open &video…", ("Ctrl+O",)),
    Command.OPEN_STREAM: Entry(Menu.FILE, "Open s&tream…", ("Ctrl+Shift+O",)),
    Command.OPEN_FOLDER: Entry(Menu.FILE, "Open &image folder…"),
    Command.SESSIONS: Entry(Menu.FILE, "Sess&ions…", ("Ctrl+L",), starts_group=True),
    Command.EXPORT: Entry(Menu.FILE, "&Export a session…", ("Ctrl+E",)),
    Command.SNAPSHOT: Entry(Menu.FILE, "Take a &snapshot", ("S",)),
    Command.QUIT: Entry(Menu.FILE, "&Quit", ("Ctrl+Q",), starts_group=True),
    Command.START_STOP: Entry(Menu.RUN, "&Start or stop", ("Space",)),
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
    Command.LEAVE_FULL_SCREEN: Entry(Menu.VIEW, "&Leave full screen", ("Esc",)),
    Command.MEASURE: Entry(Menu.HELP, "&Measure this computer…"),
    Command.SHORTCUTS: Entry(Menu.HELP, "&Keyboard shortcuts", ("F1",)),
    Command.RESOURCES: Entry(Menu.HELP, "&Resources…", ("Ctrl+Shift+R",)),
    Command.ABOUT: Entry(Menu.HELP, "&About Desktop Pose"),
}

PLAYBACK_COMMANDS = tuple(command for command, entry in ENTRIES.items() if entry.menu is Menu.PLAYBACK)
"""What can be asked for only while a session is played."""


def add_actions(window: QMainWindow) -> dict[Command, QAction]:
    """Fill the menu bar of `window`; the actions by command, working also while the menus are hidden."""
    menus = {menu: window.menuBar().addMenu(menu.value) for menu in Menu}
    actions: dict[Command, QAction] = {}
    for command, entry in ENTRIES.items():
        action = QAction(entry.text, window)
        action.setShortcuts([QKeySequence(key) for key in entry.keys])
        if entry.starts_group:
            menus[entry.menu].addSeparator()
        menus[entry.menu].addAction(action)
        window.addAction(action)
        actions[command] = action
    actions[Command.QUIT].setMenuRole(QAction.MenuRole.QuitRole)
    actions[Command.ABOUT].setMenuRole(QAction.MenuRole.AboutRole)
    return actions
