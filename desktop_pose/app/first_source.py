"""Chooses what to show when nobody has said: the first camera, else the demo clip."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal, Slot

from desktop_pose.app.stored import StoredChoices
from desktop_pose.capture.camera_info import Camera
from desktop_pose.core.sources import DEMO
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.jobs import Job


class FirstSource(QObject):
    """Starts the engine, after a look for cameras if no source is set.

    **Signals**:
        camera_missed(): There is no camera; the demo clip is shown instead.

    Attributes:
        is_camera_missed: Whether `camera_missed` was emitted.
    """

    camera_missed = Signal()

    def __init__(self, controller: Controller, choices: StoredChoices, parent: QObject) -> None:
        super().__init__(parent)
        self.is_camera_missed = False
        self._search: Job | None = None
        self._controller = controller
        self._choices = choices

    def start(self) -> None:
        """Start on the source that is set, else look for one in the background."""
        if self._controller.settings.source is not None:
            self._controller.start()
            return
        job = self._search = self._controller.find_cameras()
        job.succeeded.connect(self._on_cameras_found)
        job.failed.connect(self._on_search_failed)
        job.crashed.connect(self._on_search_failed)

    def start_if_found(self) -> None:
        """Start now if the look for cameras has come to its end; else the event loop does so when it has."""
        if self._search is not None:
            QCoreApplication.sendPostedEvents(self._search, QEvent.Type.MetaCall.value)

    @Slot(object)
    def _on_cameras_found(self, cameras: tuple[Camera, ...]) -> None:
        self._search = None
        if self._controller.settings.source is not None:
            return  # the user was quicker
        if cameras:
            self._begin(cameras[0].id)
        else:
            self._begin(DEMO)
            self.is_camera_missed = True
            self.camera_missed.emit()

    @Slot(object)
    @Slot(str)
    def _on_search_failed(self, _reason: object) -> None:
        self._on_cameras_found(())

    def _begin(self, source: str) -> None:
        settings = self._controller.settings.changed(source=source)
        self._controller.change(settings)
        self._choices.note_in_force(settings)
        self._controller.start()
