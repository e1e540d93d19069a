"""The formats there are, and the one way to write a file in any of them.

A file appears under its name only when it is complete; until then, and after a failure, there is none.
"""

import errno
import os
from pathlib import Path

from desktop_pose.core.errors import ExportError
from desktop_pose.recording.exporters.frames_csv import FramesCsv
from desktop_pose.recording.exporters.json_landmarks import JsonLandmarks
from desktop_pose.recording.exporters.protocol import CancelledError, Exporter, Progress
from desktop_pose.recording.exporters.tidy_csv import TidyCsv
from desktop_pose.recording.recorded import RecordedPoses

_ALL: tuple[Exporter, ...] = (TidyCsv(), JsonLandmarks(), FramesCsv())

EXPORTERS: dict[str, Exporter] = {exporter.name: exporter for exporter in _ALL}
"""Every exporter by the name of its format; a suffix that two have means the first."""


def _no_progress(_frames: int) -> bool:
    return True


def export(
    recorded: RecordedPoses,
    out: Path,
    format: str,  # noqa: A002  # the user's own word for it
    *,
    raw: bool = False,
    overwrite: bool = False,
    progress: Progress = _no_progress,
) -> bool:
    """Whether `out` was written; False where `progress` cancelled the export.

    Args:
        recorded: What to write.
        out: File to make.
        format: A key of `EXPORTERS`.
        raw: Whether to write landmarks from before smoothing.
        overwrite: Whether an existing file may be replaced.
        progress: Hears the number of frames done; returns False to cancel.

    Raises:
        ExportError: The file exists, or cannot be written.
        RecordingError: What is recorded turns out to be damaged.
    """
    _check_free(out, overwrite=overwrite)
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        EXPORTERS[format].write(recorded, partial, raw=raw, progress=progress)
        _flush_to_disk(partial)
        _check_free(out, overwrite=overwrite)
        partial.replace(out)
    except CancelledError:
        return False
    except OSError as error:
        raise _failed(error, out) from error
    finally:
        _remove(partial)
    return True


def _check_free(out: Path, *, overwrite: bool) -> None:
    if out.is_dir():
        raise ExportError(f"{out} is a folder", "Give the name of a file")
    if not overwrite and out.exists():
        raise ExportError(f"{out} exists already", "Choose another name, or allow overwriting it")


def _flush_to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _remove(partial: Path) -> None:
    try:
        partial.unlink(missing_ok=True)
    except OSError:
        return  # its folder is gone, and that has been told


def _failed(error: OSError, out: Path) -> ExportError:
    if error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return ExportError(f"The disk of {out} is full", "Free some space, or choose another folder")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return ExportError(f"There is no folder {out.parent}", "Make it first, or choose another one")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return ExportError(f"{out} cannot be written to", "Allow writing there, or choose another folder")
    return ExportError(f"{out} could not be written ({error.strerror or error})", "Choose another folder")
