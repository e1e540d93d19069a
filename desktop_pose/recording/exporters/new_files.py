"""The files of one export: under temporary names beside their own until all are complete.

A process holds its unfinished files open, and locked where an open file could be removed. What nobody holds
was left by a process that was killed, and is removed by the next export to the same place.
"""

import os
import re
import secrets
import sys
from contextlib import suppress
from pathlib import Path

from desktop_pose.core.errors import ExportError
from desktop_pose.core.whole_file import MOST_OF_NAME

if sys.platform == "win32":

    def _try_to_hold(_descriptor: int) -> bool:
        """True: who else has an open file keeps it from being removed."""
        return True

else:
    import fcntl

    def _try_to_hold(descriptor: int) -> bool:
        """Lock the file for as long as it is open here; False where somebody else has."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # held, or on a disk without locks
            return False
        return True


class TemporaryFiles:
    """Files under temporary names, all moved to their own in the end; `NewFiles` for the exporters.

    Args:
        out: The name of the only file; those of several people are formed from it.
        may_overwrite: Whether files of these names may be replaced.
    """

    def __init__(self, out: Path, *, may_overwrite: bool) -> None:
        self._out = out
        self._may_overwrite = may_overwrite
        self._final: dict[Path, Path] = {}
        self._held: list[int] = []

    def __enter__(self) -> "TemporaryFiles":
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    @property
    def folder(self) -> Path:
        """Where they will lie."""
        return self._out.parent

    def new(self, person: int | None = None) -> Path:
        """A new empty file.

        Raises:
            OSError: It cannot be made.
        """
        out = self._out
        mark = "" if person is None else f".person{person}"
        final = out.with_name(f"{out.stem}{mark}{out.suffix}")
        token = secrets.token_hex(4)
        partial = out.with_name(f".{out.stem[:MOST_OF_NAME]}{mark}.{token}.partial{out.suffix}")
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        self._final[partial] = final
        self._held.append(descriptor)
        _try_to_hold(descriptor)
        return partial

    def finish(self) -> tuple[Path, ...]:
        """Give them their names; these.

        Raises:
            ExportError: One is taken meanwhile.
            OSError: They cannot be written to the disk, or moved; then none has its name.
        """
        for partial in self._final:
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
        for final in self._final.values():
            if final.is_dir() or (final.exists() and not self._may_overwrite):
                raise exists_already(final)
        self.release()
        moved: list[Path] = []
        try:
            for partial, final in self._final.items():
                partial.replace(final)
                moved.append(final)
        except OSError:
            for final in moved:
                final.unlink(missing_ok=True)
            raise
        return tuple(moved)

    def discard(self) -> None:
        """Remove what has not got its name."""
        self.release()
        for partial in self._final:
            with suppress(OSError):  # its folder is gone, and that has been told
                partial.unlink(missing_ok=True)

    def release(self) -> None:
        """Hold them no longer, as when the process ends."""
        while self._held:
            os.close(self._held.pop())


def exists_already(path: Path) -> ExportError:
    """What is told of a file that may not be overwritten."""
    return ExportError(f"{path} exists already", "Choose another name, or add --overwrite")


def remove_left_over(out: Path) -> None:
    """Remove what killed processes have left of exports to `out`."""
    stem, suffix = re.escape(out.stem[:MOST_OF_NAME]), re.escape(out.suffix)
    name = re.compile(rf"\.{stem}(\.person\d+)?\.[0-9a-f]+\.partial{suffix}")
    with suppress(OSError):  # no such folder, or a file that may not be touched
        for path in out.parent.iterdir():
            if name.fullmatch(path.name):
                _remove_unless_held(path)


def _remove_unless_held(path: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDWR)
        is_left_over = _try_to_hold(descriptor)
        os.close(descriptor)
        if is_left_over:
            path.unlink()
