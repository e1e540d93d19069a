"""Writes a session while it is recorded.

Everything is on disk at most half a second of capture time after it was captured, whatever ends the program
then. No frame is kept in memory.
"""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from desktop_pose.core.clock import NS_PER_MS
from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Frame
from desktop_pose.core.poses import FloatArray, FramePoses, Person
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording import schema
from desktop_pose.recording.lock import SessionLock
from desktop_pose.recording.problems import writing_failed
from desktop_pose.recording.rows import (
    INSERT_ANGLES,
    INSERT_FRAME,
    INSERT_PERSON,
    FrameDetails,
    Row,
    angle_rows,
    frame_row,
    person_row,
    points_of,
)
from desktop_pose.recording.session import (
    LANDMARKS_FILE,
    LOCK_FILE,
    SESSION_FILES,
    Json,
    SessionHeader,
    SessionState,
    folder_name,
    size_bytes,
)
from desktop_pose.recording.video_track import VideoPlace, VideoStep, VideoTrack

AngleMeasure = Callable[[FloatArray, FloatArray], FloatArray]
"""Joint angles, (n, angles) float32, of world landmarks (n, 33, 3) and visibilities (n, 33)."""

VIDEO = "video"
"""The cause of a loss that is a picture's alone: the landmarks of its frame are recorded."""

_NO_DETAILS = FrameDetails()

_COMMIT_AFTER_NS = 400 * NS_PER_MS
"""With frames up to 100 ms apart no transaction then spans more than half a second."""


class SessionWriter:
    """A session being recorded. Made by `create`; used on the thread that made it; ended by `finalise`.

    After a `RecordingError` only `finalise` may follow. What was committed before stays readable. Trouble
    with the video ends the video alone: landmarks go on.

    Attributes:
        path: The session's folder.
        committed_frames: Number of frames that nothing can lose any more.
        bytes_written: What the session took on disk at the last commit. May be read from any thread.
        video_problem: What ended the video; None while nothing did.
        pictures_lost: Number of frames recorded without their picture, though video is recorded.
    """

    def __init__(
        self,
        path: Path,
        lock: SessionLock,
        connection: sqlite3.Connection,
        header: SessionHeader,
        kind: RecordingKind,
        measure_angles: AngleMeasure | None,
    ) -> None:
        self.path = path
        self.committed_frames = 0
        self.bytes_written = size_bytes(path)
        self.video_problem: RecordingError | None = None
        self.pictures_lost = 0
        self._lock = lock
        self._connection = connection
        self._size = header.size
        self._track = VideoTrack(path, header.size, header.video_quality) if kind.has_video else None
        self._measure_angles = measure_angles
        self._unmeasured: list[tuple[int, Person]] = []
        self._frames = 0
        self._pictures = 0
        self._videos = 0
        self._encoder: str | None = None
        self._last_index = -1
        self._last_time_ns: int | None = None
        self._uncommitted_since_ns: int | None = None
        self._failure: RecordingError | None = None
        self._is_open = True

    @classmethod
    def create(
        cls,
        sessions_dir: Path,
        header: SessionHeader,
        kind: RecordingKind,
        measure_angles: AngleMeasure | None = None,
    ) -> "SessionWriter":
        """A writer of a new session in a folder of its own below `sessions_dir`, which is made if need be.

        Args:
            sessions_dir: Where sessions are kept.
            header: What the session says of itself.
            kind: What is recorded.
            measure_angles: Measures the angles that `header` names; None: no angles are recorded. Called for
                the people of half a second at once, which costs a tenth of calling it for each.

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
        return cls(path, lock, connection, header, kind, measure_angles)

    @property
    def video_step(self) -> VideoStep | None:
        """How much of each picture is recorded at present; None without video."""
        return None if self._track is None else self._track.step

    def write(
        self, frame: Frame, poses: FramePoses, dropped_before: int, details: FrameDetails = _NO_DETAILS
    ) -> None:
        """Add a frame, the people in it, and its picture if video is recorded.

        Args:
            frame: The next frame; index and time count from the session's first frame. The index is higher
                than that of the frame before, the time not lower.
            poses: Everybody in it.
            dropped_before: Number of captured frames lost since the frame before.
            details: What else is recorded of it.

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
        place = self._write_picture(frame, details)
        row = frame_row(frame, poses, dropped_before, details.source_ns, place)
        self._execute(INSERT_FRAME, row)
        for person in poses.people:
            self._execute(INSERT_PERSON, person_row(frame.index, person))
            self._unmeasured.append((frame.index, person))
        for cause, count in details.losses.items():
            self._write_loss(frame.index, frame.time_ns, count, cause)
        if frame.capture_ns - self._uncommitted_since_ns >= _COMMIT_AFTER_NS:
            self.commit()

    def step_video_down(self) -> bool:
        """Record less of each picture from the next one on; False where there is no less, or no video.

        Raises:
            RecordingError: The disk does not take the landmarks any more.
        """
        if self._track is None or self.video_problem is not None:
            return False
        try:
            return self._track.step_down()
        except RecordingError as error:
            self._give_up_video(error)
            return False

    def write_mark(self, mark: int, time_ns: int, note: str) -> None:
        """Add the user's mark number `mark` at `time_ns` of the session, or change its note."""
        statement = "INSERT INTO marks VALUES (?, ?, ?) ON CONFLICT (mark) DO UPDATE SET note = excluded.note"
        self._execute(statement, (mark, time_ns, note))

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
        """Add that `count` frames were lost since the newest one, before `time_ns` of the session."""
        self._write_loss(self._last_index + 1, time_ns, count, cause)

    def commit(self) -> None:
        """Make sure that all written so far survives. Done by `write` in time; for when no frames come.

        Raises:
            RecordingError: The disk does not take it, or the folder is gone.
        """
        self._write_angles()
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
        try:
            self._write_end()
        except sqlite3.Error as error:
            raise self._failed(writing_failed(error, self.path)) from error
        finally:
            self._is_open = False
            self._connection.close()
            self._lock.release(remove=self._failure is None)
        self.bytes_written = size_bytes(self.path)

    def _write_end(self) -> None:
        if self._track is not None and self.video_problem is None:
            try:
                self._track.close()
            except RecordingError as error:
                self.video_problem = error
        if self._failure is not None:
            raise self._failure
        self.commit()
        end: dict[str, Json] = {
            "frame_count": self._frames,
            "duration_ns": self._last_time_ns,
            "state": SessionState.COMPLETE.value,
        }
        if self._track is not None:
            end["video_encoder"], end["video_frame_count"] = self._encoder, self._pictures
        if self.video_problem is not None:
            end["video_problem"] = str(self.video_problem)
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

    def _write_loss(self, frame: int, time_ns: int, count: int, cause: str) -> None:
        self._execute("INSERT INTO drops VALUES (?, ?, ?, ?)", (frame, time_ns, count, cause))

    def _write_angles(self) -> None:
        people, self._unmeasured = self._unmeasured, []
        if self._measure_angles is None or not people or self._failure is not None:
            return
        degrees = self._measure_angles(*points_of([person for _, person in people]))
        for row in angle_rows([(frame, person.id) for frame, person in people], degrees):
            self._execute(INSERT_ANGLES, row)

    def _write_picture(self, frame: Frame, details: FrameDetails) -> VideoPlace | None:
        """Add the picture to the video; where it is, None where it is not recorded."""
        track = self._track
        if track is None:
            return None
        place = None
        if details.is_picture_kept and self.video_problem is None:
            try:
                place = track.write(
                    frame.image if details.picture is None else details.picture, frame.time_ns
                )
            except RecordingError as error:
                self._give_up_video(error)
        if place is None:
            self.pictures_lost += 1
            self._write_loss(frame.index, frame.time_ns, 1, VIDEO)
        else:
            self._pictures += 1
            self._note_new_file(track, place, frame.index)
        return place

    def _note_new_file(self, track: VideoTrack, place: VideoPlace, frame_index: int) -> None:
        file = track.current
        if place.video == self._videos or file is None:
            return
        self._videos, self._encoder = place.video, file.encoder
        row: Row = (
            place.video, file.path.name, file.encoder, file.size.width_px, file.size.height_px, frame_index
        )  # fmt: skip
        self._execute("INSERT INTO videos VALUES (?, ?, ?, ?, ?, ?)", row)

    def _give_up_video(self, error: RecordingError) -> None:
        """Go on without video: landmarks are not lost to trouble with it."""
        self.video_problem = error
        assert self._track is not None
        try:
            self._track.close()
        except RecordingError:
            return  # the first trouble is what the user has to hear of

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
