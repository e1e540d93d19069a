"""Rows of `landmarks.sqlite` as what they stand for, each value checked, and each row by its checksum.

What does not fit is a `ValueError` or `TypeError` with the reason, which the reader tells the user.
"""

import math
from typing import Any

import numpy as np

from desktop_pose.core.poses import FloatArray, Person
from desktop_pose.core.topology import LANDMARK_COUNT
from desktop_pose.recording import checksums
from desktop_pose.recording.recorded import RecordedFrame

_FRAME_COLUMNS = 11
"""Of the rows that `frame_of` takes; the person's follow."""

_IMAGE_SHAPE, _WORLD_SHAPE = (LANDMARK_COUNT, 5), (LANDMARK_COUNT, 3)


def frame_of(rows: list[tuple[Any, ...]], *, angle_count: int) -> RecordedFrame:
    """The frame that `rows` hold, one a person: columns of `frames`, then those of `people` and `angles`.

    Args:
        rows: At least one.
        angle_count: How many angles the session holds of everybody; 0 where it says nothing of any.

    Raises:
        ValueError: It is not what was recorded.
        TypeError: The same.
    """
    index, time_ns, capture_ns, source_ns, reused, _, dropped_before, people = rows[0][:8]
    *values, checksum = rows[0][:_FRAME_COLUMNS]
    if checksum is not None and checksum != checksums.of_numbers(*values):
        raise ValueError(f"frame {index} is damaged")
    found = [row[_FRAME_COLUMNS:] for row in rows if row[_FRAME_COLUMNS] is not None]
    if len(found) != people:
        raise ValueError(f"frame {index} has {len(found)} people of {people}")
    angles = tuple(_angles(index, row[0], *row[7:]) for row in found)
    if angle_count and any(each is None or len(each) != angle_count for each in angles):
        raise ValueError(f"frame {index} does not hold {angle_count} angles of everybody")
    return RecordedFrame(
        index=whole(index),
        time_ns=whole(time_ns),
        reused=bool(whole(reused)),
        dropped_before=whole(dropped_before),
        people=tuple(_person(index, *row[:7]) for row in found),
        angles=angles,
        capture_ns=whole(capture_ns),
        source_ns=None if source_ns is None else whole(source_ns),
    )


def _person(
    frame: int,
    person: object,
    score: object,
    landmarks: object,
    world: object,
    raw_landmarks: object,
    raw_world: object,
    checksum: object,
) -> Person:
    known_score = number(score)
    blobs = [blob for blob in (landmarks, world, raw_landmarks, raw_world) if isinstance(blob, bytes)]
    if checksum is not None and checksum != checksums.of_blobs(frame, whole(person), known_score, *blobs):
        raise ValueError(f"frame {frame} is damaged")
    return Person(
        id=whole(person),
        landmarks=_array(landmarks, _IMAGE_SHAPE),
        world=_array(world, _WORLD_SHAPE),
        raw_landmarks=None if raw_landmarks is None else _array(raw_landmarks, _IMAGE_SHAPE),
        raw_world=None if raw_world is None else _array(raw_world, _WORLD_SHAPE),
        score=math.nan if known_score is None else known_score,
    )


def _angles(frame: int, person: int, blob: object, checksum: object) -> FloatArray | None:
    if blob is None:
        return None
    if not isinstance(blob, bytes) or checksum != checksums.of_blobs(frame, person, None, blob):
        raise ValueError(f"the angles of frame {frame} are damaged")
    return _array(blob, (len(blob) // 4,))


def _array(blob: object, shape: tuple[int, ...]) -> FloatArray:
    if not isinstance(blob, bytes) or len(blob) != 4 * math.prod(shape):
        raise ValueError(f"a blob does not hold {' times '.join(map(str, shape))} numbers")
    return np.frombuffer(blob, "<f4").astype(np.float32, copy=False).reshape(shape)


def whole(value: object) -> int:
    """`value`, which has to be a whole number."""
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def number(value: object) -> float | None:
    """`value`, which has to be a number or nothing."""
    if value is not None and not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value


def text(value: object) -> str:
    """`value`, which has to be a text."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
