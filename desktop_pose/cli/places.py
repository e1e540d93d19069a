"""Files the command line writes: tried before the work, replaced whole after it."""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import typer

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.whole_file import is_special, write_whole


def expanded(path: Path | None) -> Path | None:
    """`path` with `~` as the home folder, which shells leave alone in `--option=~/file`.

    Raises:
        typer.BadParameter: It begins with the home of nobody.
    """
    if path is None:
        return None
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise typer.BadParameter(f"There is no home folder {path.parts[0]}. Give another place.") from error


def refuse_inputs(paths: Iterable[Path], inputs: Iterable[str]) -> None:
    """Refuse to write over what is read, whatever else may be overwritten.

    Args:
        paths: What is going to be written.
        inputs: What is going to be read.

    Raises:
        typer.BadParameter: One of `paths` leads to one of `inputs`.
    """
    read = {_file_identity(Path(each)) for each in inputs} - {None}
    for path in paths:
        if _file_identity(path) in read:
            raise typer.BadParameter(f"{path} is to be read, not written. Choose another name or folder.")


def try_place(path: Path, what: str, inputs: Iterable[str] = ()) -> None:
    """Make sure that `path` can be written, leaving nothing behind.

    Args:
        path: The file.
        what: What it is going to hold.
        inputs: What is going to be read.

    Raises:
        typer.BadParameter: It is one of the inputs.
        DesktopPoseError: It cannot be written, or is a file of a session.
    """
    from desktop_pose.recording.session import is_file_of_session

    refuse_inputs([path], inputs)
    try:
        if path.is_dir():
            raise _unwritable(path, what, "it is a folder")
        if is_file_of_session(path):
            raise _unwritable(path, what, "it is a file of a recording")
        if path.exists() and not os.access(path, os.W_OK):
            raise _unwritable(path, what, "it is read-only")
        if not is_special(path):
            folder = Path(os.path.realpath(path)).parent
            with tempfile.NamedTemporaryFile(dir=folder, prefix="."):
                pass
    except OSError as error:
        raise _unwritable(path, what, error.strerror or type(error).__name__) from error


def write_json(path: Path, document: Mapping[str, object], what: str) -> None:
    """Write `document` to `path`, whole or not at all.

    Raises:
        DesktopPoseError: It cannot be written.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        # A name may be no text at all; the escapes are JSON's own.
        write_whole(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise _unwritable(path, what, error.strerror or type(error).__name__) from error


def _file_identity(path: Path) -> tuple[int, int] | None:
    """What tells whether two paths lead to one file; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _unwritable(path: Path, what: str, reason: str) -> DesktopPoseError:
    return DesktopPoseError(
        f"The {what} cannot be written to {path} ({reason})", "Choose a place that can be written"
    )
