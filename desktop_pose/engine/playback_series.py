"""What the charts of a playback show: a person's angles and landmarks, and what the program cost."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.poses import VISIBILITY
from desktop_pose.core.topology import ANGLE_NAMES, LANDMARK_NAMES
from desktop_pose.pose.kinematics import angles as joint_angles
from desktop_pose.recording.people_seen import read_people
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.series_reader import read_series

Progress = Callable[[int, int], bool]
Numbers = NDArray[np.float32]

AXES = ("x", "y")


@dataclass(frozen=True, slots=True, eq=False)
class SessionCurves:
    """Curves of a session by name; NaN where unknown.

    Attributes:
        person: Whose angles and landmarks they are; None where there is nobody.
        people: Ids of everybody in the session, those seen most first.
        times_s: (n,) times of the frames.
        angles: (n,) degrees by the name of the joint angle.
        landmarks: (n,) pixels of the recorded picture by name and axis, such as `left_knee y`.
        cost_times_s: (m,) times at which the cost was measured.
        cpu_percent: (m,) per cent of one core.
        memory_mb: (m,) resident memory.
    """

    person: int | None
    people: tuple[int, ...]
    times_s: NDArray[np.float64]
    angles: dict[str, Numbers]
    landmarks: dict[str, Numbers]
    cost_times_s: NDArray[np.float64]
    cpu_percent: Numbers
    memory_mb: Numbers


def read_curves(folder: Path, person: int | None, progress: Progress) -> SessionCurves | None:
    """The curves of the session in `folder`; None where `progress` gave up.

    Args:
        folder: The session.
        person: Whose; None for the one seen most.
        progress: Hears how many of how many frames are read.

    Raises:
        RecordingError: The session cannot be read.
    """
    people = read_people(folder)
    chosen = people[0] if person is None and people else person
    series = read_series(folder, -1 if chosen is None else chosen, progress)
    if series is None:
        return None
    with SessionReader.open(folder) as reader:
        size, samples = reader.size, reader.resource_samples()
    angles = series.angles
    if angles is None:
        angles = joint_angles(series.world, series.landmarks[:, :, VISIBILITY])
    pixels = series.landmarks[:, :, : len(AXES)] * np.array((size.width_px, size.height_px), np.float32)
    return SessionCurves(
        person=chosen,
        people=people,
        times_s=series.times_ns / NS_PER_S,
        angles={name: angles[:, number] for number, name in enumerate(ANGLE_NAMES)},
        landmarks={
            f"{name} {axis}": pixels[:, number, column]
            for number, name in enumerate(LANDMARK_NAMES)
            for column, axis in enumerate(AXES)
        },
        cost_times_s=np.array([sample.time_ns / NS_PER_S for sample in samples], np.float64),
        cpu_percent=_numbers([sample.cpu_percent for sample in samples]),
        memory_mb=_numbers([sample.rss_mb for sample in samples]),
    )


def _numbers(values: list[float | None]) -> Numbers:
    return np.array([np.nan if value is None else value for value in values], np.float32)


def decimated(
    times: NDArray[np.float64], values: Numbers, start: float, end: float, most: int
) -> tuple[NDArray[np.float64], Numbers]:
    """The part of a curve between two times in at most `most` points, with every peak still there.

    Each group of points is replaced by its least and its greatest, in the order and at the times they have; a
    group without any number stays a gap. The points just outside are kept, so that lines run to the edges.
    """
    first = max(int(np.searchsorted(times, start)) - 1, 0)
    last = int(np.searchsorted(times, end, side="right")) + 1
    times, values = times[first:last], values[first:last]
    group = -(-2 * times.size // most) if most else 1
    if group <= 2:
        return times, values
    count = times.size // group
    whole = values[: count * group].reshape(count, group)
    known = np.isfinite(whole)
    least = np.where(known, whole, np.inf).argmin(axis=1)
    greatest = np.where(known, whole, -np.inf).argmax(axis=1)
    places = np.sort(np.stack([least, greatest], axis=1), axis=1) + group * np.arange(count)[:, None]
    return times[places.reshape(-1)], values[places.reshape(-1)]
