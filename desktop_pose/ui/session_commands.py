"""What is done with recorded sessions: the window that lists them, and their playback in the main window.

The windows are imported when they are first asked for: most starts never do.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QToolBar

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.engine.controller import Controller
from desktop_pose.ui.actions import Command
from desktop_pose.ui.parts import Parts
from desktop_pose.ui.playback_mode import PlaybackMode

if TYPE_CHECKING:
    from desktop_pose.recording.catalogue import CatalogueEntry
    from desktop_pose.ui.sessions_again import TrackAgainDialog
    from desktop_pose.ui.sessions_comparison import ComparisonDialog
    from desktop_pose.ui.sessions_window import SessionsWindow


class SessionCommands(QObject):
    """Joins the list of sessions, their playback and their export.

    Args:
        controller: The engine.
        parts: Of the main window.
        window: The main window.
        toolbar: Where its live controls are.
        export: Asks how to export sessions, given their folders; without any, which.

    Attributes:
        playback: The main window while a session is played.
        window: The window of the sessions; None before it is first asked for.
    """

    def __init__(
        self,
        controller: Controller,
        parts: Parts,
        window: QMainWindow,
        toolbar: QToolBar,
        export: Callable[..., object],
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._parts = parts
        self._main_window = window
        self._help: QAction | None = None
        self._export = export
        self.window: SessionsWindow | None = None
        self._again: TrackAgainDialog | None = None
        self._comparison: ComparisonDialog | None = None
        self.playback = PlaybackMode(controller, parts, window, toolbar, export, self.show_sessions)

    def connect_actions(self, actions: dict[Command, QAction]) -> None:
        """Let menus and keys do the same as the controls."""
        self._help = actions[Command.SHORTCUTS]
        actions[Command.SESSIONS].triggered.connect(lambda _checked=False: self.show_sessions())
        actions[Command.EXPORT].triggered.connect(self.export)
        self.playback.connect_actions(actions)

    @Slot()
    def show_sessions(self) -> None:
        """Show all sessions."""
        if self.window is None:
            from desktop_pose.ui.sessions_window import SessionsWindow

            self.window = SessionsWindow(
                self._main_window, self._controller.library, self._play, self._export
            )
            if self._help is not None:
                self.window.addAction(self._help)
            self.window.leaving.connect(self.playback.leave_session)
            self.window.tracking_wanted.connect(self._track_again)
            self.window.comparison_wanted.connect(self._compare_entries)
            self._controller.session_saved.connect(self.window.on_session_saved)
            self._controller.problem_raised.connect(self._on_problem_raised)
        self.window.open_list()

    @Slot()
    def export(self) -> None:
        """Ask how to export the session that is played, else which."""
        played = self.playback.session
        self._export(*([] if played is None else [played]))

    @Slot(object)
    def _track_again(self, entry: "CatalogueEntry") -> None:
        if self._again is None and self.window is not None:
            from desktop_pose.ui.sessions_again import TrackAgainDialog

            controller = self._controller
            self._again = TrackAgainDialog(self.window, lambda: controller.settings, controller.track_again)
            self._again.made.connect(self.window.read_again)
            self._again.comparison_wanted.connect(self._compare)
        if self._again is not None:
            self._again.open_for(entry)

    @Slot(object, object)
    def _compare_entries(self, reference: "CatalogueEntry", other: "CatalogueEntry") -> None:
        self._compare(reference.path, other.path)

    @Slot(object, object)
    def _compare(self, reference: Path, other: Path) -> None:
        if self.window is None:
            return
        if self._comparison is None:
            from desktop_pose.ui.sessions_comparison import ComparisonDialog  # imports pyqtgraph

            self._comparison = ComparisonDialog(self.window, self._controller.library)
        model = self.window.model
        self._comparison.open_for(reference, other, (model.name_of(reference), model.name_of(other)))

    @Slot(object, bool)
    def _on_problem_raised(self, error: DesktopPoseError, _is_fatal: bool) -> None:
        """Say it in the list as well if that has asked, for it may hide the message of the main window."""
        if self.window is not None and self.window.isActiveWindow():
            self.window.say(str(error))

    def _play(self, entry: "CatalogueEntry") -> None:
        """Play a session, and take the list out of the way: it would stay above what is played."""
        self.playback.play(entry.path, entry.about)
        picture = self._parts.picture
        place = QRect(picture.mapToGlobal(QPoint()), picture.size())
        is_played = self.playback.session == entry.path
        if is_played and self.window is not None and self.window.frameGeometry().intersects(place):
            self.window.hide()
