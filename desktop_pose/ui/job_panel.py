"""How far a job is, and what came of it: a bar and words, for all dialogs that start one."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.engine.jobs import Job
from desktop_pose.ui.wording import bug_in_words

_LINES = 2


class JobPanel(QWidget):
    """Watches one job at a time. A failure or a bug is told; a result is for the dialog to tell.

    **Signals**
        succeeded(object): The job that is watched has this result; None as well when it was cancelled.
        ended(): It is over, whatever came of it.

    Args:
        keeps_room: Whether the bar, which is there only while a job is watched, leaves its room empty, so
            that nothing moves. An empty bar would look like a field for text.

    Attributes:
        progress: The bar.
        message: What is said; two lines of it do not move what is below.
    """

    succeeded = Signal(object)
    ended = Signal()

    def __init__(self, *, keeps_room: bool = False) -> None:
        super().__init__()
        self._job: Job | None = None
        self.progress = QProgressBar()
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(keeps_room)
        self.progress.setSizePolicy(policy)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setMinimumHeight(_LINES * self.message.fontMetrics().lineSpacing())
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.progress)
        column.addWidget(self.message)
        self._refresh()

    @property
    def is_busy(self) -> bool:
        """Whether a job is watched."""
        return self._job is not None

    def say(self, words: str) -> None:
        """Say `words`."""
        self.message.setText(words)

    def watch(self, job: Job, words: str) -> None:
        """Show how far `job` is, and forget the one before; `words` say what it does."""
        self._job = job
        job.progressed.connect(self._on_progressed)
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(self._on_failed)
        job.crashed.connect(self._on_crashed)
        job.finished.connect(self._on_finished)
        self.message.setText(words)
        self._show_progress(0, 0)
        self._refresh()

    @Slot()
    def cancel(self) -> None:
        """Ask the job to give up, and wait for it."""
        if self._job is not None:
            self._job.cancel()
            self.message.setText("Cancelling…")

    def forget(self) -> None:
        """Ask the job to give up, and watch it no longer."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._refresh()

    @Slot(object)
    def show_failure(self, error: DesktopPoseError) -> None:
        """Say what failed."""
        self.message.setText(str(error))

    @Slot(str)
    def show_crash(self, message: str) -> None:
        """Say that there is a bug."""
        self.message.setText(bug_in_words(message))

    @Slot(int, int)
    def _on_progressed(self, done: int, total: int) -> None:
        if self.sender() is self._job:
            self._show_progress(done, total)

    @Slot(object)
    def _on_succeeded(self, result: object) -> None:
        if self.sender() is self._job:
            self.succeeded.emit(result)

    @Slot(object)
    def _on_failed(self, error: DesktopPoseError) -> None:
        if self.sender() is self._job:
            self.show_failure(error)

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        if self.sender() is self._job:
            self.show_crash(message)

    @Slot()
    def _on_finished(self) -> None:
        if self.sender() is self._job:
            self._job = None
            self._refresh()
            self.ended.emit()

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(min(done, total))

    def _refresh(self) -> None:
        self.progress.setVisible(self.is_busy)
