"""One run of the window: its beginning, whatever may end it, and what is left behind."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop_pose.app.console import print_line
from desktop_pose.cli.failures import tell
from desktop_pose.cli.places import write_json
from desktop_pose.cli.request import RunRequest
from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.ending_signals import line_about, status_after
from desktop_pose.core.errors import DesktopPoseError, ExitStatus, RecordingError, SourceError
from desktop_pose.engine.controller import Controller
from desktop_pose.render.saving import save_image

if TYPE_CHECKING:
    from desktop_pose.ui.main_window import MainWindow

log = logging.getLogger(__name__)

_LINE_MS = 1000


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended.

    Attributes:
        status: The exit status.
        ended_by: As in the report.
        error: What went wrong; None where nothing did.
    """

    status: ExitStatus
    ended_by: str
    error: str | None = None


class WindowRun(QObject):
    """Ends a run when its time is over, its source ends, a signal comes, something fails or the user says so.

    **Signals**:
        done(): The window is closed, the engine shut down, report and screenshot are written.

    Attributes:
        ending: How the run ended; None before.
        has_ended_cleanly: Whether all threads have ended; if not, the process must not destroy them.
    """

    done = Signal()

    def __init__(self, request: RunRequest, controller: Controller) -> None:
        super().__init__()
        self.ending: Ending | None = None
        self.has_ended_cleanly = True
        self._request = request
        self._controller = controller
        self._window: QWidget | None = None
        self._begun_ns = 0
        self._is_recording_due = controller.settings.record is not None
        self._last_problem: DesktopPoseError | None = None
        self._told: set[str] = set()
        self._bug: str | None = None
        self._lines = QTimer(self)
        self._lines.setInterval(_LINE_MS)
        self._lines.setTimerType(Qt.TimerType.PreciseTimer)  # else a second is left out now and then
        self._lines.timeout.connect(self._print_line)
        self._duration = QTimer(self)
        self._duration.setSingleShot(True)
        self._duration.timeout.connect(self._on_time_over)
        controller.source_opened.connect(self._on_source_opened)
        controller.problem_raised.connect(self._on_problem_raised)
        controller.problem_cleared.connect(self._on_problem_cleared)
        controller.crashed.connect(self._on_crashed)
        controller.ended.connect(self._on_ended)

    def begin(self, window: "MainWindow") -> None:
        """Watch `window`, and let the time run."""
        self._window = window
        window.close_requested.connect(self._on_close_requested)
        window.closed.connect(self._on_closed)
        self._begun_ns = monotonic_ns()
        if self._request.is_unattended:
            self._lines.start()
        if self._request.resources is not None:
            self._controller.resources.watch(is_watched=True)
        if self._request.duration_s is not None:
            self._duration.start(int(1000 * self._request.duration_s))

    def end(self, ending: Ending) -> None:
        """End the run, unless it is ending already."""
        if self.ending is not None:
            return
        self.ending = ending
        QTimer.singleShot(0, self._close_window)

    @Slot(int)
    def on_signal(self, number: int) -> None:
        """End because of a signal to the process."""
        if self.ending is None:
            tell(line_about(number))
        self.end(Ending(status_after(number), "signal"))

    def end_after_bug(self, summary: str) -> None:
        """End because of an exception nobody expected.

        Where that came while the window was closing, nothing else would end the run: the window is hidden.
        """
        if self._window is None or self._window.isVisible():
            self.end(Ending(ExitStatus.BUG, "error", summary))
            return
        ended_by = "error" if self.ending is None else self.ending.ended_by
        self.ending = Ending(ExitStatus.BUG, ended_by, summary)
        self.has_ended_cleanly = self._controller.shut_down()
        self.done.emit()

    @Slot()
    def _on_close_requested(self) -> None:
        """Take what there is to take of the window and the run while they last."""
        self._lines.stop()
        self._duration.stop()
        self._take_screenshot()
        self._write_resources()

    @Slot()
    def _close_window(self) -> None:
        if self._window is not None:
            self._window.close()

    @Slot(bool)
    def _on_closed(self, has_ended_cleanly: bool) -> None:
        self.has_ended_cleanly = has_ended_cleanly
        if self.ending is None:
            self.ending = Ending(ExitStatus.DONE, "user")
        if self._bug is not None and self.ending.status is ExitStatus.DONE:
            self.ending = Ending(ExitStatus.BUG, self.ending.ended_by, self._bug)
        self.ending = self._after_recording(self.ending)
        try:
            write_report(self._request.report, self._controller, self.ending)
        except DesktopPoseError as error:
            self._fail(error)
        self.done.emit()

    def _after_recording(self, ending: Ending) -> Ending:
        """`ending`, or the failure of a run that was to record and has not recorded a single frame."""
        if self._controller.settings.record is None or ending.status in (
            ExitStatus.WORLD_FAILED,  # told already
            ExitStatus.BUG,
        ):
            return ending
        if self._controller.report(ending.ended_by, ending.error)["frames"]["recorded"]:
            return ending
        reason = self._last_problem
        if reason is None:
            error = RecordingError(
                "Nothing was recorded: the run ended before its first frame was tracked",
                "Let it run longer, or use another source",
            )
        else:
            error = RecordingError(f"Nothing was recorded: {reason.message}", reason.hint)
        tell(str(error))
        status = ExitStatus.WORLD_FAILED if ending.status is ExitStatus.DONE else ending.status
        return Ending(status, ending.ended_by, str(error))

    def _take_screenshot(self) -> None:
        path = self._request.screenshot
        if path is not None and self._window is not None and not _save_picture(self._window, path):
            self._fail(DesktopPoseError(f"The screenshot cannot be saved as {path}", "Choose another name"))

    def _write_resources(self) -> None:
        path = self._request.resources
        if path is not None:
            try:
                write_json(path, self._controller.resources.read().as_record(), "resources")
            except DesktopPoseError as error:
                self._fail(error)

    def _fail(self, error: DesktopPoseError) -> None:
        tell(str(error))
        if self.ending is None or self.ending.status is ExitStatus.DONE:
            self.ending = Ending(ExitStatus.WORLD_FAILED, "error", str(error))

    @Slot(object)
    def _on_source_opened(self, _info: object) -> None:
        kind = self._controller.settings.record
        if self._is_recording_due and kind is not None:
            self._is_recording_due = False
            self._controller.start_recording(kind)

    @Slot(object, bool)
    def _on_problem_raised(self, error: DesktopPoseError, is_fatal: bool) -> None:
        self._last_problem = error
        if self._window is not None and not self._window.isVisible() and isinstance(error, RecordingError):
            self._fail(error)  # the recording could not be finalised, and there is no banner any more
            return
        if not self._request.is_unattended:
            return
        if str(error) not in self._told:  # a live source is opened again and again
            self._told.add(str(error))
            tell(str(error))
        is_recording_lost = isinstance(error, RecordingError) and self._controller.settings.record is not None
        if is_fatal or is_recording_lost:
            self.end(Ending(ExitStatus.WORLD_FAILED, "error", str(error)))

    @Slot()
    def _on_problem_cleared(self) -> None:
        self._told.clear()
        self._last_problem = None

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        """End if nobody can do anything else; in the window the user may start again."""
        self._bug = message
        if self._request.is_unattended:
            tell(f"This is a bug in desktop-pose ({message}); the log has the details")
            self.end_after_bug(message)

    @Slot(str)
    def _on_ended(self, ended_by: str) -> None:
        if ended_by != "source_end":
            return
        if isinstance(self._last_problem, SourceError):  # a file that is damaged before its end
            self.end(Ending(ExitStatus.WORLD_FAILED, ended_by, str(self._last_problem)))
        else:
            self.end(Ending(ExitStatus.DONE, ended_by))

    @Slot()
    def _on_time_over(self) -> None:
        problem = self._last_problem
        if problem is not None and self._controller.statistics().flow.captured == 0:
            self.end(Ending(ExitStatus.WORLD_FAILED, "error", str(problem)))
        elif isinstance(problem, SourceError):  # a source that has failed and has not come back
            self.end(Ending(ExitStatus.WORLD_FAILED, "duration", str(problem)))
        else:
            self.end(Ending(ExitStatus.DONE, "duration"))

    @Slot()
    def _print_line(self) -> None:
        print_line(self._controller.statistics(), (monotonic_ns() - self._begun_ns) / NS_PER_S)


def write_report(path: Path | None, controller: Controller, ending: Ending) -> None:
    """Write the report of the run to `path`, if there is one.

    Raises:
        DesktopPoseError: It cannot be written any more.
    """
    if path is not None:
        write_json(path, controller.report(ending.ended_by, ending.error), "report")


def _save_picture(window: QWidget, path: Path) -> bool:
    QCoreApplication.sendPostedEvents()
    return save_image(window.grab().toImage(), path)
