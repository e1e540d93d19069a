"""The sessions of a folder: listed, found, repaired, deleted."""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from desktop_pose.core.errors import RecordingError
from desktop_pose.recording import schema
from desktop_pose.recording.lock import SessionLock
from desktop_pose.recording.problems import damaged, writing_failed
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import (
    LANDMARKS_FILE,
    LOCK_FILE,
    REPAIR_FILE,
    SESSION_FILES,
    VIDEO_FILES,
    SessionInfo,
    SessionState,
    session_folders,
)

_MARK_RECOVERED = """
INSERT OR REPLACE INTO header
SELECT 'state', :state
UNION ALL SELECT 'frame_count', count(*) FROM frames
UNION ALL SELECT 'duration_ns', max(time_ns) FROM frames
"""

log = logging.getLogger(__name__)


def _to_log(error: RecordingError) -> None:
    log.warning("Left out of the list: %s", error)


def list_sessions(
    sessions_dir: Path, on_damage: Callable[[RecordingError], None] = _to_log
) -> tuple[SessionInfo, ...]:
    """The sessions in `sessions_dir`, newest first.

    Args:
        sessions_dir: Where to look.
        on_damage: Is told of each session that is left out because it cannot be read.

    Raises:
        RecordingError: The folder is there and cannot be read.
    """
    found = []
    for folder in session_folders(sessions_dir):
        try:
            found.append(_info(folder))
        except RecordingError as error:
            on_damage(error)
    found.sort(key=lambda info: (datetime.fromisoformat(info.started), info.id), reverse=True)
    return tuple(found)


def find_session(text: str, sessions_dir: Path) -> SessionInfo:
    """The session meant by `text`: the id of one in `sessions_dir`, or a folder.

    Raises:
        RecordingError: There is none, or it is damaged.
    """
    return _info(find_folder(text, sessions_dir))


def find_folder(text: str, sessions_dir: Path) -> Path:
    """The folder of the session meant by `text`, which may be damaged.

    Raises:
        RecordingError: There is none, or it may not be read.
    """
    folder = Path(text)
    by_id = [sessions_dir / text] if folder.name == text else []
    for found in (*by_id, folder) if text else ():
        try:
            if (found / LANDMARKS_FILE).is_file():
                return found
        except PermissionError as error:
            raise damaged(found, error) from error
        except OSError:
            continue  # no name a file could have
    raise RecordingError(
        f"There is no session {text} in {sessions_dir}", "List the sessions with desktop-pose sessions"
    )


def find_interrupted(sessions_dir: Path) -> tuple[Path, ...]:
    """The folders of the sessions whose recording was interrupted, newest first.

    Only those with a lock file are opened: it goes when a recording ends by itself.

    Raises:
        RecordingError: The folder is there and cannot be read.
    """
    found = []
    for folder in session_folders(sessions_dir):
        if not (folder / LOCK_FILE).is_file():
            continue
        try:
            if _info(folder).state is SessionState.INTERRUPTED:
                found.append(folder)
        except RecordingError as error:
            _to_log(error)
    return tuple(sorted(found, reverse=True))


def repair(info: SessionInfo) -> SessionInfo:
    """The session made whole after its program died: one file again, a video with duration and index.

    Recorded data is not altered: the video's frames are copied as they are. A session that needs no repair
    is given back as it is.

    Raises:
        RecordingError: It is being recorded, it is damaged, or the disk does not take the repaired files.
    """
    with _held(info.path):
        if _info(info.path).state in (SessionState.COMPLETE, SessionState.RECOVERED):
            return _info(info.path)
        try:
            for name in VIDEO_FILES:
                _mend_video(info.path / name)
            connection = schema.open_existing(info.path / LANDMARKS_FILE, writable=True)
            try:
                connection.execute(_MARK_RECOVERED, {"state": SessionState.RECOVERED.value})
                schema.finish_journal(connection)
            finally:
                connection.close()
        except (OSError, sqlite3.Error) as error:
            raise writing_failed(error, info.path) from error
    return _info(info.path)


def delete(folder: Path) -> None:
    """Delete the files of the session in `folder`, and the folder unless the user keeps other files there.

    Raises:
        RecordingError: It is being recorded, or cannot be deleted.
    """
    with _held(folder):
        pass
    real = Path(os.path.realpath(folder))  # neither "." nor a link can be removed as a folder
    try:
        for name in SESSION_FILES:
            (real / name).unlink(missing_ok=True)
        if not any(real.iterdir()):
            real.rmdir()
            if folder.is_symlink():
                folder.unlink()
    except OSError as error:
        raise RecordingError(
            f"The session {folder} could not be deleted ({error.strerror})", "Allow writing there"
        ) from error


def _info(folder: Path) -> SessionInfo:
    with SessionReader.open(folder) as reader:
        return reader.info


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the session's lock, so that nobody else repairs or deletes it meanwhile."""
    try:
        lock = SessionLock.acquire(folder / LOCK_FILE)
    except OSError as error:
        raise writing_failed(error, folder) from error
    if lock is None:
        name = folder.absolute().name
        raise RecordingError(f"The session {name} is being recorded", "Stop its recording first")
    done = False
    try:
        yield
        done = True
    finally:
        lock.release(remove=done)


def _mend_video(video: Path) -> None:
    mended = video.with_name(REPAIR_FILE)
    if not video.is_file():
        return
    from desktop_pose.recording.video import remux

    if remux(video, mended) > 0:
        mended.replace(video)
