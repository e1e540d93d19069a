"""The one way to write a recording in any format.

A file appears under its name only when the whole export is complete; until then, and after a failure, there
is none.
"""

import errno
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from desktop_pose.core.errors import ExportError
from desktop_pose.core.frames import Size
from desktop_pose.core.whole_file import is_special
from desktop_pose.recording.exporters.formats import Format
from desktop_pose.recording.exporters.new_files import TemporaryFiles, exists_already, remove_left_over
from desktop_pose.recording.exporters.protocol import CancelledError, Exporter, ExportOptions, Progress
from desktop_pose.recording.recorded import Mark, RecordedFrame, RecordedPoses
from desktop_pose.recording.session import Json, is_file_of_session


def export(
    recorded: RecordedPoses,
    out: Path,
    exporter: Exporter,
    options: ExportOptions,
    *,
    overwrite: bool,
    progress: Progress,
) -> tuple[Path, ...]:
    """The files written; none where `progress` cancelled the export.

    Args:
        recorded: What to write.
        out: File to make; with several people in a format of one file per person, `out.person0.trc` and so
            on.
        exporter: Of the format wanted.
        options: What of the recording, and how.
        overwrite: Whether existing files may be replaced.
        progress: Hears the number of frames done; returns False to cancel.

    Raises:
        ExportError: A file exists, or cannot be written, or there is nothing this format could show.
        RecordingError: What is recorded turns out to be damaged.
    """
    exporter.check()
    try:
        if out.is_symlink():
            out = Path(os.path.realpath(out))  # the link stays
        check_free(out, exporter.format, overwrite=overwrite)
        remove_left_over(out)
        chosen = recorded if options.people is None else _Chosen(recorded, options.people)
        with TemporaryFiles(out, may_overwrite=overwrite) as files:
            exporter.write(chosen, files, options, progress)
            if isinstance(chosen, _Chosen):
                chosen.check_all_seen()
            return files.finish()
    except CancelledError:
        return ()
    except OSError as error:
        raise _failed(error, out) from error


def files_of_export(out: Path, format: Format) -> tuple[Path, ...]:  # noqa: A002  # the user's own word
    """The files there are of an export to `out`: itself, or one for each of several people."""
    found = [out] if out.exists() else []
    if format.is_file_per_person and out.parent.is_dir():
        name = re.compile(re.escape(out.stem) + r"\.person\d+" + re.escape(out.suffix))
        found += sorted(path for path in out.parent.iterdir() if name.fullmatch(path.name))
    return tuple(found)


def check_free(out: Path, format: Format, *, overwrite: bool) -> None:  # noqa: A002  # the user's own word
    """Make sure that an export to `out` would replace nothing it may not.

    Raises:
        ExportError: `out` is a folder, no file, or one of a session; a file is there and may not be
            overwritten; or nobody may look.
    """
    try:
        if out.is_dir():
            raise ExportError(f"{out} is a folder", "End it with / to write into it")
        if is_special(out):
            raise ExportError(f"{out} is a device or a pipe", "Give the name of a file")
        if is_file_of_session(out):
            raise ExportError(f"{out} is a file of the recording itself", "Choose another name or folder")
        for path in () if overwrite else files_of_export(out, format):
            raise exists_already(path)
    except OSError as error:
        raise _failed(error, out) from error


class _Chosen:
    """Some people of a recording."""

    def __init__(self, recorded: RecordedPoses, people: frozenset[int]) -> None:
        self._recorded = recorded
        self._people = people
        self._seen: set[int] = set()

    @property
    def size(self) -> Size:
        return self._recorded.size

    @property
    def header(self) -> dict[str, Json]:
        return self._recorded.header

    @property
    def frame_count(self) -> int | None:
        return self._recorded.frame_count

    def marks(self) -> tuple[Mark, ...]:
        return self._recorded.marks()

    def frames(self) -> Iterator[RecordedFrame]:
        for frame in self._recorded.frames():
            self._seen.update(person.id for person in frame.people)
            places = [place for place, person in enumerate(frame.people) if person.id in self._people]
            yield replace(
                frame,
                people=tuple(frame.people[place] for place in places),
                angles=tuple(frame.angles[place] for place in places) if frame.angles else (),
            )

    def check_all_seen(self) -> None:
        missing = sorted(self._people - self._seen)
        if missing:
            there = ", ".join(map(str, sorted(self._seen))) or "nobody"
            raise ExportError(
                f"There is no person {missing[0]} in this recording", f"Choose from those there are: {there}"
            )


def _failed(error: OSError, out: Path) -> ExportError:
    if error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return ExportError(f"The disk of {out} is full", "Free some space, or choose another folder")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return ExportError(f"There is no folder {out.parent}", "Make it first, or choose another one")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return ExportError(f"{out} cannot be written to", "Allow writing there, or choose another folder")
    return ExportError(f"{out} could not be written ({error.strerror or error})", "Choose another folder")
