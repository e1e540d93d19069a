"""Carries people on through frames in which the landmark model does not run.

A landmark goes on with the speed it had between the last two frames in which the model ran, and that speed
dies away: nobody moves on for ever, and what a moving hand does after a tenth of a second is its owner's
secret. Equally fast it makes up for its lag, the way from where smoothing has left it to where the model saw
it. The region in which the person is looked for goes on with a speed of its own: how close it comes to that
of an every-frame run decides how close the model's next answer comes. Somebody at rest has neither: there
both would be the model's unrest. `docs/skipping.md` says what else was tried.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import VISIBILITY, FloatArray, Person, Roi, X, Y, Z
from desktop_pose.core.topology import LANDMARK_COUNT

SPEED_LASTS_S = 0.08
# The error of predicting one frame ahead is about this share of three things together: the error of the last
# prediction and the way since then, both for each frame, and the lag. Fitted to every-frame runs.
_ERROR_SHARE = 0.3
REST_PERCENT = 0.5  # of the body's extent from one look to the next: the model's own unrest stays below
_LONGEST_PAST_S = 0.25  # a speed over longer than this says nothing about now
_MIN_VISIBILITY = 0.5
_XYZ = slice(X, Z + 1)


@dataclass(frozen=True, slots=True)
class _RegionSpeed:
    """How fast a region moves and turns, per second."""

    x_px: float = 0.0
    y_px: float = 0.0
    rotation_rad: float = 0.0

    @classmethod
    def between(cls, before: Roi | None, now: Roi | None, passed_s: float) -> "_RegionSpeed":
        """The mean speed from one region to another; none where one of them is unknown."""
        if before is None or now is None:
            return cls()
        return cls(
            (now.centre_x_px - before.centre_x_px) / passed_s,
            (now.centre_y_px - before.centre_y_px) / passed_s,
            math.remainder(now.rotation_rad - before.rotation_rad, 2 * math.pi) / passed_s,
        )

    def moved(self, roi: Roi, reach_s: float) -> Roi:
        """`roi` after it has moved for `reach_s`."""
        return replace(
            roi,
            centre_x_px=roi.centre_x_px + self.x_px * reach_s,
            centre_y_px=roi.centre_y_px + self.y_px * reach_s,
            rotation_rad=math.remainder(roi.rotation_rad + self.rotation_rad * reach_s, 2 * math.pi),
        )


class Motion:
    """One person's motion, from the frames in which the model ran.

    Args:
        person: As first seen.
        time_ns: Time of that frame.
    """

    def __init__(self, person: Person, time_ns: int) -> None:
        self._person, self._time_ns = person, time_ns
        self._landmark_speed: FloatArray = np.zeros((LANDMARK_COUNT, 3), np.float32)
        self._world_speed: FloatArray = np.zeros((LANDMARK_COUNT, 3), np.float32)
        self._region_speed = _RegionSpeed()
        self._is_at_rest = True

    def note(self, person: Person, time_ns: int, size: Size) -> None:
        """The model has seen `person` in a picture of `size`, later than before."""
        before, passed_s = self._person, (time_ns - self._time_ns) / NS_PER_S
        if not 0 < passed_s <= _LONGEST_PAST_S:
            before, passed_s = person, 1.0
        self._person, self._time_ns = person, time_ns
        self._landmark_speed = (person.landmarks - before.landmarks)[:, _XYZ] / np.float32(passed_s)
        self._world_speed = (person.world - before.world) / np.float32(passed_s)
        self._region_speed = _RegionSpeed.between(before.next_roi, person.next_roi, passed_s)
        self._is_at_rest = distance_percent(before, person, size) < REST_PERCENT

    def predicted(self, time_ns: int) -> Person:
        """The person at `time_ns`: raw landmarks unknown, visibility and presence as last seen."""
        person = self._person
        share = -math.expm1((self._time_ns - time_ns) / NS_PER_S / SPEED_LASTS_S)
        # How long a landmark would have to keep its speed to get as far as it does with a dying one.
        reach_s = SPEED_LASTS_S * share
        landmarks = person.landmarks.copy()
        landmarks[:, _XYZ] += self._landmark_speed * np.float32(reach_s)
        world, roi = person.world + self._world_speed * np.float32(reach_s), person.next_roi
        if not self._is_at_rest:
            if person.raw_landmarks is not None and person.raw_world is not None:
                landmarks[:, _XYZ] += (person.raw_landmarks - person.landmarks)[:, _XYZ] * np.float32(share)
                world += (person.raw_world - person.world) * np.float32(share)
            roi = None if roi is None else self._region_speed.moved(roi, reach_s)
        return replace(
            person, landmarks=landmarks, world=world, raw_landmarks=None, raw_world=None, next_roi=roi
        )

    def error_ahead_percent(self, person: Person, time_ns: int, frames: int, size: Size) -> float:
        """The error to be expected of the prediction for the next frame, in per cent of the body's extent.

        Args:
            person: As the model sees the person now; not noted yet.
            time_ns: Time of that frame.
            frames: How many frames ago the model last saw the person.
            size: Size of the picture.
        """
        raw = person.landmarks if person.raw_landmarks is None else person.raw_landmarks
        others = np.stack((self.predicted(time_ns).landmarks, self._person.landmarks, raw))
        wrong, way, lag = map(float, _distances_percent(others, person, size))
        return _ERROR_SHARE * ((wrong + way) / frames + lag)


def distance_percent(one: Person, other: Person, size: Size) -> float:
    """Mean distance of the landmarks visible in `other`, in per cent of its longer extent in the picture."""
    return float(_distances_percent(one.landmarks[None], other, size)[0])


def _distances_percent(landmarks: FloatArray, person: Person, size: Size) -> FloatArray:
    """As `distance_percent`, of each of (n, 33, 5) landmarks from those of `person`; (n,)."""
    visible = (person.landmarks[:, VISIBILITY] > _MIN_VISIBILITY).astype(np.float32)
    to_px = np.array((size.width_px, size.height_px), np.float32)
    points = person.landmarks[:, X : Y + 1] * to_px
    ways = landmarks[:, :, X : Y + 1] * to_px - points
    extent_px = (points.max(axis=0) - points.min(axis=0)).max()
    means_px: FloatArray = np.hypot(ways[..., 0], ways[..., 1]) @ (visible / max(visible.sum(), 1))
    means_px *= 100 / max(extent_px, 1)
    return means_px
