"""Measures this computer when the user asks for it: the engine rests meanwhile, and goes on afterwards.

What it needs for that is imported when it is first asked for: most starts never do.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.places import measurements_dir
from desktop_pose.core.settings import Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.jobs import Job
from desktop_pose.engine.state import EngineState
from desktop_pose.ui.actions import Command
from desktop_pose.ui.wording import bug_in_words

if TYPE_CHECKING:
    from desktop_pose.engine.measuring.jobs import Measurements
    from desktop_pose.engine.measuring.rows import Row
    from desktop_pose.engine.measuring.saved import SavedMeasurements
    from desktop_pose.ui.measure_dialog import MeasureDialog

_QUIT_NS = 2 * NS_PER_S


class MeasureCommands(QObject):
    """Joins the dialog, the jobs and the engine.

    Attributes:
        dialog: None before it is first asked for.
    """

    def __init__(self, controller: Controller, window: QMainWindow) -> None:
        super().__init__(window)
        self._controller = controller
        self._window = window
        self._apply: Callable[[Settings], object] = controller.change
        self._jobs: Measurements | None = None
        self._job: Job | None = None
        self._was_active = False
        self.dialog: MeasureDialog | None = None

    def connect_actions(self, actions: dict[Command, QAction], apply: Callable[[Settings], object]) -> None:
        """Let the menu open the dialog, and `apply` put settings in force."""
        self._apply = apply
        actions[Command.MEASURE].triggered.connect(lambda _checked=False: self.open_dialog())

    @Slot()
    def open_dialog(self) -> None:
        """Show what was measured, and offer to measure."""
        if self._jobs is None:
            from desktop_pose.engine.measuring.jobs import Measurements

            self._jobs = Measurements(measurements_dir(), self)
        if self.dialog is None:
            from desktop_pose.ui.measure_dialog import MeasureDialog

            self.dialog = MeasureDialog(self._window)
            self.dialog.measuring_wanted.connect(self._measure)
            self.dialog.cancel_wanted.connect(self._cancel)
            self.dialog.settings_wanted.connect(self._use)
            self._controller.settings_changed.connect(self.dialog.show_settings)
            self._controller.state_changed.connect(self._on_state_changed)
        self.dialog.show_settings(self._controller.settings)
        if self._job is None:
            self._watch(self._jobs.look_up())
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def shut_down(self) -> None:
        """Give up what is going on; takes at most 2 s."""
        self._job = None
        if self._jobs is not None:
            self._jobs.wait(monotonic_ns() + _QUIT_NS)

    @Slot(str)
    def _measure(self, source: str) -> None:
        dialog, controller = self.dialog, self._controller
        if dialog is None or self._jobs is None or self._job is not None:
            return
        if controller.recorder.status.is_recording:
            dialog.say("A session is being recorded. End the recording, then measure.")
            return
        self._was_active = controller.state.is_active
        controller.stop()
        controller.playback.pause()
        dialog.begin()
        job = self._job = self._jobs.measure(source, controller.settings.rotate)
        job.progressed.connect(self._on_progressed)
        self._watch(job)

    def _watch(self, job: Job) -> None:
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(self._on_failed)
        job.crashed.connect(self._on_crashed)

    @Slot()
    def _cancel(self) -> None:
        self._give_up("Cancelled; nothing was kept.", starts_again=self._was_active)

    @Slot(object)
    def _use(self, row: "Row") -> None:
        self._apply(row.applied_to(self._controller.settings))

    @Slot(object)
    def _on_state_changed(self, state: EngineState) -> None:
        if self._job is not None and state.is_active:
            self._give_up("Measuring was given up because tracking was started.", starts_again=False)

    @Slot(int, int)
    def _on_progressed(self, done_ms: int, total_ms: int) -> None:
        if self.dialog is not None and self.sender() is self._job:
            self.dialog.show_progress(done_ms, total_ms)

    @Slot(object)
    def _on_succeeded(self, saved: "SavedMeasurements | None") -> None:
        if self.dialog is None or saved is None:
            return
        if self._is_measuring_over():
            self.dialog.end("")
        elif self._job is not None:
            return  # an old list, while another measurement is being made
        self.dialog.show_measurements(saved)

    @Slot(object)
    def _on_failed(self, error: DesktopPoseError) -> None:
        self._end_with(str(error))

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        self._end_with(bug_in_words(message))

    def _end_with(self, words: str) -> None:
        if self.dialog is not None and self._is_measuring_over():
            self.dialog.end(words)

    def _is_measuring_over(self) -> bool:
        """Whether what has just ended is the measuring; the engine then goes on."""
        if self._job is None or self.sender() is not self._job:
            return False
        self._job = None
        self._go_on(self._was_active)
        return True

    def _give_up(self, words: str, *, starts_again: bool) -> None:
        if self._job is None:
            return
        job, self._job = self._job, None
        job.cancel()
        if self.dialog is not None:
            self.dialog.end(words)
        self._go_on(starts_again)

    def _go_on(self, starts_again: bool) -> None:
        if starts_again and not self._controller.playback.is_open:
            self._controller.start()
