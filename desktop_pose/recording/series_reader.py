"""One person's landmarks and angles over a whole session as arrays, for charts and comparisons.

Reads the blobs of many frames at a time: an hour takes seconds, so on a thread that nobody waits for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.topology import ANGLE_COUNT, LANDMARK_COUNT
from desktop_pose.recording import schema

Progress = Callable[[int, int], bool]
"""Hears how many of how many frames are read; returns False to give up."""

_AT_ONCE = 2000
_ROWS = """
SELECT frames.time_ns, frames.frame, people.landmarks, people.world, angles.angles
FROM frames
LEFT JOIN people ON people.frame = frames.frame AND people.person = :person
LEFT JOIN angles ON angles.frame = frames.frame AND angles.person = :person
ORDER BY frames.frame
"""


@dataclass(frozen=True, slots=True, eq=False)
class PersonSeries:
    """A person over time; NaN in frames without.

    Attributes:
        frames: (n,) int64 numbers of all frames of the session.
        times_ns: (n,) int64 times since the first frame.
        landmarks: (n, 33, 5) float32, see `core.poses`.
        world: (n, 33, 3) float32 metres.
        angles: (n, angles) float32 degrees; None where the session holds none.
    """

    frames: NDArray[np.int64]
    times_ns: NDArray[np.int64]
    landmarks: NDArray[np.float32]
    world: NDArray[np.float32]
    angles: NDArray[np.float32] | None


def read_series(folder: Path, person: int, progress: Progress) -> PersonSeries | None:
    """Everything about `person` in the session in `folder`; None where `progress` gave up.

    Raises:
        RecordingError: The session cannot be read.
    """
    with schema.reading(folder) as connection:
        (total,) = connection.execute("SELECT count(*) FROM frames").fetchone()
        cursor = connection.execute(_ROWS, {"person": person})
        parts: list[list[NDArray[np.float32]]] = []
        times: list[tuple[int, int]] = []
        while rows := cursor.fetchmany(_AT_ONCE):
            times += [row[:2] for row in rows]
            columns = zip(*(row[2:] for row in rows), strict=True)
            widths = (LANDMARK_COUNT * 5, LANDMARK_COUNT * 3, ANGLE_COUNT)
            parts.append([_values(c, w) for c, w in zip(columns, widths, strict=True)])
            if not progress(len(times), total):
                return None
    return _put_together(times, parts)


def _put_together(times: list[tuple[int, int]], parts: list[list[NDArray[np.float32]]]) -> PersonSeries:
    widths = (LANDMARK_COUNT * 5, LANDMARK_COUNT * 3, ANGLE_COUNT)
    landmarks, world, angles = (
        np.concatenate([np.empty((0, width), np.float32), *(part[number] for part in parts)])
        for number, width in enumerate(widths)
    )
    moments = np.array(times, np.int64).reshape(-1, 2)
    return PersonSeries(
        frames=moments[:, 1],
        times_ns=moments[:, 0],
        landmarks=landmarks.reshape(-1, LANDMARK_COUNT, 5),
        world=world.reshape(-1, LANDMARK_COUNT, 3),
        angles=angles if np.isfinite(angles).any() else None,
    )


def _values(blobs: tuple[bytes | None, ...], width: int) -> NDArray[np.float32]:
    """(n, width) numbers of `blobs`, NaN where there is none."""
    missing = b"\x00\x00\xc0\x7f" * width
    if any(blob is not None and len(blob) != 4 * width for blob in blobs):
        raise ValueError(f"a row holds no {width} numbers")
    joined = b"".join(missing if blob is None else blob for blob in blobs)
    return np.frombuffer(joined, "<f4").astype(np.float32, copy=False).reshape(-1, width)
