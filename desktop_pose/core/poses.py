"""A tracked person: landmarks in the picture and in the world.

Conventions are those of `docs/coordinates.md`. Landmark arrays have the shape (33, 5), float32, columns
x_norm, y_norm, z_norm, visibility, presence: x and y are fractions of the picture's width and height (0 is
the left or top edge of the first pixel; may lie outside 0 to 1), z is a fraction of the picture's width,
negative towards the camera, zero at the hips. World arrays have the shape (33, 3), float32, metres, origin
between the hips, x to the picture's right, y down, z away from the camera.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_MS
from desktop_pose.core.topology import LANDMARK_COUNT

FloatArray = NDArray[np.float32]
MaskArray = NDArray[np.uint8]

X, Y, Z, VISIBILITY, PRESENCE = range(5)

OLD_NS = 250 * NS_PER_MS
"""People whom the models last looked at longer ago are shown as old: adaptive skipping stays below 200 ms."""


@dataclass(frozen=True, slots=True)
class Roi:
    """A rotated square region of interest in pixels of the picture.

    Attributes:
        centre_x_px: Centre, 0 is the left edge of the first pixel.
        centre_y_px: Centre, 0 is the top edge of the first pixel.
        size_px: Length of a side.
        rotation_rad: Clockwise as seen in the picture; 0 is upright.
    """

    centre_x_px: float
    centre_y_px: float
    size_px: float
    rotation_rad: float

    def __post_init__(self) -> None:
        if not self.size_px > 0:
            raise ValueError(f"a region of interest has a positive size, not {self.size_px}")


def _check(name: str, array: FloatArray | None, columns: int) -> None:
    if array is None:
        return
    if array.shape != (LANDMARK_COUNT, columns) or array.dtype != np.float32:
        raise ValueError(f"{name} has the shape {array.shape} {array.dtype}, not (33, {columns}) float32")
    array.flags.writeable = False


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One person in one frame.

    Attributes:
        id: Stable from 0, never used again for somebody else in a run.
        landmarks: (33, 5) smoothed, read-only; see the module.
        world: (33, 3) smoothed, read-only; see the module.
        raw_landmarks: (33, 5) before smoothing; None where the backend does not give them.
        raw_world: (33, 3) before smoothing; None where the backend does not give them.
        score: The model's confidence that somebody is there, 0 to 1.
        next_roi: Where to look in the next frame; None where the backend does not say.
    """

    id: int
    landmarks: FloatArray
    world: FloatArray
    raw_landmarks: FloatArray | None
    raw_world: FloatArray | None
    score: float
    next_roi: Roi | None = None

    def __post_init__(self) -> None:
        _check("landmarks", self.landmarks, 5)
        _check("world", self.world, 3)
        _check("raw_landmarks", self.raw_landmarks, 5)
        _check("raw_world", self.raw_world, 3)


@dataclass(frozen=True, slots=True, eq=False)
class FramePoses:
    """Everybody found in one frame.

    Attributes:
        people: In the order of their ids.
        reused: Whether the poses were predicted or held instead of inferred.
        detector_ran: Whether the detector ran on this frame; None where the backend does not say.
        locked_id: The one person whom the tracker is locked on, who may be missing; None where it is not.
        mask: (height, width) uint8 of the picture's size, read-only: how surely a pixel shows one of the
            people, 255 is certain; all 0 where nobody is seen, None where no mask was asked for.
        age_ns: Time since the models last looked; 0 where they looked at this frame.
    """

    people: tuple[Person, ...]
    reused: bool = False
    detector_ran: bool | None = None
    locked_id: int | None = None
    mask: MaskArray | None = None
    age_ns: int = 0
