"""Work that takes a while and is done once, on a thread of its own, with progress and cancel."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from desktop_pose.engine.threads import StageThread

Progress = Callable[[int, int], bool]
"""Tells how many of how many steps are done (0 of an unknown number); False asks the work to give up."""


class _JobStage:
    """Runs the work and keeps its result."""

    def __init__(
        self, name: str, work: Callable[[Progress], object], report: Callable[[int, int], None]
    ) -> None:
        self.result: object = None
        self.is_done = False
        self._name = name
        self._work = work
        self._report = report

    @property
    def name(self) -> str:
        return self._name

    def run(self, stop: threading.Event) -> None:
        def progress(done: int, total: int) -> bool:
            self._report(done, total)
            return not stop.is_set()

        self.result = self._work(progress)
        self.is_done = True


class Job(QObject):
    """One piece of background work.

    **Signals**, received on the thread the job was made on, and so not before its event loop has a turn:
        progressed(int, int): So many of so many steps are done.
        succeeded(object): The result of the work; None as well when it was cancelled.
        failed(DesktopPoseError): The world failed.
        crashed(str): A bug.
        finished(): The thread has ended, whatever came of it.
    """

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    crashed = Signal(str)
    finished = Signal()

    def __init__(self, name: str, work: Callable[[Progress], object], parent: QObject) -> None:
        super().__init__(parent)
        self._stage = _JobStage(name, work, self.progressed.emit)
        self.thread_ = StageThread(self._stage, self)
        self.thread_.failed.connect(self.failed)
        self.thread_.crashed.connect(self.crashed)
        self.thread_.finished.connect(self._on_finished)

    def start(self) -> None:
        """Begin."""
        self.thread_.start()

    def cancel(self) -> None:
        """Ask the work to give up; `finished` follows."""
        self.thread_.stop_event.set()

    @Slot()
    def _on_finished(self) -> None:
        if self._stage.is_done:
            self.succeeded.emit(self._stage.result)
        self.finished.emit()


class Jobs(QObject):
    """Starts jobs and keeps them until they have ended."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []

    def start(self, name: str, work: Callable[[Progress], object]) -> Job:
        """Begin `work` on a thread of its own, called `name`."""
        job = Job(name, work, self)
        job.finished.connect(self._on_job_finished)
        self._jobs.append(job)
        job.start()
        return job

    def wait(self, deadline_ns: int) -> bool:
        """Cancel all jobs; whether they have ended by `deadline_ns`."""
        for job in self._jobs:
            job.cancel()
        return all(job.thread_.wait_until(deadline_ns) for job in self._jobs)

    @Slot()
    def _on_job_finished(self) -> None:
        job = self.sender()
        if isinstance(job, Job) and job in self._jobs:
            self._jobs.remove(job)
            job.deleteLater()
