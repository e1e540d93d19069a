"""What the window does with recorded sessions, each a job: disk work never holds the window up.

What a job needs is imported by it: together that is a tenth of the start, and most runs need none of it.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QObject

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.settings import Settings
from desktop_pose.engine.jobs import Job, Jobs, Progress

if TYPE_CHECKING:
    from desktop_pose.engine.comparison import Comparison
    from desktop_pose.engine.playback_series import SessionCurves
    from desktop_pose.engine.thumbnails import Preview, ThumbnailCache
    from desktop_pose.pose.protocol import PoseTracker
    from desktop_pose.recording.about import SessionAbout
    from desktop_pose.recording.catalogue import CatalogueEntry

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of several sessions.

    Attributes:
        done: Folders with which it went well.
        problems: What went wrong with the others.
    """

    done: tuple[Path, ...]
    problems: tuple[RecordingError, ...]


class Library(Jobs):
    """The sessions of one folder.

    Args:
        sessions_dir: Where sessions are recorded.
        cache_dir: Where previews are kept, in a folder of their own; None keeps none.
        parent: Owns this.

    Attributes:
        sessions_dir: Where sessions are recorded.
    """

    def __init__(self, sessions_dir: Path, cache_dir: Path | None, parent: QObject) -> None:
        super().__init__(parent)
        self.sessions_dir = sessions_dir
        self._cache_dir = cache_dir

    @cached_property
    def _previews(self) -> "ThumbnailCache":
        from desktop_pose.engine.thumbnails import ThumbnailCache

        return ThumbnailCache(None if self._cache_dir is None else self._cache_dir / "previews")

    def list_entries(self) -> Job:
        """List the sessions, newest first: gives a tuple of `CatalogueEntry`, or None when cancelled."""

        def work(progress: Progress) -> "tuple[CatalogueEntry, ...] | None":
            from desktop_pose.recording.catalogue import read_catalogue

            entries = read_catalogue(self.sessions_dir, progress)
            if entries is not None:
                self._previews.forget_all_but(self.sessions_dir, (entry.path for entry in entries))
            return entries

        return self.start("sessions", work)

    def look_into(self, sessions: tuple[Path, ...]) -> Job:
        """Look into sessions: gives a tuple of `Preview`, fewer when cancelled."""

        def work(progress: Progress) -> "tuple[Preview, ...]":
            previews: list[Preview] = []
            for number, session in enumerate(sessions):
                if not progress(number, len(sessions)):
                    break
                previews.append(self._previews.preview(session))
            return tuple(previews)

        return self.start("previews", work)

    def describe(self, session: Path, about: "SessionAbout") -> Job:
        """Keep what the user says of a session: gives its new `CatalogueEntry`."""

        def work(_progress: Progress) -> "CatalogueEntry":
            from desktop_pose.recording.about import write_about
            from desktop_pose.recording.catalogue import read_entry

            write_about(session, about)
            return read_entry(session)

        return self.start("sessions", work)

    def read_curves(self, session: Path, person: int | None) -> Job:
        """Read what the charts of a playback show: gives `SessionCurves`, or None when cancelled."""

        def work(progress: Progress) -> "SessionCurves | None":
            from desktop_pose.engine.playback_series import read_curves

            return read_curves(session, person, progress)

        return self.start("curves", work)

    def find_interrupted(self) -> Job:
        """Look for sessions whose recording was interrupted: gives a tuple of their folders."""

        def work(_progress: Progress) -> tuple[Path, ...]:
            from desktop_pose.recording.session import session_folders

            if not session_folders(self.sessions_dir):
                return ()  # the rest is not needed yet
            from desktop_pose.recording.library import find_interrupted

            return find_interrupted(self.sessions_dir)

        return self.start("interrupted", work)

    def track_again(
        self, session: Path, settings: Settings, models_dir: Path, open_tracker: "Callable[[], PoseTracker]"
    ) -> Job:
        """Track a session's video with `settings`: gives the new session's folder, or None when cancelled."""

        def work(progress: Progress) -> Path | None:
            from desktop_pose.engine.retracking import track_again

            return track_again(session, settings, models_dir, open_tracker, progress)

        return self.start("retracking", work)

    def compare(self, reference: Path, other: Path) -> Job:
        """Compare two sessions of one video: gives a `Comparison`, or None when cancelled."""

        def work(progress: Progress) -> "Comparison | None":
            from desktop_pose.engine.comparison import compare

            return compare(reference, other, progress)

        return self.start("comparison", work)

    def repair(self, sessions: Iterable[Path]) -> Job:
        """Repair interrupted sessions: gives an `Outcome`."""

        def work(session: Path) -> None:
            from desktop_pose.recording.library import find_session, repair

            repair(find_session(str(session), self.sessions_dir))

        return self._for_each(sessions, work)

    def move_to_trash(self, sessions: Iterable[Path]) -> Job:
        """Move sessions to the desktop's trash, with all that is in their folders: gives an `Outcome`."""

        def work(session: Path) -> None:
            from desktop_pose.recording.lock import is_held
            from desktop_pose.recording.session import LOCK_FILE

            if is_held(session / LOCK_FILE):
                raise RecordingError(
                    f"The session {session.name} is being recorded", "Stop its recording first"
                )
            if not QFile.moveToTrash(str(session)):
                raise RecordingError(
                    f"The session {session.name} could not be moved to the trash",
                    f"Delete it for good with: desktop-pose sessions delete {session.name}",
                )
            self._previews.forget([session])

        return self._for_each(sessions, work)

    def _for_each(self, sessions: Iterable[Path], work_on: Callable[[Path], object]) -> Job:
        chosen = tuple(sessions)

        def work(progress: Progress) -> Outcome:
            done: list[Path] = []
            problems: list[RecordingError] = []
            for number, session in enumerate(chosen):
                if not progress(number, len(chosen)):
                    break
                try:
                    work_on(session)
                except RecordingError as error:
                    log.warning("%s", error)
                    problems.append(error)
                else:
                    done.append(session)
            return Outcome(tuple(done), tuple(problems))

        return self.start("sessions", work)
