"""Recordings for the tests of single formats."""

from collections.abc import Sequence

import numpy as np

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses

MS = 1_000_000


def person_at(value: float, person_id: int = 0, *, visibility: float = 0.75) -> Person:
    """Landmark k is at (k + value, 2k, 3k) / 64 m in the world, at (value, twice that) in the picture."""
    steps = np.arange(33)
    world = np.stack([steps + value, 2 * steps, 3 * steps], axis=1).astype(np.float32) / 64
    landmarks = np.full((33, 5), 0.5, np.float32)
    landmarks[:, 0], landmarks[:, 1], landmarks[:, 3] = value, 2 * value, visibility
    return Person(person_id, landmarks, world, None, None, 0.5)


def recording(times_ms: Sequence[float], values: Sequence[Sequence[Person]]) -> TrackedPoses:
    """Frames 0, 1, 2 … at the times given, with the people given, in pictures of 64x32."""
    frames = [
        RecordedFrame(index, round(time_ms * MS), False, 0, tuple(people))
        for index, (time_ms, people) in enumerate(zip(times_ms, values, strict=True))
    ]
    return TrackedPoses(Size(64, 32), frames, {"model": "full"})
