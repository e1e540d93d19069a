"""The lock that tells a session being recorded from one whose program died.

The operating system drops it with the process, however that ends. It is advisory and its file is empty.
"""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


# Windows has no way to look at a lock without taking it for a moment: somebody else looking is no recording.
_HELD_ERRORS = (BlockingIOError, PermissionError)


class SessionLock:
    """A held lock. Made by `acquire`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, path: Path) -> "SessionLock | None":
        """The lock of the file `path`, which is made if it is not there; None while somebody holds it.

        Raises:
            OSError: The file cannot be made, or its disk knows no locks.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except _HELD_ERRORS:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        return cls(path, descriptor)

    def release(self, *, remove: bool) -> None:
        """Let go, and with `remove` delete the file. May be called more than once."""
        if self._descriptor is None:
            return
        os.close(self._descriptor)
        self._descriptor = None
        if remove:
            try:
                self._path.unlink(missing_ok=True)
            except OSError:
                return  # a lock file left behind says nothing: only a held lock does


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock of `path`."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        if sys.platform == "win32":
            _lock(descriptor)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except _HELD_ERRORS:
        return True
    except OSError:
        return False  # a disk without locks: nobody can have taken one
    finally:
        os.close(descriptor)
    return False
