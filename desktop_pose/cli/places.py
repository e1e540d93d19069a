"""Files the command line writes: tried before the work, replaced whole after it."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.whole_file import write_whole


def expanded(path: Path | None) -> Path | None:
    """`path` with `~` as the home folder, which shells leave alone in `--option=~/file`."""
    return None if path is None else path.expanduser()


def try_place(path: Path, what: str) -> None:
    """Make sure that `path` can be written, leaving nothing behind.

    Raises:
        DesktopPoseError: It cannot.
    """
    if path.is_dir():
        raise _unwritable(path, what, "it is a folder")
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}."):
            pass
        if path.exists() and not os.access(path, os.W_OK):
            raise _unwritable(path, what, "it is read-only")
    except OSError as error:
        raise _unwritable(path, what, error.strerror or type(error).__name__) from error


def write_json(path: Path, document: Mapping[str, object], what: str) -> None:
    """Write `document` to `path`, whole or not at all.

    Raises:
        DesktopPoseError: It cannot be written.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise _unwritable(path, what, error.strerror or type(error).__name__) from error


def _unwritable(path: Path, what: str, reason: str) -> DesktopPoseError:
    return DesktopPoseError(
        f"The {what} cannot be written to {path} ({reason})", "Choose a place that can be written"
    )
