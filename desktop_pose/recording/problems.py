"""Turns what the system says about a failed write or read into one sentence and a remedy."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_pose.core.errors import RecordingError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT")
                  else {errno.ENOSPC, errno.EFBIG})  # fmt: skip
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ESTALE} if hasattr(errno, "ESTALE")
                  else {errno.ENOENT, errno.ENOTDIR})  # fmt: skip


def writing_failed(error: OSError | sqlite3.Error, path: Path) -> RecordingError:
    """What to tell the user when writing the session `path` has failed with `error`."""
    # SQLite's words are its own and fixed; its codes reach Python only from 3.11 on.
    number = error.errno if isinstance(error, OSError) else None
    words = str(error)
    if number in _FULL or "disk is full" in words:
        return RecordingError(
            f"The disk of {path} is full",
            "Free some space, or choose a sessions folder on another disk; what was recorded is kept",
        )
    if number in _READ_ONLY or "readonly database" in words:
        return RecordingError(
            f"{path} cannot be written to", "Allow writing there, or choose another sessions folder"
        )
    if number in _GONE or "unable to open database file" in words:
        return RecordingError(
            f"{path} is gone or cannot be reached",
            "Connect its disk, or choose another sessions folder",
        )
    if number == errno.EEXIST:
        return RecordingError(f"{path} is a file and no folder", "Choose another sessions folder")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else words
    return RecordingError(
        f"{path} could not be written ({reason})", "Check its disk, or choose another sessions folder"
    )


def damaged(path: Path, reason: object) -> RecordingError:
    """What to tell the user when the session `path` does not hold what a session holds, or cannot be read."""
    if isinstance(reason, sqlite3.OperationalError) and "locked" in str(reason):
        return RecordingError(f"The session {path} is in use by another program", "Close that program first")
    if isinstance(reason, PermissionError):
        return RecordingError(f"The session {path} may not be read", "Ask its owner for permission")
    return RecordingError(
        f"The session {path} cannot be read: {reason}", "Copy it again from where it came from, or delete it"
    )


@contextmanager
def trouble_told(path: Path) -> Iterator[None]:
    """Turn what goes wrong while the session `path` is read into a `RecordingError`."""
    try:
        yield
    except RecordingError:
        raise
    except (sqlite3.Error, OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise damaged(path, error) from error
