"""Exports recorded sessions: one with its pictures, or several in turn, going on after one that fails."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_pose.core.errors import DesktopPoseError, ExportError
from desktop_pose.engine.exports.pictures import pictures_of
from desktop_pose.engine.exports.registry import EXPORTERS, export
from desktop_pose.recording.exporters import ExportOptions
from desktop_pose.recording.exporters.protocol import Progress
from desktop_pose.recording.reader import SessionReader

log = logging.getLogger(__name__)

_STEPS = 1000
"""Of progress in each session, however long it is."""


@dataclass(frozen=True, slots=True)
class SessionExport:
    """The session in the folder `session`, to be exported to the file `out`."""

    session: Path
    out: Path


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """What became of the export of sessions.

    Attributes:
        files: What was written.
        problems: What went wrong, with the session's folder.
        sessions_done: How many sessions were exported.
        is_cancelled: Whether some were given up.
    """

    files: tuple[Path, ...]
    problems: tuple[tuple[Path, DesktopPoseError], ...]
    sessions_done: int
    is_cancelled: bool


def export_session(
    session: SessionReader,
    out: Path,
    format_name: str,
    options: ExportOptions,
    *,
    overwrite: bool,
    progress: Progress,
) -> tuple[Path, ...]:
    """The files written of an open session, with its pictures where the format shows any; see `export`."""
    if EXPORTERS[format_name].format.shows_pictures:
        options = replace(options, pictures=pictures_of(session))
    return export(session, out, format_name, options, overwrite=overwrite, progress=progress)


def export_sessions(
    wanted: tuple[SessionExport, ...],
    format_name: str,
    options: ExportOptions,
    progress: Callable[[int, int], bool],
) -> ExportOutcome:
    """Export `wanted` in turn, replacing what is there; what fails is told at the end.

    Args:
        wanted: What to export to where; with several, missing folders are made.
        format_name: A key of `EXPORTERS`.
        options: What of each session, and how.
        progress: Hears how much of how much is done; returns False to cancel.
    """
    files: list[Path] = []
    problems: list[tuple[Path, DesktopPoseError]] = []
    done = 0
    for number, each in enumerate(wanted):
        if not progress(number * _STEPS, len(wanted) * _STEPS):
            return ExportOutcome(tuple(files), tuple(problems), done, is_cancelled=True)
        try:
            if len(wanted) > 1:
                _make_folder(each.out.parent)
            with SessionReader.open(each.session) as session:
                frames = session.frame_count or 1

                def tell(frame: int, before: int = number, of: int = frames) -> bool:
                    share = min(frame / of, 1.0)
                    return progress(round((before + share) * _STEPS), len(wanted) * _STEPS)

                written = export_session(
                    session, each.out, format_name, options, overwrite=True, progress=tell
                )
        except DesktopPoseError as error:
            log.warning("%s is not exported: %s", each.session, error)
            problems.append((each.session, error))
            continue
        if not written:
            return ExportOutcome(tuple(files), tuple(problems), done, is_cancelled=True)
        files += written
        done += 1
    return ExportOutcome(tuple(files), tuple(problems), done, is_cancelled=False)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"The folder {folder} cannot be made ({error.strerror})", "Choose another one"
        ) from error
