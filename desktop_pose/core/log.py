"""Sets up the log: a rotating file, and standard error for warnings."""

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
    """Send records of `level` and above to the log file, and warnings to standard error as well.

    A log file that cannot be written is no reason to fail: the records then go to standard error alone.
    """
    root = logging.getLogger("desktop_pose")
    root.setLevel(level.upper())
    for former in root.handlers:
        former.close()
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(max(logging.WARNING, root.level))
    console.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    handlers: list[logging.Handler] = [console]
    path = places.log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    except OSError as error:
        root.handlers[:] = [console]
        root.warning("No log file: %s", error)
        return
    file.setFormatter(logging.Formatter(_FORMAT))
    console.setFormatter(_OneLine())
    handlers.append(file)
    root.handlers[:] = handlers
