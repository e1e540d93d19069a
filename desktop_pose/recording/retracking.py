"""A session whose landmarks are tracked anew from the video of another: it appears when it is complete.

The video is taken over as it is, by a hard link where the disk knows them: the same bytes take no further
room, and stay until both sessions are gone. Times, frame numbers and marks are the original's.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from desktop_pose.core.frames import Frame
from desktop_pose.core.poses import FramePoses
from desktop_pose.recording.lock import is_held
from desktop_pose.recording.problems import writing_failed
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.rows import FrameDetails
from desktop_pose.recording.session import LOCK_FILE, folder_name
from desktop_pose.recording.video_track import VideoPlace
from desktop_pose.recording.writer import SessionWriter

_WORKSHOP = ".tracking-"
"""Begins the names of hidden folders in which sessions are made: no list shows what is in them."""


class RetrackingWriter(SessionWriter):
    """Writes a session with the video of another. After `create`, call `take_over` before the first frame."""

    _place: VideoPlace | None = None

    def take_over(self, original: SessionReader, tracked_at: datetime) -> None:
        """Take over the video and the marks of `original`, and say where the session comes from.

        Raises:
            RecordingError: The disk does not take them.
        """
        for number, file in enumerate(original.videos(), start=1):
            try:
                _link_or_copy(file.path, self.path / file.path.name)
            except OSError as error:
                raise writing_failed(error, self.path) from error
            size = file.size
            row = (number, file.path.name, file.encoder, size.width_px, size.height_px, file.first_frame)
            self._execute("INSERT INTO videos VALUES (?, ?, ?, ?, ?, ?)", row)
            self._encoder = file.encoder
        for mark in original.marks():
            self.write_mark(mark.number, mark.time_ns, mark.note)
        origin = {
            "tracked_from": original.info.id,
            "tracked_at": tracked_at.isoformat(timespec="milliseconds"),
        }
        for key, value in origin.items():
            self._execute("INSERT OR REPLACE INTO header VALUES (?, ?)", (key, value))

    def write_again(
        self, frame: Frame, poses: FramePoses, dropped_before: int, place: VideoPlace, source_ns: int | None
    ) -> None:
        """Add a frame whose picture is at `place` of the video taken over; see `write`."""
        self._place = place
        self.write(frame, poses, dropped_before, FrameDetails(source_ns=source_ns))

    def _write_picture(self, frame: Frame, details: FrameDetails) -> VideoPlace | None:  # noqa: ARG002
        self._pictures += 1
        return self._place


@contextmanager
def workshop(sessions_dir: Path) -> Iterator[Path]:
    """A hidden folder in `sessions_dir` to make a session in; it goes with all that is in it.

    Raises:
        RecordingError: It cannot be made.
    """
    _clear_away(sessions_dir)
    folder = sessions_dir / f"{_WORKSHOP}{token_hex(4)}"
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise writing_failed(error, sessions_dir) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bring_out(session: Path, sessions_dir: Path, started: datetime) -> Path:
    """Move a complete session from its workshop to `sessions_dir`; where it is now.

    Raises:
        RecordingError: It cannot be moved.
    """
    attempt = 1
    while (target := sessions_dir / folder_name(started, attempt)).exists():
        attempt += 1
    try:
        return session.rename(target)
    except OSError as error:
        raise writing_failed(error, sessions_dir) from error


def _clear_away(sessions_dir: Path) -> None:
    """Remove workshops that a program left which died; those in use hold a lock."""
    for folder in sessions_dir.glob(f"{_WORKSHOP}*"):
        if not any(is_held(lock) for lock in folder.glob(f"*/{LOCK_FILE}")):
            shutil.rmtree(folder, ignore_errors=True)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        target.chmod(0o600)
