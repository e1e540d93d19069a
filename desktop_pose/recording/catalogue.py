"""What the folder of the sessions holds, for a list: sound sessions and damaged ones, with title and note.

One session costs about a millisecond, so a long list is read on a thread that nobody waits for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from desktop_pose.core.errors import RecordingError
from desktop_pose.recording.about import SessionAbout, read_about
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import SessionInfo, session_folders

Progress = Callable[[int, int], bool]
"""Hears how many of how many sessions are read; returns False to give up."""

_EVERY = 20
_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One session of the list.

    Attributes:
        path: Its folder.
        about: What the user says of it.
        info: What is known of it; None where it cannot be read.
        problem: Why it cannot be read; None where it can.
    """

    path: Path
    about: SessionAbout
    info: SessionInfo | None = None
    problem: RecordingError | None = None

    @property
    def started(self) -> datetime | None:
        """When the recording began; None where that cannot be read."""
        return None if self.info is None else datetime.fromisoformat(self.info.started)


def read_catalogue(sessions_dir: Path, progress: Progress) -> tuple[CatalogueEntry, ...] | None:
    """All sessions in `sessions_dir`, the newest first, damaged ones last; None where `progress` gave up.

    Raises:
        RecordingError: The folder is there and cannot be read.
    """
    folders = session_folders(sessions_dir)
    entries = []
    for number, folder in enumerate(folders):
        if number % _EVERY == 0 and not progress(number, len(folders)):
            return None
        entries.append(read_entry(folder))
    entries.sort(key=lambda entry: (entry.started or _LONG_AGO, entry.path.name), reverse=True)
    return tuple(entries)


def read_entry(folder: Path) -> CatalogueEntry:
    """The session in `folder` as it stands now."""
    about = read_about(folder)
    try:
        with SessionReader.open(folder) as reader:
            return CatalogueEntry(folder, about, info=reader.info)
    except RecordingError as error:
        return CatalogueEntry(folder, about, problem=error)
