"""The numbers of a person as exports give them: pixels and metres instead of the model's fractions."""

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person
from desktop_pose.core.topology import LANDMARK_COUNT

IMAGE_COLUMNS = ("x_px", "y_px", "z_px", "visibility", "presence")
WORLD_COLUMNS = ("world_x_m", "world_y_m", "world_z_m")


def exported_values(person: Person, size: Size, *, raw: bool) -> NDArray[np.float64]:
    """What is exported of `person`, one row a landmark.

    Args:
        person: Anybody.
        size: Size of the picture, which x, y and z are fractions of (z of its width).
        raw: Whether to take what was there before smoothing.

    Returns:
        (33, 8) float64: `IMAGE_COLUMNS`, then `WORLD_COLUMNS`; NaN where unknown, never infinite.
    """
    landmarks = person.raw_landmarks if raw else person.landmarks
    world = person.raw_world if raw else person.world
    values = np.full((LANDMARK_COUNT, 8), np.nan)
    if landmarks is not None:
        values[:, :5] = landmarks
        values[:, :3] *= (size.width_px, size.height_px, size.width_px)
    if world is not None:
        values[:, 5:] = world
    values[~np.isfinite(values)] = np.nan
    return values + 0.0  # no negative zeros
