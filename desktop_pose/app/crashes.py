"""What happens to an exception nobody expected: the log, a dialog, the end."""

import logging
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtWidgets import QMessageBox, QWidget

from desktop_pose.core import places

log = logging.getLogger(__name__)


class CrashHandler:
    """Receives exceptions from `sys.excepthook`.

    Args:
        end: Called once, after the first of them, to end the program.
        window: Parent of the dialog; None shows none.
    """

    def __init__(self, end: Callable[[str], None], window: QWidget | None) -> None:
        self._end = end
        self._window = window
        self._has_crashed = False

    def install(self) -> None:
        """Receive exceptions from now on."""
        sys.excepthook = self.handle

    def handle(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        """Log the exception; show the first one and end the program."""
        if issubclass(kind, KeyboardInterrupt):
            return
        log.error("A bug", exc_info=(kind, error, traceback))
        if self._has_crashed:
            return
        self._has_crashed = True
        summary = f"{kind.__name__}: {error}"
        if self._window is not None:
            QMessageBox.critical(
                self._window,
                "Desktop Pose",
                f"A bug has stopped the program, which ends now. A recording is saved first.\n\n{summary}\n\n"
                f"The log has the details:\n{places.log_file()}",
            )
        self._end(summary)
