"""Does what the user asks for, by menu, key or control."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QObject, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QMainWindow

from desktop_pose.core.errors import DesktopPoseError, SettingsError
from desktop_pose.core.places import pictures_dir
from desktop_pose.core.settings import DECLARATIONS, Backend, PoseModel, Settings
from desktop_pose.core.sources import DEMO
from desktop_pose.engine.controller import Controller
from desktop_pose.ui.actions import Command
from desktop_pose.ui.banner import Message, problem
from desktop_pose.ui.help_dialogs import about_dialog, shortcuts_dialog
from desktop_pose.ui.own_model import OwnModelAsker
from desktop_pose.ui.parts import Parts
from desktop_pose.ui.placeholder import NO_CAMERA
from desktop_pose.ui.source_box import CameraEntry
from desktop_pose.ui.source_opening import SourceOpener

if TYPE_CHECKING:
    from desktop_pose.ui.export_dialog import ExportDialog
    from desktop_pose.ui.resources_window import ResourcesWindow


class Commands(QObject):
    """Turns wishes into calls of the controller, and says what came of them."""

    def __init__(
        self,
        controller: Controller,
        parts: Parts,
        window: QMainWindow,
        on_settings_changed: Callable[[Settings], None],
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._parts = parts
        self._window = window
        self.resources: ResourcesWindow | None = None
        self._on_settings_changed = on_settings_changed
        self._opener = SourceOpener(window)
        self._opener.chosen.connect(self.open_source)
        self._own_model = OwnModelAsker(window)
        self._own_model.chosen.connect(self.use_own_model)
        self._export_dialog: ExportDialog | None = None
        controls, placeholder = parts.controls, parts.picture.placeholder
        controls.settings_edited.connect(self.apply)
        controls.mode_edited.connect(self.apply_and_reopen)
        controls.source.source_chosen.connect(self.open_source)
        controls.source.opening_chosen.connect(self._opener.ask)
        controls.source.about_to_show.connect(self.find_cameras)
        controls.start.clicked.connect(self.start_or_stop)
        controls.record.clicked.connect(self.record_or_end)
        controls.snapshot.clicked.connect(self.take_snapshot)
        controls.export.clicked.connect(self.export)
        placeholder.demo.clicked.connect(partial(self.open_source, DEMO))
        placeholder.video.clicked.connect(partial(self._opener.ask, Command.OPEN_VIDEO))
        placeholder.stream.clicked.connect(partial(self._opener.ask, Command.OPEN_STREAM))
        controller.session_saved.connect(self.on_session_saved)

    def connect_actions(self, actions: dict[Command, QAction]) -> None:
        """Let the menus and keys do the same as the controls."""
        handlers: dict[Command, Callable[[], object]] = {
            Command.OPEN_VIDEO: partial(self._opener.ask, Command.OPEN_VIDEO),
            Command.OPEN_STREAM: partial(self._opener.ask, Command.OPEN_STREAM),
            Command.OPEN_FOLDER: partial(self._opener.ask, Command.OPEN_FOLDER),
            Command.SNAPSHOT: self.take_snapshot,
            Command.QUIT: self._window.close,
            Command.START_STOP: self.start_or_stop,
            Command.RECORD: self.record_or_end,
            Command.NEXT_MODEL: self.next_model,
            Command.OWN_MODEL: self._own_model.ask,
            Command.MORE_THREADS: partial(self.add_threads, 1),
            Command.FEWER_THREADS: partial(self.add_threads, -1),
            Command.SHORTCUTS: lambda: shortcuts_dialog(self._window).open(),
            Command.RESOURCES: self.show_resources,
            Command.ABOUT: lambda: about_dialog(self._window).open(),
        }
        for command, handler in handlers.items():
            actions[command].triggered.connect(lambda _checked=False, do=handler: do())

    @property
    def export_dialog(self) -> "ExportDialog":
        """Asks what to export, and does so; made when it is first asked for."""
        if self._export_dialog is None:
            from desktop_pose.ui.export_dialog import ExportDialog

            self._export_dialog = ExportDialog(
                self._window, self._controller.library.list_entries, self._controller.export
            )
        return self._export_dialog

    @Slot(object)
    def apply(self, settings: Settings) -> None:
        """Put `settings` in force and have them stored."""
        self._controller.change(settings)
        self._store()

    @Slot(object)
    def apply_and_reopen(self, settings: Settings) -> None:
        """The same, for what a camera can be told only when it is opened."""
        self._controller.change(settings)
        if self._controller.state.is_active and settings.source is not None:
            self._controller.change_source(settings.source)
        self._store()

    @Slot(str)
    def open_source(self, text: str) -> None:
        """Run on another source."""
        self._controller.change_source(text)
        self._store()

    @Slot()
    def start_or_stop(self) -> None:
        """Start if stopped, else stop; of a session that is played, play or pause."""
        if self._controller.playback.is_open:
            self._controller.playback.play_or_pause()
        elif self._controller.state.is_active:
            self._controller.stop()
        else:
            self._controller.start()

    @Slot()
    def record_or_end(self) -> None:
        """Begin a recording, or finalise the one that is being made."""
        if self._parts.controls.activity.is_recording:
            self._controller.stop_recording()
        else:
            self._controller.start_recording(self._controller.settings.record_kind)

    @Slot()
    def next_model(self) -> None:
        """Go on with the next model, after the last with the first."""
        models = list(PoseModel)
        settings = self._controller.settings
        following = models[(models.index(settings.model) + 1) % len(models)]
        self.apply(settings.changed(model=following, model_file=None))

    @Slot(str)
    def use_own_model(self, path: str) -> None:
        """Go on with a model of the user's own, if it passes its trial."""
        settings = self._controller.settings
        self.apply(settings.changed(model_file=path, backend=Backend.LITERT))

    def add_threads(self, count: int) -> None:
        """Give the model more or fewer threads, as far as there are any."""
        settings = self._controller.settings
        if settings.backend is Backend.MEDIAPIPE:
            self._say(
                Message(
                    "MediaPipe always takes one thread", "Choose LiteRT to set their number", topic="threads"
                )
            )
            return
        try:
            changed = settings.changed(threads=settings.threads + count)
        except SettingsError:
            threads = DECLARATIONS["threads"]
            text = f"The model can have {threads.minimum} to {threads.maximum} threads on this computer"
            self._say(Message(text, topic="threads"))
            return
        self.apply(changed)

    @Slot()
    def take_snapshot(self) -> None:
        """Save the picture shown now, unmirrored and in full size."""
        moment = QDateTime.currentDateTime().toString("yyyy-MM-dd HH-mm-ss-zzz")
        job = self._controller.save_snapshot(pictures_dir() / f"Desktop Pose {moment}.png")
        if job is None:
            self._say(Message("There is no picture to save", "Start a source first", topic="snapshot"))
            return
        job.succeeded.connect(self.on_snapshot_saved)
        job.failed.connect(self.on_job_failed)
        job.crashed.connect(self.on_job_crashed)

    @Slot()
    def export(self) -> None:
        """Ask which session to export where."""
        self.export_sessions()

    def export_sessions(self, *sessions: Path) -> None:
        """Ask where to export these sessions, or which."""
        self.export_dialog.open_for(*sessions)

    @Slot()
    def show_resources(self) -> None:
        """Show what the program uses, and why."""
        from desktop_pose.ui.resources_window import ResourcesWindow  # seldom wanted: not at the start

        if self.resources is None:
            self.resources = ResourcesWindow(self._controller, self._window)
        self.resources.show()
        self.resources.raise_()
        self.resources.activateWindow()

    @Slot()
    def find_cameras(self) -> None:
        """Look for cameras in the background and offer them."""
        job = self._controller.find_cameras()
        job.succeeded.connect(self.on_cameras_found)
        job.failed.connect(self.on_job_failed)
        job.crashed.connect(self.on_job_crashed)

    def offer_sources(self) -> None:
        """Say that no camera was found: in place of the picture, or above that of the demo."""
        if self._controller.state.is_active:
            self._parts.banners.show_message(
                Message("No camera was found", "This is the demo clip", topic="camera"),
                {
                    "Open a video…": partial(self._opener.ask, Command.OPEN_VIDEO),
                    "Open a stream…": partial(self._opener.ask, Command.OPEN_STREAM),
                },
            )
        else:
            self._parts.picture.show_notice(NO_CAMERA)

    @Slot(object)
    def on_cameras_found(self, cameras: tuple[CameraEntry, ...]) -> None:
        """Offer the cameras."""
        self._parts.controls.source.show_cameras(cameras)
        self._parts.controls.show_settings(self._controller.settings)

    @Slot(object)
    def on_snapshot_saved(self, path: Path) -> None:
        """Say where the snapshot is."""
        self._parts.banners.show_message(
            Message(f"The snapshot was saved as {path}", topic="snapshot"),
            {"Show": partial(_show_in_files, path)},
        )

    @Slot(str)
    def on_session_saved(self, folder: str) -> None:
        """Say where the session is, and offer to export it."""
        self._parts.banners.show_message(
            Message(f"The session was saved in {folder}", topic="session"),
            {"Export…": partial(self.export_sessions, Path(folder))},
        )

    @Slot(object)
    def on_job_failed(self, error: DesktopPoseError) -> None:
        """Say what failed."""
        self._say(problem(error, type(error).__name__))

    @Slot(str)
    def on_job_crashed(self, message: str) -> None:
        """Say that there is a bug."""
        self._say(Message(f"A bug prevented this ({message})", "The log says more", is_problem=True))

    def _say(self, message: Message) -> None:
        self._parts.banners.show_message(message)

    def _store(self) -> None:
        try:
            self._on_settings_changed(self._controller.settings)
        except SettingsError as error:
            self._say(problem(error, "settings"))


def _show_in_files(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
