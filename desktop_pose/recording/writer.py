"""Writes a session while it is recorded.

Everything is on disk at most half a second of capture time after it was captured, whatever ends the program
then. No frame is kept in memory.
"""

import json
import sqlite3
from pathlib import Path

import numpy as np

from desktop_pose.core.clock import NS_PER_MS
from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Frame, Size
from desktop_pose.core.poses import FloatArray, FramePoses, Person
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording import schema
from desktop_pose.recording.lock import SessionLock
from desktop_pose.recording.problems import writing_failed
from desktop_pose.recording.session import (
    LANDMARKS_FILE,
    LOCK_FILE,
    SESSION_FILES,
    VIDEO_FILE,
    Json,
    SessionHeader,
    SessionState,
    folder_name,
    size_bytes,
)
from desktop_pose.recording.video import VideoWriter

_COMMIT_AFTER_NS = 400 * NS_PER_MS
"""With frames up to 100 ms apart no transaction then spans more than half a second."""


class SessionWriter:
    """A session being recorded. Made by `create`; used on the thread that made it; ended by `finalise`.

    After a `RecordingError` only `finalise` may follow. What was committed before stays readable.

    Attributes:
        path: The session's folder.
        committed_frames: Number of frames that nothing can lose any more.
        bytes_written: What the session took on disk at the last commit. May be read from any thread.
    """

    def __init__(
        self, path: Path, lock: SessionLock, connection: sqlite3.Connection, size: Size, kind: RecordingKind
    ) -> None:
        self.path = path
        self.committed_frames = 0
        self.bytes_written = size_bytes(path)
        self._lock = lock
        self._connection = connection
        self._size = size
        self._kind = kind
        self._video: VideoWriter | None = None
        self._frames = 0
        self._last_index = -1
        self._last_time_ns: int | None = None
        self._uncommitted_since_ns: int | None = None
        self._failure: RecordingError | None = None
        self._is_open = True

    @classmethod
    def create(cls, sessions_dir: Path, header: SessionHeader, kind: RecordingKind) -> "SessionWriter":
        """A writer of a new session in a folder of its own below `sessions_dir`, which is made if need be.

        Raises:
            RecordingError: The folder cannot be made or written to; nothing is left behind.
        """
        try:
            path = _make_folder(sessions_dir, header)
        except OSError as error:
            raise writing_failed(error, sessions_dir) from error
        lock: SessionLock | None = None
        connection: sqlite3.Connection | None = None
        try:
            lock = SessionLock.acquire(path / LOCK_FILE)
            assert lock is not None, "the folder is ours alone"
            (path / LANDMARKS_FILE).touch(0o600, exist_ok=False)
            connection = schema.open_new(path / LANDMARKS_FILE)
            _write_header(connection, {**header.as_record(), "kind": kind.value, "state": "recording"})
        except BaseException as error:
            if connection is not None:
                connection.close()
            if lock is not None:
                lock.release(remove=False)
            _remove_folder(path)
            if isinstance(error, OSError | sqlite3.Error):
                raise writing_failed(error, sessions_dir) from error
            raise
        return cls(path, lock, connection, header.size, kind)

    @property
    def session_id(self) -> str:
        """Name of the session's folder."""
        return self.path.name

    def write(self, frame: Frame, poses: FramePoses, dropped_before: int) -> None:
        """Add a frame, the people in it, and its picture if video is recorded.

        Args:
            frame: The next frame; index and time count from the session's first frame. The index is higher
                than that of the frame before, the time not lower.
            poses: Everybody in it.
            dropped_before: Number of captured frames lost since the frame before.

        Raises:
            RecordingError: The disk does not take it, or the frame has another size than the session.
        """
        assert self._is_open
        assert self._failure is None, "nothing may be written after a failure"
        if frame.index <= self._last_index or frame.time_ns < (self._last_time_ns or 0):
            raise ValueError(f"frame {frame.index} at {frame.time_ns} ns comes after {self._last_index}")
        if frame.size != self._size:
            raise RecordingError(
                f"The picture is {frame.size} now, and the session holds {self._size}",
                "Start a new recording",
            )
        self._last_index, self._last_time_ns = frame.index, frame.time_ns
        self._frames += 1
        if self._uncommitted_since_ns is None:
            self._uncommitted_since_ns = frame.capture_ns
        self._insert_frame(frame, poses, dropped_before)
        if self._kind is RecordingKind.VIDEO:
            self._write_video(frame)
        if frame.capture_ns - self._uncommitted_since_ns >= _COMMIT_AFTER_NS:
            self.commit()

    def write_setting(self, time_ns: int, key: str, value: Json) -> None:
        """Add that the setting `key` has been `value` since `time_ns` of the session."""
        self._execute("INSERT INTO settings VALUES (?, ?, ?)", (time_ns, key, json.dumps(value)))

    def write_resources(
        self, time_ns: int, cpu_percent: float | None, rss_mb: float | None, threads: dict[str, float]
    ) -> None:
        """Add what the program cost around `time_ns` of the session.

        Args:
            time_ns: Time since the session's first frame.
            cpu_percent: Processor time of the process in per cent of one core; None where not measured.
            rss_mb: Resident memory; None where not measured.
            threads: Processor time by thread in per cent of one core.
        """
        row = (time_ns, cpu_percent, rss_mb, json.dumps(threads))
        self._execute("INSERT INTO resources VALUES (?, ?, ?, ?)", row)

    def write_drops(self, time_ns: int, count: int, cause: str) -> None:
        """Add that `count` frames were lost before `time_ns` of the session on their way to `cause`."""
        self._execute("INSERT INTO drops VALUES (?, ?, ?)", (time_ns, count, cause))

    def commit(self) -> None:
        """Make sure that all written so far survives. Done by `write` in time; for when no frames come.

        Raises:
            RecordingError: The disk does not take it, or the folder is gone.
        """
        try:
            if self._connection.in_transaction:
                self._connection.execute("COMMIT")
            # Files that were deleted can still be written to: only their names tell.
            (self.path / LANDMARKS_FILE).stat()
            self.bytes_written = size_bytes(self.path)
        except (sqlite3.Error, OSError) as error:
            raise self._failed(writing_failed(error, self.path)) from error
        self._uncommitted_since_ns = None
        self.committed_frames = self._frames

    def finalise(self) -> None:
        """End the session: one complete file, and the video with its index. May be called more than once.

        The files are closed and the lock is let go even where the end cannot be written; the session then
        counts as interrupted and can be repaired.

        Raises:
            RecordingError: The end cannot be written.
        """
        if not self._is_open:
            return
        self._is_open = False
        try:
            self._write_end()
        except sqlite3.Error as error:
            raise self._failed(writing_failed(error, self.path)) from error
        finally:
            self._connection.close()
            self._lock.release(remove=self._failure is None)
        self.bytes_written = size_bytes(self.path)

    def _write_end(self) -> None:
        end: dict[str, Json] = {
            "frame_count": self._frames,
            "duration_ns": self._last_time_ns,
            "state": SessionState.COMPLETE.value,
        }
        try:
            if self._video is not None:
                end["video_encoder"], end["video_frame_count"] = self._video.encoder, self._video.frame_count
                self._video.close()
        except RecordingError as error:
            self._failed(error)
        if self._failure is not None:
            raise self._failure
        self.commit()
        _write_header(self._connection, end)
        schema.finish_journal(self._connection)

    def _execute(self, statement: str, row: tuple[object, ...]) -> None:
        assert self._is_open
        try:
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN")
            self._connection.execute(statement, row)
        except sqlite3.Error as error:
            raise self._failed(writing_failed(error, self.path)) from error

    def _insert_frame(self, frame: Frame, poses: FramePoses, dropped_before: int) -> None:
        row = (
            frame.index,
            frame.time_ns,
            frame.capture_ns,
            int(poses.reused),
            None if poses.detector_ran is None else int(poses.detector_ran),
            dropped_before,
            self._frames - 1 if self._kind is RecordingKind.VIDEO else None,
        )
        self._execute("INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        for person in poses.people:
            self._execute("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?)", _person_row(frame.index, person))

    def _write_video(self, frame: Frame) -> None:
        try:
            if self._video is None:
                self._video = VideoWriter(self.path / VIDEO_FILE, self._size)
            self._video.write(frame.image, frame.time_ns)
        except RecordingError as error:
            self.commit()  # landmarks are not lost to trouble with the video
            raise self._failed(error) from error

    def _failed(self, error: RecordingError) -> RecordingError:
        """The first failure, from which on nothing more is written."""
        if self._failure is None:
            self._failure = error
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        return self._failure


def _make_folder(sessions_dir: Path, header: SessionHeader) -> Path:
    sessions_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    attempt = 1
    while True:
        path = sessions_dir / folder_name(header.started, attempt)
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            attempt += 1
        else:
            return path


def _remove_folder(path: Path) -> None:
    try:
        for name in SESSION_FILES:
            (path / name).unlink(missing_ok=True)
        path.rmdir()
    except OSError:
        return  # the failure that brought us here is what the user has to hear of


def _write_header(connection: sqlite3.Connection, record: dict[str, Json]) -> None:
    connection.execute("BEGIN")
    for key, value in record.items():
        stored = json.dumps(value) if isinstance(value, dict | list) else value
        connection.execute("INSERT OR REPLACE INTO header VALUES (?, ?)", (key, stored))
    connection.execute("COMMIT")


def _person_row(frame_index: int, person: Person) -> tuple[object, ...]:
    return (
        frame_index,
        person.id,
        person.score,
        _blob(person.landmarks),
        _blob(person.world),
        None if person.raw_landmarks is None else _blob(person.raw_landmarks),
        None if person.raw_world is None else _blob(person.raw_world),
    )


def _blob(array: FloatArray) -> bytes:
    return array.astype(np.dtype("<f4"), copy=False).tobytes()
