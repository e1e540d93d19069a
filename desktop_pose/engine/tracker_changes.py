"""Builds another tracker in the background while the one in use goes on."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.engine.jobs import Job, Progress
from desktop_pose.engine.stages.inference import ReadyTracker
from desktop_pose.pose.protocol import TrackerOptions

log = logging.getLogger(__name__)


class TrackerChanges(QObject):
    """Builds one tracker at a time; of several wishes meanwhile only the last is built.

    **Signals**:
        ready(ReadyTracker): Built and warmed up; the receiver owns it now.
        refused(TrackerOptions, DesktopPoseError): It cannot be built; the old one stays.
        crashed(str): A bug.
    """

    ready = Signal(object)
    refused = Signal(object, object)
    crashed = Signal(str)

    def __init__(self, open_tracker: Callable[[TrackerOptions], ReadyTracker], parent: QObject) -> None:
        super().__init__(parent)
        self._open_tracker = open_tracker
        self._job: Job | None = None
        self._building: TrackerOptions | None = None
        self._wanted: TrackerOptions | None = None

    def request(self, options: TrackerOptions) -> None:
        """Build a tracker for `options` as soon as none is being built."""
        self._wanted = options
        self._build_next()

    def forget(self) -> None:
        """Build nothing more; what is being built is closed when it stands."""
        self._wanted = None

    def wait(self, deadline_ns: int) -> bool:
        """Whether nothing is being built any more, waiting until `deadline_ns`."""
        return self._job is None or self._job.thread_.wait_until(deadline_ns)

    def _build_next(self) -> None:
        if self._job is not None or self._wanted is None:
            return
        options = self._building = self._wanted

        def build(_progress: Progress) -> ReadyTracker:
            return self._open_tracker(options)

        self._job = Job("model", build, self)
        self._job.succeeded.connect(self._on_built)
        self._job.failed.connect(self._on_failed)
        self._job.crashed.connect(self.crashed)
        self._job.finished.connect(self._on_finished)
        self._job.start()

    @Slot(object)
    def _on_built(self, ready: ReadyTracker) -> None:
        if ready.options == self._wanted:
            self._wanted = None
            self.ready.emit(ready)
        else:
            ready.tracker.close()

    @Slot(object)
    def _on_failed(self, error: DesktopPoseError) -> None:
        if self._building == self._wanted:
            self._wanted = None
        self.refused.emit(self._building, error)

    @Slot()
    def _on_finished(self) -> None:
        assert self._job is not None
        self._job.deleteLater()
        self._job = None
        self._build_next()
