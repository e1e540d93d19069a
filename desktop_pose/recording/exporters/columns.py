"""The numbers of a person as exports give them: pixels and metres instead of the model's fractions."""

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FloatArray, Person
from desktop_pose.core.topology import LANDMARK_COUNT

IMAGE_COLUMNS = ("x_px", "y_px", "z_px", "visibility", "presence")
WORLD_COLUMNS = ("world_x_m", "world_y_m", "world_z_m")
COLUMNS = (*IMAGE_COLUMNS, *WORLD_COLUMNS)
COLUMN_COUNT = len(COLUMNS)

WORLD = slice(len(IMAGE_COLUMNS), COLUMN_COUNT)
"""Where the world landmarks are among the columns."""


def recorded_values(person: Person, *, raw: bool) -> FloatArray:
    """What is recorded of `person`, one row a landmark.

    Args:
        person: Anybody.
        raw: Whether to take what was there before smoothing.

    Returns:
        (33, 8) float32: x, y and z as the model's fractions, visibility and presence, then the world
        landmarks in metres; NaN where unknown, never infinite.
    """
    landmarks = person.raw_landmarks if raw else person.landmarks
    world = person.raw_world if raw else person.world
    values = np.full((LANDMARK_COUNT, COLUMN_COUNT), np.nan, np.float32)
    if landmarks is not None:
        values[:, : len(IMAGE_COLUMNS)] = landmarks
    if world is not None:
        values[:, WORLD] = world
    values[~np.isfinite(values)] = np.nan
    return values


def in_pixels(values: NDArray[np.floating], size: Size) -> NDArray[np.float64]:
    """`values` with x, y and z in pixels instead of fractions.

    Args:
        values: (..., 33, 8) as `recorded_values` gives them.
        size: Size of the picture, which x, y and z are fractions of (z of its width).

    Returns:
        (..., 33, 8) float64: `COLUMNS`; NaN stays NaN.
    """
    scale = np.ones(COLUMN_COUNT)
    scale[:3] = size.width_px, size.height_px, size.width_px
    return values * scale + 0.0  # no negative zeros


def exported_values(person: Person, size: Size, *, raw: bool) -> NDArray[np.float64]:
    """What is exported of `person`, one row a landmark: `COLUMNS`; see `recorded_values` and `in_pixels`."""
    return in_pixels(recorded_values(person, raw=raw), size)
