"""The window while a session is played: other controls and charts around the same picture."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.playback_frames import SessionSummary
from desktop_pose.recording.about import SessionAbout
from desktop_pose.ui.actions import PLAYBACK_COMMANDS, Command
from desktop_pose.ui.banner import Message, problem
from desktop_pose.ui.parts import Parts
from desktop_pose.ui.placeholder import STOPPED, Notice
from desktop_pose.ui.playback_bar import PlaybackBar
from desktop_pose.ui.playback_dock import PlaybackDock
from desktop_pose.ui.session_words import name_in

_TOPIC = "playback"
_NO_VIDEO = "recorded without video"
_OPENING = Notice("Opening the session…")


class PlaybackMode(QObject):
    """Lets the window show a session instead of the source.

    Args:
        controller: The engine.
        parts: Of the window.
        window: The window.
        toolbar: Where the live controls are; those of the playback take their place.
        export: Called with the folder of the session to export.
        show_sessions: Opens the window of the sessions.

    Attributes:
        bar: The controls of a playback.
        dock: Its charts.
    """

    def __init__(
        self,
        controller: Controller,
        parts: Parts,
        window: QMainWindow,
        toolbar: QToolBar,
        export: Callable[[Path], object],
        show_sessions: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._controller, self._parts, self._window = controller, parts, window
        self._playback = controller.playback
        self._session: Path | None = None
        self._about = SessionAbout()
        self._was_running = False
        self._commands: dict[Command, QAction] = {}
        self.bar = PlaybackBar()
        self.dock = PlaybackDock(window, controller, parts.charts)
        self._live_controls = toolbar.actions()[0]
        self._own_controls = toolbar.addWidget(self.bar)
        self._own_controls.setVisible(False)
        bar, playback = self.bar, self._playback
        bar.scrub.sought.connect(playback.seek)
        bar.speed_chosen.connect(playback.set_speed)
        bar.raw_chosen.connect(playback.set_raw)
        bar.play.clicked.connect(self.play_or_pause)
        bar.back.clicked.connect(lambda: playback.step(-1))
        bar.on.clicked.connect(lambda: playback.step(1))
        bar.export.clicked.connect(lambda: export(self._session) if self._session is not None else None)
        bar.sessions.clicked.connect(lambda _checked=False: show_sessions())
        bar.live.clicked.connect(self.leave)
        self.dock.sought.connect(playback.seek)
        playback.opened.connect(self._on_opened)
        playback.moved.connect(self._on_moved)
        playback.failed.connect(self._on_failed)
        playback.crashed.connect(self._on_crashed)
        playback.closed.connect(self._on_closed)

    def connect_actions(self, actions: dict[Command, QAction]) -> None:
        """Let menu and keys do what the controls do, while a session is played."""
        handlers: dict[Command, Callable[[], object]] = {
            Command.FRAME_BACK: lambda: self._playback.step(-1),
            Command.FRAME_ON: lambda: self._playback.step(1),
            Command.SLOWER: lambda: self.bar.choose_speed(-1),
            Command.FASTER: lambda: self.bar.choose_speed(1),
            Command.LIVE: self.leave,
        }
        for command, handler in handlers.items():
            actions[command].triggered.connect(lambda _checked=False, do=handler: do())
        self._commands = {command: actions[command] for command in PLAYBACK_COMMANDS}
        self.bar.snapshot.clicked.connect(actions[Command.SNAPSHOT].trigger)
        self._enable_commands(is_enabled=False)

    def play(self, session: Path, about: SessionAbout) -> None:
        """Show a session from its beginning; not while one is recorded, which is said."""
        was_running = self._controller.state.is_active
        is_first = not self._playback.is_open
        self._controller.play(session)
        if not self._playback.is_open:
            return
        if is_first:
            self._was_running = was_running
        self._session, self._about = session, about
        self._parts.banners.clear_topic(_TOPIC)
        self._parts.picture.forget_picture()
        self._parts.picture.show_notice(_OPENING)
        self._swap(is_playback=True)
        self._window.activateWindow()
        self._parts.picture.setFocus()

    @Slot()
    def play_or_pause(self) -> None:
        """Play where it stands, else pause."""
        self._playback.play_or_pause()

    @property
    def session(self) -> Path | None:
        """The folder of the session that is played; None while none is."""
        return self._session if self._playback.is_open else None

    @property
    def shown_dock(self) -> QDockWidget:
        """The charts that belong to what is shown."""
        return self.dock if self._playback.is_open else self._parts.charts

    def restore_layout(self) -> None:
        """Put the live controls and charts back, as they are remembered for the next start."""
        if self._playback.is_open:
            self._swap(is_playback=False)

    def leave_session(self, sessions: tuple[Path, ...]) -> None:
        """Go back to the live picture if one of `sessions` is played."""
        if self._session in sessions:
            self.leave()

    @Slot()
    def leave(self) -> None:
        """Go back to the live picture, as it was."""
        if not self._playback.is_open:
            return
        if self._was_running:
            self._controller.start()
        else:
            self._playback.close()

    @Slot(object)
    def _on_opened(self, summary: SessionSummary) -> None:
        if self._session is None:
            return
        title = name_in(self._session, self._about)
        self.bar.show_session(summary)
        self.dock.show_session(self._session, summary)
        empty = Notice("Nobody and nothing was recorded", "The session holds no frame")
        self._parts.picture.show_notice(None if summary.frame_count else empty)
        what = f"Playing {title}" if summary.has_video else f"Playing {title}, {_NO_VIDEO}"
        self._parts.status.show_played(what)
        self._playback.play()

    @Slot()
    def _on_moved(self) -> None:
        status = self._playback.status
        self.bar.show_status(status)
        self.dock.show_position(status.position_ns)

    @Slot(object)
    def _on_failed(self, error: DesktopPoseError) -> None:
        self._parts.banners.show_message(problem(error, _TOPIC))
        if self._was_running:
            self._controller.start()

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        text = f"A bug stopped the playback ({message})"
        self._parts.banners.show_message(Message(text, "The log says more", is_problem=True))

    @Slot()
    def _on_closed(self) -> None:
        self._session = None
        self.dock.forget_session()
        self._parts.picture.forget_picture()
        self._parts.picture.show_notice(STOPPED)
        self._parts.status.show_state(self._controller.state)
        self._swap(is_playback=False)

    def _swap(self, *, is_playback: bool) -> None:
        is_full_screen = self._window.isFullScreen()
        self._live_controls.setVisible(not is_playback)
        self._own_controls.setVisible(is_playback)
        self._parts.charts.setVisible(not is_playback and not is_full_screen)
        self.dock.setVisible(is_playback and not is_full_screen)
        self._enable_commands(is_enabled=is_playback)

    def _enable_commands(self, *, is_enabled: bool) -> None:
        for action in self._commands.values():
            action.setEnabled(is_enabled)
