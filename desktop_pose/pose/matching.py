"""Tells people apart by where they are: which of two sightings are of one person, and how far apart two are.

Places are regions of interest in pixels (`core.poses.Roi`), whose side grows with the person's size;
distances are in such sides, so that they mean the same near the camera and far from it.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FloatArray, Person, Roi, X, Y
from desktop_pose.core.topology import LANDMARK_NAMES

_HIPS = tuple(LANDMARK_NAMES.index(f"{side}_hip") for side in ("left", "right"))
_MARGIN = 1.25  # of a region of interest around the circle through the farthest point, see `pose.roi`
_MIN_SIZE_PX = 1.0

_SAME_POSE = 0.06
"""Landmarks that lie closer together than this on average, in sides of the region, are those of one body."""


def place_of(person: Person, size: Size) -> Roi:
    """Where `person` is in a picture of `size`: the region of interest, or one made from the landmarks."""
    if person.next_roi is not None:
        return person.next_roi
    points_px = person.landmarks[:, (X, Y)].astype(np.float64) * (size.width_px, size.height_px)
    centre_px = points_px[list(_HIPS)].mean(axis=0)
    reach_px = float(np.linalg.norm(points_px - centre_px, axis=1).max())
    return Roi(float(centre_px[0]), float(centre_px[1]), max(2 * _MARGIN * reach_px, _MIN_SIZE_PX), 0.0)


def distance(place: Roi, other: Roi) -> float:
    """How unlike two places are: their centres' distance in sides, plus the logarithm of the sides' ratio."""
    away_px = math.hypot(place.centre_x_px - other.centre_x_px, place.centre_y_px - other.centre_y_px)
    return away_px / max(place.size_px, other.size_px) + abs(math.log(place.size_px / other.size_px))


def nearest_pairs(distances: NDArray[np.float64], limit: float) -> list[tuple[int, int]]:
    """Rows and columns that belong together, the nearest first, each at most once.

    Args:
        distances: (rows, columns); infinity where two cannot belong together.
        limit: Two that are farther apart than this do not belong together.
    """
    left = distances.copy()
    pairs: list[tuple[int, int]] = []
    while left.size:
        row, column = (int(index) for index in np.unravel_index(np.argmin(left), left.shape))
        if not (np.isfinite(left[row, column]) and left[row, column] <= limit):
            break
        pairs.append((row, column))
        left[row, :] = left[:, column] = np.inf
    return pairs


def all_distances(places: Sequence[Roi], others: Sequence[Roi]) -> NDArray[np.float64]:
    """`distance` of each of `places` to each of `others`, (places, others)."""
    return np.array([[distance(place, other) for other in others] for place in places]).reshape(
        len(places), len(others)
    )


def is_same_pose(landmarks: FloatArray, others: FloatArray, size: Size, side_px: float) -> bool:
    """Whether two sets of (33, 5) landmarks are of one body in a region of `side_px`."""
    away_px = (landmarks[:, (X, Y)] - others[:, (X, Y)]) * np.array(
        (size.width_px, size.height_px), np.float32
    )
    return float(np.linalg.norm(away_px, axis=1).mean()) < _SAME_POSE * side_px
