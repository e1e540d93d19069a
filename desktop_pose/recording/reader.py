"""Reads a session, whatever its state, without changing anything on disk.

A file is not believed: every value is checked before it is used, and what does not fit is a `RecordingError`.
"""

import itertools
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording import schema
from desktop_pose.recording.lock import is_held
from desktop_pose.recording.problems import damaged, trouble_told
from desktop_pose.recording.recorded import Mark, RecordedFrame, ages_ns
from desktop_pose.recording.row_values import frame_of, number, text, whole
from desktop_pose.recording.session import (
    LANDMARKS_FILE,
    LOCK_FILE,
    VIDEO_FILES,
    Json,
    SessionInfo,
    SessionState,
    size_bytes,
)

_FRAMES = """
SELECT frames.frame, frames.time_ns, frames.capture_ns, frames.source_ns, frames.reused, frames.detector_ran,
       frames.dropped_before, frames.people, frames.video, frames.video_frame, frames.checksum,
       people.person, people.score, people.landmarks, people.world, people.raw_landmarks, people.raw_world,
       people.checksum, angles.angles, angles.checksum
FROM frames
LEFT JOIN people ON people.frame = frames.frame
LEFT JOIN angles ON angles.frame = people.frame AND angles.person = people.person
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
    """`count` frames lost before `time_ns`.

    Attributes:
        time_ns: Time since the first frame.
        count: How many.
        cause: Where: `bad` could not be decoded, `inference` and `recorder` were busy; of `video` the picture
            alone is missing.
        frame: Number of the next frame that was recorded; None where there was none.
    """

    time_ns: int
    count: int
    cause: str
    frame: int | None = None


@dataclass(frozen=True, slots=True)
class VideoFile:
    """One file of the video; the next begins where it ends.

    Attributes:
        path: The file, which may be missing.
        encoder: FFmpeg's name of what made it.
        size: Size of its pictures; smaller than that of the session where quality had to step down.
        first_frame: Number of the frame whose picture is its first.
    """

    path: Path
    encoder: str
    size: Size
    first_frame: int


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """When each recorded frame was, in order.

    Attributes:
        numbers: (n,) int64 numbers of the captured frames, rising.
        times_ns: (n,) int64 times since the first frame, never falling.
        video_frames: (n,) int64 numbers of their pictures in the video, -1 where there is none.
        ages_ns: (n,) int64 times since the models last looked; 0 where they looked at that frame.
    """

    numbers: NDArray[np.int64]
    times_ns: NDArray[np.int64]
    video_frames: NDArray[np.int64]
    ages_ns: NDArray[np.int64]


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
        self._angle_count = len(_angle_names(header))

    @classmethod
    def open(cls, path: Path) -> "SessionReader":
        """The session in the folder `path`.

        Raises:
            RecordingError: There is none, it is damaged, or it is from a newer version of the program.
        """
        with trouble_told(path):
            # Looked at first: whoever lets go of the lock has said before how the session ended.
            is_being_recorded = is_held(path / LOCK_FILE)
            connection = schema.open_existing(path / LANDMARKS_FILE)
        try:
            with trouble_told(path):
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

    def frames(self) -> Iterator[RecordedFrame]:
        """All recorded frames in order, one at a time.

        Raises:
            RecordingError: The session turns out to be damaged.
        """
        with trouble_told(self.info.path):
            self._check_pages()
            rows = self._connection.execute(_ALL_FRAMES)
        groups = itertools.groupby(rows, key=lambda row: row[0])
        count = 0
        while True:
            with trouble_told(self.info.path):
                group = next(groups, None)
                if group is None:
                    break
                frame = frame_of(list(group[1]), angle_count=self._angle_count)
            count += 1
            yield frame
        if self.info.state in (SessionState.COMPLETE, SessionState.RECOVERED) and count != self.frame_count:
            raise damaged(self.info.path, f"it holds {count} frames of {self.frame_count}")

    def timeline(self) -> Timeline:
        """Numbers and times of all frames, without anybody in them.

        Raises:
            RecordingError: The session turns out to be damaged.
        """
        with trouble_told(self.info.path):
            rows = self._connection.execute(
                "SELECT frame, time_ns, coalesce(video_frame, -1), reused FROM frames ORDER BY frame"
            ).fetchall()
            numbers, times_ns, video_frames, reused = np.array(rows, np.int64).reshape(-1, 4).T
            if (np.diff(times_ns) < 0).any():
                raise ValueError("its times go backwards")
            return Timeline(numbers, times_ns, video_frames, ages_ns(times_ns, reused != 0))

    def frame(self, number: int) -> RecordedFrame | None:
        """The frame of that number; None where it was not recorded.

        Raises:
            RecordingError: The session turns out to be damaged.
        """
        with trouble_told(self.info.path):
            rows = self._connection.execute(_ONE_FRAME, (number,)).fetchall()
            return frame_of(rows, angle_count=self._angle_count) if rows else None

    def setting_changes(self) -> tuple[SettingChange, ...]:
        """The settings changed during the recording, in order; those it began with are in the header."""
        with trouble_told(self.info.path):
            rows = self._connection.execute("SELECT time_ns, key, value FROM settings ORDER BY rowid")
            return tuple(
                SettingChange(whole(time), text(key), json.loads(value)) for time, key, value in rows
            )

    def resource_samples(self) -> tuple[ResourceSample, ...]:
        """What the program cost during the recording, in order."""
        with trouble_told(self.info.path):
            rows = self._connection.execute(
                "SELECT time_ns, cpu_percent, rss_mb, threads FROM resources ORDER BY rowid"
            )
            return tuple(
                ResourceSample(whole(time), number(cpu), number(rss), json.loads(threads))
                for time, cpu, rss, threads in rows
            )

    def drops(self) -> tuple[Drop, ...]:
        """The losses during the recording, in order."""
        with trouble_told(self.info.path):
            rows = self._connection.execute("SELECT time_ns, count, cause, frame FROM drops")
            return tuple(
                Drop(whole(time), whole(count), text(cause), None if frame is None else whole(frame))
                for time, count, cause, frame in rows
            )

    def marks(self) -> tuple[Mark, ...]:
        """What the user marked, in order."""
        with trouble_told(self.info.path):
            rows = self._connection.execute("SELECT mark, time_ns, note FROM marks ORDER BY time_ns, mark")
            return tuple(Mark(whole(number), whole(time), text(note)) for number, time, note in rows)

    def videos(self) -> tuple[VideoFile, ...]:
        """The files of the video in order; mostly one, none without video."""
        with trouble_told(self.info.path):
            rows = self._connection.execute(
                "SELECT file, encoder, width_px, height_px, first_frame FROM videos ORDER BY video"
            ).fetchall()
            if any(row[0] not in VIDEO_FILES for row in rows):
                raise ValueError("its video is a file that is none of this program's")
            return tuple(
                VideoFile(
                    self.info.path / file, text(encoder), Size(whole(width), whole(height)), whole(first)
                )
                for file, encoder, width, height, first in rows
            )

    def _check_pages(self) -> None:
        """Look for pages that cannot be right, a twentieth of the time that reading them takes.

        The rows of frames and people have checksums besides; those of format 1 and small tables have none.
        """
        (finding,) = self._connection.execute("PRAGMA main.quick_check(1)").fetchone()
        if finding != "ok":
            raise ValueError(finding)


def _read_header(connection: sqlite3.Connection) -> dict[str, Json]:
    header: dict[str, Json] = dict(connection.execute("SELECT key, value FROM header"))
    header["settings"] = json.loads(text(header["settings"]))
    header["mirrored"] = bool(header["mirrored"])
    for key in ("versions", "camera", "angle_names"):
        if key in header:
            header[key] = json.loads(text(header[key]))
    return header


def _angle_names(header: dict[str, Json]) -> list[Json]:
    names = header.get("angle_names", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("the names of its angles are no list of words")
    return names


def _extent(header: dict[str, Json], connection: sqlite3.Connection) -> tuple[int, float | None]:
    """Number of frames and duration in seconds; counted where the session did not end by itself."""
    count, last_ns = header.get("frame_count"), header.get("duration_ns")
    if count is None:
        count, last_ns = connection.execute("SELECT count(*), max(time_ns) FROM frames").fetchone()
    return whole(count), None if last_ns is None else whole(last_ns) / NS_PER_S


def _info(
    path: Path, header: dict[str, Json], extent: tuple[int, float | None], *, is_being_recorded: bool
) -> SessionInfo:
    started = text(header["started"])
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
        size=Size(whole(header["width_px"]), whole(header["height_px"])),
        kind=RecordingKind(header["kind"]),
        source=text(header["source"]),
        model=text(header["model"]),
        size_bytes=size_bytes(path),
    )
