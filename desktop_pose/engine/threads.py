"""The one QThread subclass, and what it runs: a stage that knows no Qt."""

import logging
import threading
from typing import Protocol

from PySide6.QtCore import QObject, QThread, Signal

from desktop_pose.core.clock import NS_PER_MS, monotonic_ns
from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.memory_steps import STEPS

log = logging.getLogger(__name__)


class Stage(Protocol):
    """Work that runs on a thread of its own until it is done or told to stop."""

    @property
    def name(self) -> str:
        """Name of the thread."""

    def run(self, stop: threading.Event) -> None:
        """Do the work; return within 100 ms of `stop` being set, unless a driver blocks.

        Raises:
            DesktopPoseError: The world failed; the thread ends and says so.
        """


class StageThread(QThread):
    """Runs one stage, once.

    **Signals**, all emitted from the thread itself:
        started_as(int, str): The thread's native id and name.
        failed(DesktopPoseError): The stage ended because the world failed.
        crashed(str): The stage ended because of a bug; the traceback is in the log.
    """

    started_as = Signal(object, str)
    failed = Signal(object)
    crashed = Signal(str)

    def __init__(self, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stage = stage
        self.stop_event = threading.Event()
        self.setObjectName(stage.name)

    def run(self) -> None:
        """Run the stage to its end. Called by Qt on the new thread."""
        threading.current_thread().name = self.stage.name
        self.started_as.emit(threading.get_native_id(), self.stage.name)
        try:
            self.stage.run(self.stop_event)
        except DesktopPoseError as error:
            log.warning("%s stopped: %s", self.stage.name, error)
            self.failed.emit(error)
        except Exception as error:
            log.exception("%s crashed", self.stage.name)
            self.crashed.emit(f"{type(error).__name__}: {error}")
        finally:
            STEPS.end_all()

    def wait_until(self, deadline_ns: int) -> bool:
        """Whether the thread has ended, waiting until `deadline_ns` of `core.clock`."""
        return self.wait(max((deadline_ns - monotonic_ns()) // NS_PER_MS, 0))
