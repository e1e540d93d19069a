"""The background jobs the window asks for that are not the library's: cameras, export, snapshot.

What an export needs is imported when it is first asked for, by the job: the start has no time for it.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop_pose.capture.devices import list_cameras
from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.engine.jobs import Job, Jobs, Progress
from desktop_pose.engine.posed import PosedFrame
from desktop_pose.engine.stages.render import View
from desktop_pose.render.painter import paint_full
from desktop_pose.render.saving import save_image

if TYPE_CHECKING:
    from desktop_pose.engine.exports import ExportOutcome, SessionExport
    from desktop_pose.recording.exporters import ExportOptions

log = logging.getLogger(__name__)


class Tasks(Jobs):
    """The jobs that are no matter of the library of sessions."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._camera_search: Job | None = None

    def find_cameras(self) -> Job:
        """Look for cameras: gives a tuple of `capture.camera_info.Camera`. Who asks meanwhile shares it."""
        if self._camera_search is None:
            self._camera_search = self.start("cameras", lambda _progress: list_cameras())
            self._camera_search.finished.connect(self._on_camera_search_finished)
        return self._camera_search

    def export(self, wanted: "tuple[SessionExport, ...]", format_name: str, options: "ExportOptions") -> Job:
        """Export sessions, replacing what is there: gives an `ExportOutcome`."""

        def work(progress: Progress) -> "ExportOutcome":
            from desktop_pose.engine.exports import export_sessions

            return export_sessions(wanted, format_name, options, progress)

        return self.start("export", work)

    def save_snapshot(self, posed: PosedFrame, path: Path, view: View) -> Job:
        """Save a frame with its skeletons, ids and background as in `view`, as a picture: gives `path`."""

        def work(_progress: Progress) -> Path:
            image = paint_full(posed.frame.image, posed.poses, view.background, shows_ids=view.shows_ids)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                is_saved = save_image(image, path)
            except OSError as error:
                log.warning("%s cannot be made: %s", path.parent, error)
                is_saved = False
            if not is_saved:
                raise DesktopPoseError(
                    f"The picture could not be saved as {path}", "Free space or allow writing there"
                )
            return path

        return self.start("snapshot", work)

    @Slot()
    def _on_camera_search_finished(self) -> None:
        self._camera_search = None
