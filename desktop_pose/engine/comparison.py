"""How far two sessions of one video are apart. Runs on the thread of a job.

The distance of a frame is the mean over the people in it, matched by where they are, of the mean distance in
the picture of the landmarks that the reference sees (visibility above 0.5), in per cent of the height of a
person: the reference's median of the greatest minus the least y over the 33 landmarks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_MS, NS_PER_S
from desktop_pose.core.errors import RecordingError
from desktop_pose.core.poses import VISIBILITY, Person
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.recorded import RecordedFrame

Progress = Callable[[int, int], bool]
"""Hears how many of how many frames are done; returns False to give up."""

_EVERY = 100
_VISIBLE = 0.5
_SAME_TIME_NS = NS_PER_MS
_SAME_SHAPE = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two sessions beside each other.

    Attributes:
        times_s: (n,) times of the frames that both have.
        distances: (n,) per cent of body height, NaN where not both have somebody.
        mean: Of all distances; None where there is none.
        p95: 95 of 100 distances are below this; None where there is none.
        frames_with_both: Frames in which both have somebody.
        people_in_reference_only: People of the reference, over all frames, whom the other has not.
        people_in_other_only: The other way round.
        height_px: What a hundred per cent is.
    """

    times_s: NDArray[np.float64]
    distances: NDArray[np.float32]
    mean: float | None
    p95: float | None
    frames_with_both: int
    people_in_reference_only: int
    people_in_other_only: int
    height_px: float | None


def compare(reference: Path, other: Path, progress: Progress) -> Comparison | None:
    """The session in `other` beside that in `reference`; None where `progress` gave up.

    Raises:
        RecordingError: One cannot be read, or they are not of one video.
    """
    with SessionReader.open(reference) as first, SessionReader.open(other) as second:
        _check_shapes(first, second)
        size_px = np.array((first.size.width_px, first.size.height_px), np.float64)
        times_s: list[float] = []
        distances: list[float] = []
        heights: list[float] = []
        alone = np.zeros(2, np.int64)
        for number, (left, right) in enumerate(_pairs(first.frames(), second.frames())):
            if number % _EVERY == 0 and not progress(number, first.frame_count):
                return None
            heights += [_height_px(person, size_px) for person in left.people]
            apart, unmatched = _apart(left.people, right.people, size_px)
            alone += unmatched
            times_s.append(left.time_ns / NS_PER_S)
            distances.append(apart)
        if not times_s:
            raise RecordingError(
                "The two sessions have no frame in common",
                "Choose a session and one that was tracked again from it",
            )
    return _summary(times_s, distances, heights, alone)


def _summary(
    times_s: list[float], distances_px: list[float], heights_px: list[float], alone: NDArray[np.int64]
) -> Comparison:
    height_px = float(np.median(heights_px)) if heights_px else None
    distances = np.array(distances_px, np.float32) * np.float32(100 / height_px if height_px else np.nan)
    known = distances[np.isfinite(distances)]
    return Comparison(
        times_s=np.array(times_s),
        distances=distances,
        mean=float(known.mean()) if known.size else None,
        p95=float(np.percentile(known, 95)) if known.size else None,
        frames_with_both=int(known.size),
        people_in_reference_only=int(alone[0]),
        people_in_other_only=int(alone[1]),
        height_px=height_px,
    )


def _check_shapes(first: SessionReader, second: SessionReader) -> None:
    shapes = [reader.size.width_px / reader.size.height_px for reader in (first, second)]
    if abs(shapes[0] / shapes[1] - 1) > _SAME_SHAPE:
        raise RecordingError(
            f"The pictures of the two sessions have other shapes, {first.size} and {second.size}",
            "Choose two sessions of one video",
        )


def _pairs(
    left: Iterator[RecordedFrame], right: Iterator[RecordedFrame]
) -> Iterator[tuple[RecordedFrame, RecordedFrame]]:
    """The frames of both that have the same time; others are passed over."""
    ahead = next(right, None)
    for frame in left:
        while ahead is not None and ahead.time_ns < frame.time_ns - _SAME_TIME_NS:
            ahead = next(right, None)
        if ahead is None:
            return
        if ahead.time_ns <= frame.time_ns + _SAME_TIME_NS:
            yield frame, ahead
            ahead = next(right, None)


def _apart(
    reference: tuple[Person, ...], other: tuple[Person, ...], size_px: NDArray[np.float64]
) -> tuple[float, tuple[int, int]]:
    """Mean distance of those matched in pixels, NaN where there are none, and how many of each are not.

    The nearest two are matched first.
    """
    pairs = sorted(
        (_distance_px(mine, theirs, size_px), row, column)
        for row, mine in enumerate(reference)
        for column, theirs in enumerate(other)
    )
    rows, columns = set[int](), set[int]()
    matched = []
    for distance_px, row, column in pairs:
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            matched.append(distance_px)
    finite = [distance_px for distance_px in matched if np.isfinite(distance_px)]
    mean_px = float(np.mean(finite)) if finite else float("nan")
    return mean_px, (len(reference) - len(rows), len(other) - len(columns))


def _distance_px(reference: Person, other: Person, size_px: NDArray[np.float64]) -> float:
    """Infinite where the reference sees nothing."""
    is_seen = reference.landmarks[:, VISIBILITY] > _VISIBLE
    if not is_seen.any():
        return float("inf")
    apart_px = (reference.landmarks[is_seen, :2] - other.landmarks[is_seen, :2]) * size_px
    return float(np.hypot(apart_px[:, 0], apart_px[:, 1]).mean())


def _height_px(person: Person, size_px: NDArray[np.float64]) -> float:
    return float(np.ptp(person.landmarks[:, 1])) * float(size_px[1])
