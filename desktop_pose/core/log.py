"""Sets up the log: a rotating file, and standard error for errors."""

import logging
import logging.handlers
import sys

from desktop_pose.core import places

LEVELS = ("debug", "info", "warning", "error")
_FORMAT = "%(asctime)s %(levelname)-7s %(threadName)s %(name)s: %(message)s"


class _OneLine(logging.Formatter):
    """Leaves tracebacks to the file."""

    def format(self, record: logging.LogRecord) -> str:
        """The level and the message."""
        return f"{record.levelname}: {record.getMessage()}"


def set_up(level: str) -> None:
    """Send records of `level` and above to the log file, and errors to standard error as well.

    Warnings stay out of it: what the user has to know is told once, in words made for that. A log file that
    cannot be written is no reason to fail: one warning says so, and tracebacks go to standard error then.
    """
    root = logging.getLogger("desktop_pose")
    root.setLevel(level.upper())
    for former in root.handlers:
        former.close()
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(logging.ERROR)
    console.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    handlers: list[logging.Handler] = [console]
    path = places.log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", errors="backslashreplace"
        )
    except OSError as error:
        root.handlers[:] = [console]
        console.setLevel(logging.WARNING)
        root.warning("No log is kept in %s (%s). Allow writing there.", path.parent, error.strerror or error)
        console.setLevel(logging.ERROR)
        return
    file.setFormatter(logging.Formatter(_FORMAT))
    console.setFormatter(_OneLine())
    handlers.append(file)
    root.handlers[:] = handlers
