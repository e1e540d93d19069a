"""Carries people on through frames in which the landmark model does not run.

A landmark goes on with the speed it had between the last two frames in which the model ran, and that speed
dies away: nobody moves on for ever, and what a moving hand does after a tenth of a second is its owner's
secret. `benchmarks/skip.py` compares this with holding the last pose; the picture's own motion (optical flow
at the landmarks) was tried and gained nothing, because what separates a landmark from where it is expected
is mostly how the model reads the next picture.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import VISIBILITY, FloatArray, Person, Roi, X, Y, Z

SPEED_LASTS_S = 0.1
_LONGEST_PAST_S = 0.25  # a speed over longer than this says nothing about now
_MIN_VISIBILITY = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Inferred:
    """A person in a frame in which the model ran."""

    person: Person
    time_ns: int


class Motion:
    """One person's motion, from the frames in which the model ran.

    Args:
        person: As first seen.
        time_ns: Time of that frame.
    """

    def __init__(self, person: Person, time_ns: int) -> None:
        self._last = Inferred(person, time_ns)
        self._landmark_speed: NDArray[np.float32] = np.zeros((33, 3), np.float32)
        self._world_speed: NDArray[np.float32] = np.zeros((33, 3), np.float32)

    def note(self, person: Person, time_ns: int) -> None:
        """The model has seen `person`, later than before."""
        before, self._last = self._last, Inferred(person, time_ns)
        passed_s = (time_ns - before.time_ns) / NS_PER_S
        if 0 < passed_s <= _LONGEST_PAST_S:
            xyz = slice(X, Z + 1)
            self._landmark_speed = (person.landmarks[:, xyz] - before.person.landmarks[:, xyz]) / passed_s
            self._world_speed = (person.world - before.person.world) / passed_s
        else:
            self._landmark_speed = np.zeros((33, 3), np.float32)
            self._world_speed = np.zeros((33, 3), np.float32)

    def predicted(self, time_ns: int, size: Size) -> Person:
        """The person at `time_ns`: raw landmarks unknown, visibility and presence as last seen."""
        person = self._last.person
        reach_s = _reach_s(time_ns - self._last.time_ns)
        landmarks = person.landmarks.copy()
        landmarks[:, X : Z + 1] += self._landmark_speed * np.float32(reach_s)
        return replace(
            person,
            landmarks=landmarks,
            world=person.world + self._world_speed * np.float32(reach_s),
            raw_landmarks=None,
            raw_world=None,
            next_roi=_moved(person.next_roi, person.landmarks, landmarks, size),
        )


def _reach_s(passed_ns: int) -> float:
    """How long a landmark would have to keep its speed to get as far as it does with a dying one."""
    return SPEED_LASTS_S * -math.expm1(-passed_ns / NS_PER_S / SPEED_LASTS_S)


def _moved(roi: Roi | None, before: FloatArray, now: FloatArray, size: Size) -> Roi | None:
    """`roi`, moved with the visible landmarks."""
    visible = now[:, VISIBILITY] > _MIN_VISIBILITY
    if roi is None or not visible.any():
        return roi
    x, y = (now - before)[visible].mean(axis=0)[[X, Y]].tolist()
    return replace(
        roi,
        centre_x_px=roi.centre_x_px + x * size.width_px,
        centre_y_px=roi.centre_y_px + y * size.height_px,
    )


def distance_percent(one: Person, other: Person, size: Size) -> float:
    """Mean distance of the landmarks visible in `other`, in per cent of its longer extent in the picture."""
    extent_px = np.array((size.width_px, size.height_px), np.float32)
    points, wanted = one.landmarks[:, (X, Y)] * extent_px, other.landmarks[:, (X, Y)] * extent_px
    visible = other.landmarks[:, VISIBILITY] > _MIN_VISIBILITY
    if not visible.any():
        return 0.0
    height_px = float(np.ptp(wanted, axis=0).max())
    distances = np.linalg.norm(points - wanted, axis=1)[visible]
    return float(100 * distances.mean() / max(height_px, 1.0))
