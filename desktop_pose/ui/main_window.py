"""The window: picture, controls, charts, status line and messages around one controller."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QToolBar

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.settings import Backend, Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.ui.actions import Command, add_actions
from desktop_pose.ui.banner import BannerArea, Message, problem
from desktop_pose.ui.chart_dock import ChartDock
from desktop_pose.ui.commands import Commands
from desktop_pose.ui.control_bar import ControlBar
from desktop_pose.ui.engine_view import EngineView
from desktop_pose.ui.first_size import first_size
from desktop_pose.ui.icons import window_icon
from desktop_pose.ui.measure_commands import MeasureCommands
from desktop_pose.ui.parts import Parts
from desktop_pose.ui.picture_view import PictureView
from desktop_pose.ui.recording_commands import RecordingCommands
from desktop_pose.ui.session_commands import SessionCommands
from desktop_pose.ui.space_bar import SpaceBar
from desktop_pose.ui.status_bar import StatusBar
from desktop_pose.ui.window_state import WindowState

_SMALLEST = QSize(700, 500)
_FIRST = QSize(1280, 800)
_FULL_SCREEN_TOPIC = "full screen"


class MainWindow(QMainWindow):
    """The window. `Commands` does what the user asks for, `EngineView` shows what the engine says.

    **Signals**
        close_requested(): The window is about to be closed, and still shown as it was.
        closed(bool): The window was closed and the engine shut down; False if a thread still runs.

    Args:
        controller: The engine, not yet started.
        on_settings_changed: Called with all settings whenever the user has changed one; a `SettingsError`
            that it raises is shown.
        sessions_dir: Where sessions are recorded; the free space there is shown.
        unavailable: Backends that cannot be used here, and why in one sentence.
        state_file: The ini file for geometry and docks; None keeps nothing.
        has_charts: Whether there are charts; without them, what they cost can be measured.

    Attributes:
        parts: The widgets.
        has_ended_cleanly: What `closed` said; None before.
        commands: What the user can ask for, to be called by the application as well.
    """

    close_requested = Signal()
    closed = Signal(bool)

    _is_built = False

    def __init__(
        self,
        controller: Controller,
        on_settings_changed: Callable[[Settings], None],
        *,
        sessions_dir: Path,
        unavailable: Mapping[Backend, str],
        state_file: Path | None,
        has_charts: bool = True,
    ) -> None:
        super().__init__()
        self.setWindowTitle("Desktop Pose")
        self.setWindowIcon(window_icon())
        self.setMinimumSize(_SMALLEST)
        self.resize(first_size(self, _FIRST))
        self._controller = controller
        self._state = WindowState(state_file)
        self._was_maximised = False
        self.has_ended_cleanly: bool | None = None
        self._bar = QToolBar("Controls")
        picture = PictureView(controller)
        self.parts = Parts(
            picture,
            BannerArea(picture),
            ControlBar(controller.settings, unavailable),
            StatusBar(sessions_dir),
            ChartDock(self, controller.library.start),
        )
        picture.resized.connect(self.parts.banners.arrange)
        self._lay_out()
        self.actions_by_command = add_actions(self)
        self.commands = Commands(controller, self.parts, self, on_settings_changed)
        self.commands.connect_actions(self.actions_by_command)
        self.sessions = SessionCommands(
            controller, self.parts, self, self._bar, self.commands.export_sessions
        )
        self.sessions.connect_actions(self.actions_by_command)
        self.actions_by_command[Command.FULL_SCREEN].triggered.connect(self.toggle_full_screen)
        self.actions_by_command[Command.LEAVE_FULL_SCREEN].triggered.connect(self.escape)
        self.recordings = RecordingCommands(controller, self.parts, self)
        self.recordings.connect_actions(self.actions_by_command, self.commands.apply)
        self.measuring = MeasureCommands(controller, self)
        self.measuring.connect_actions(self.actions_by_command, self.commands.apply)
        self._engine_view = EngineView(controller, self.parts, self)
        self._state.restore(self)
        # Else Qt gives the focus to the first control, which would take the space bar.
        self.parts.picture.setFocus()
        if has_charts:
            controller.first_displayed.connect(self.parts.charts.load)  # not before: it takes a while
            self.parts.charts.load_soon()
        else:
            self.parts.charts.hide()
        SpaceBar(self)
        self.commands.find_cameras()
        self.recordings.look_for_interrupted()
        self._is_built = True

    def show_problem(self, error: DesktopPoseError) -> None:
        """Say what went wrong outside the engine, such as settings that could not be read."""
        self.parts.banners.show_message(problem(error))

    @Slot()
    def toggle_full_screen(self) -> None:
        """Show nothing but the picture on the whole screen, or come back."""
        if self.isFullScreen():
            self.leave_full_screen()
            return
        self._was_maximised = self.isMaximized()
        self._show_chrome(is_shown=False)
        self.showFullScreen()
        hint = Message("Esc leaves the full screen", topic=_FULL_SCREEN_TOPIC)
        self.parts.banners.show_message(hint)

    @Slot()
    def escape(self) -> None:
        """Follow everybody again, if the tracker is locked on somebody; else leave the full screen."""
        if self.parts.picture.locked_id is not None:
            self._controller.lock_on(None)
        else:
            self.leave_full_screen()

    @Slot()
    def leave_full_screen(self) -> None:
        """Come back to the window as it was."""
        if not self.isFullScreen():
            return
        self.parts.banners.clear_topic(_FULL_SCREEN_TOPIC)
        self._show_chrome(is_shown=True)
        if self._was_maximised:
            self.showMaximized()
        else:
            self.showNormal()

    def changeEvent(self, event: QEvent) -> None:
        """Stop the rendering while minimised, and keep floating charts above the window."""
        super().changeEvent(event)
        if not self._is_built:
            return
        if event.type() is QEvent.Type.WindowStateChange:
            self.parts.picture.update_view_size()
        is_activated = event.type() is QEvent.Type.ActivationChange and self.isActiveWindow()
        if is_activated and self.parts.charts.isFloating():
            # X11 leaves them where they were, below a window that was shown after them.
            self.parts.charts.raise_()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Finalise the recording and end the threads, unseen; takes at most 3 s."""
        self.close_requested.emit()
        self.leave_full_screen()
        self.sessions.playback.restore_layout()
        self._state.save(self)
        self.hide()
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        self.parts.charts.finish()
        self.measuring.shut_down()
        self.has_ended_cleanly = self._controller.shut_down()
        event.accept()
        self.closed.emit(self.has_ended_cleanly)

    def _lay_out(self) -> None:
        self.setCentralWidget(self.parts.picture)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.parts.charts)
        self._bar.setObjectName("controls")
        self._bar.setMovable(False)
        self._bar.addWidget(self.parts.controls)
        self._bar.toggleViewAction().setVisible(False)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self._bar)
        self.setStatusBar(self.parts.status)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def _show_chrome(self, *, is_shown: bool) -> None:
        dock = self.sessions.playback.shown_dock
        for widget in (self.menuBar(), self._bar, self.parts.status, dock):
            widget.setVisible(is_shown)
