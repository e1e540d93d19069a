"""Reads a session, whatever its state, without changing anything on disk.

A file is not believed: every value is checked before it is used, and what does not fit is a `RecordingError`.
"""

import itertools
import json
import math
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FloatArray, Person
from desktop_pose.core.settings import RecordingKind
from desktop_pose.core.topology import LANDMARK_COUNT
from desktop_pose.recording import schema
from desktop_pose.recording.lock import is_held
from desktop_pose.recording.problems import damaged
from desktop_pose.recording.recorded import RecordedFrame
from desktop_pose.recording.session import (
    LANDMARKS_FILE,
    LOCK_FILE,
    VIDEO_FILE,
    Json,
    SessionInfo,
    SessionState,
    size_bytes,
)

_FRAMES = """
SELECT frames.frame, frames.time_ns, frames.reused, frames.dropped_before, people.person, people.score,
       people.landmarks, people.world, people.raw_landmarks, people.raw_world
FROM frames LEFT JOIN people ON people.frame = frames.frame
{condition}
ORDER BY frames.frame, people.person
"""
_ALL_FRAMES = _FRAMES.format(condition="")
_ONE_FRAME = _FRAMES.format(condition="WHERE frames.frame = ?")


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that has had the value `value` since `time_ns`."""

    time_ns: int
    key: str
    value: Json


@dataclass(frozen=True, slots=True)
class ResourceSample:
    """What the program cost around `time_ns`; None where it was not measured.

    Attributes:
        time_ns: Time since the first frame.
        cpu_percent: Of one core, the whole process.
        rss_mb: Resident memory.
        threads_percent: Of one core, by thread.
    """

    time_ns: int
    cpu_percent: float | None
    rss_mb: float | None
    threads_percent: dict[str, float]


@dataclass(frozen=True, slots=True)
class Drop:
    """`count` frames lost before `time_ns` on their way to `cause`."""

    time_ns: int
    count: int
    cause: str


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """When each recorded frame was, in order.

    Attributes:
        numbers: (n,) int64 numbers of the captured frames, rising.
        times_ns: (n,) int64 times since the first frame, never falling.
        video_frames: (n,) int64 numbers of their pictures in the video, -1 where there is none.
    """

    numbers: NDArray[np.int64]
    times_ns: NDArray[np.int64]
    video_frames: NDArray[np.int64]


class SessionReader:
    """An open session. Made by `open`; a context manager; used on the thread that opened it.

    Attributes:
        info: What is known of the session.
        header: Everything the session says of itself, keys as in `docs/session-format.md`.
    """

    def __init__(self, info: SessionInfo, header: dict[str, Json], connection: sqlite3.Connection) -> None:
        self.info = info
        self.header = header
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> "SessionReader":
        """The session in the folder `path`.

        Raises:
            RecordingError: There is none, it is damaged, or it is from a newer version of the program.
        """
        with _trouble_told(path):
            # Looked at first: whoever lets go of the lock has said before how the session ended.
            is_being_recorded = is_held(path / LOCK_FILE)
            connection = schema.open_existing(path / LANDMARKS_FILE)
        try:
            with _trouble_told(path):
                header = _read_header(connection)
                info = _info(path, header, _extent(header, connection), is_being_recorded=is_being_recorded)
        except BaseException:
            connection.close()
            raise
        return cls(info, header, connection)

    def close(self) -> None:
        """Close the files. May be called more than once."""
        self._connection.close()

    def __enter__(self) -> "SessionReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def size(self) -> Size:
        """Size of the recorded frames."""
        return self.info.size

    @property
    def frame_count(self) -> int:
        """Number of recorded frames."""
        return self.info.frame_count

    @property
    def video_path(self) -> Path | None:
        """The video; None where there is none."""
        path = self.info.path / VIDEO_FILE
        return path if path.is_file() else None

    def frames(self) -> Iterator[RecordedFrame]:
        """All recorded frames in order, one at a time.

        Raises:
            RecordingError: The session turns out to be damaged.
        """
        with _trouble_told(self.info.path):
            rows = self._connection.execute(_ALL_FRAMES)
        groups = itertools.groupby(rows, key=lambda row: row[0])
        while True:
            with _trouble_told(self.info.path):
                group = next(groups, None)
                if group is None:
                    return
                frame = _frame(list(group[1]))
            yield frame

    def timeline(self) -> Timeline:
        """Numbers and times of all frames, without anybody in them.

        Raises:
            RecordingError: The session turns out to be damaged.
        """
        with _trouble_told(self.info.path):
            rows = self._connection.execute(
                "SELECT frame, time_ns, coalesce(video_frame, -1) FROM frames ORDER BY frame"
            ).fetchall()
            columns = np.array(rows, np.int64).reshape(-1, 3).T
            if (np.diff(columns[1]) < 0).any():
                raise ValueError("its times go backwards")
            return Timeline(*columns)

    def frame(self, number: int) -> RecordedFrame | None:
        """The frame of that number; None where it was not recorded.

        Raises:
            RecordingError: The session turns out to be damaged.
        """
        with _trouble_told(self.info.path):
            rows = self._connection.execute(_ONE_FRAME, (number,)).fetchall()
            return _frame(rows) if rows else None

    def setting_changes(self) -> tuple[SettingChange, ...]:
        """The settings changed during the recording, in order; those it began with are in the header."""
        with _trouble_told(self.info.path):
            rows = self._connection.execute("SELECT time_ns, key, value FROM settings ORDER BY rowid")
            return tuple(
                SettingChange(_whole(time), _text(key), json.loads(value)) for time, key, value in rows
            )

    def resource_samples(self) -> tuple[ResourceSample, ...]:
        """What the program cost during the recording, in order."""
        with _trouble_told(self.info.path):
            rows = self._connection.execute(
                "SELECT time_ns, cpu_percent, rss_mb, threads FROM resources ORDER BY rowid"
            )
            return tuple(
                ResourceSample(_whole(time), _number(cpu), _number(rss), json.loads(threads))
                for time, cpu, rss, threads in rows
            )

    def drops(self) -> tuple[Drop, ...]:
        """The losses during the recording, in order."""
        with _trouble_told(self.info.path):
            rows = self._connection.execute("SELECT time_ns, count, cause FROM drops ORDER BY rowid")
            return tuple(Drop(_whole(time), _whole(count), _text(cause)) for time, count, cause in rows)


@contextmanager
def _trouble_told(path: Path) -> Iterator[None]:
    """Turn what goes wrong while a file is read into a `RecordingError`."""
    try:
        yield
    except RecordingError:
        raise
    except (sqlite3.Error, OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise damaged(path, error) from error


def _read_header(connection: sqlite3.Connection) -> dict[str, Json]:
    header: dict[str, Json] = dict(connection.execute("SELECT key, value FROM header"))
    header["settings"] = json.loads(_text(header["settings"]))
    header["mirrored"] = bool(header["mirrored"])
    return header


def _extent(header: dict[str, Json], connection: sqlite3.Connection) -> tuple[int, float | None]:
    """Number of frames and duration in seconds; counted where the session did not end by itself."""
    count, last_ns = header.get("frame_count"), header.get("duration_ns")
    if count is None:
        count, last_ns = connection.execute("SELECT count(*), max(time_ns) FROM frames").fetchone()
    return _whole(count), None if last_ns is None else _whole(last_ns) / NS_PER_S


def _info(
    path: Path, header: dict[str, Json], extent: tuple[int, float | None], *, is_being_recorded: bool
) -> SessionInfo:
    started = _text(header["started"])
    if datetime.fromisoformat(started).tzinfo is None:
        raise ValueError(f"its start {started!r} has no offset from UTC")
    state = SessionState(header["state"])
    if state is SessionState.RECORDING and not is_being_recorded:
        state = SessionState.INTERRUPTED
    return SessionInfo(
        id=path.absolute().name,
        path=path,
        state=state,
        started=started,
        duration_s=extent[1],
        frame_count=extent[0],
        size=Size(_whole(header["width_px"]), _whole(header["height_px"])),
        kind=RecordingKind(header["kind"]),
        source=_text(header["source"]),
        model=_text(header["model"]),
        size_bytes=size_bytes(path),
    )


def _frame(rows: list[tuple[Any, ...]]) -> RecordedFrame:
    index, time_ns, reused, dropped_before = rows[0][:4]
    return RecordedFrame(
        index=_whole(index),
        time_ns=_whole(time_ns),
        reused=bool(_whole(reused)),
        dropped_before=_whole(dropped_before),
        people=tuple(_person(*row[4:]) for row in rows if row[4] is not None),
    )


def _person(
    person: object, score: object, landmarks: object, world: object, raw_landmarks: object, raw_world: object
) -> Person:
    known_score = _number(score)
    return Person(
        id=_whole(person),
        landmarks=_array(landmarks, 5),
        world=_array(world, 3),
        raw_landmarks=None if raw_landmarks is None else _array(raw_landmarks, 5),
        raw_world=None if raw_world is None else _array(raw_world, 3),
        score=math.nan if known_score is None else known_score,
    )


def _array(blob: object, columns: int) -> FloatArray:
    if not isinstance(blob, bytes) or len(blob) != LANDMARK_COUNT * columns * 4:
        raise ValueError(f"landmarks are no {LANDMARK_COUNT} times {columns} numbers")
    return np.frombuffer(blob, "<f4").astype(np.float32, copy=False).reshape(LANDMARK_COUNT, columns)


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _number(value: object) -> float | None:
    if value is not None and not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
