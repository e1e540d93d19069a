"""Who is at a point of the picture. Pure: knows no Qt."""

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person, X, Y
from desktop_pose.core.topology import BONES, LANDMARK_NAMES

_NOSE = LANDMARK_NAMES.index("nose")
_SHOULDERS, _HIPS = (
    [LANDMARK_NAMES.index(f"{side}_{part}") for side in ("left", "right")] for part in ("shoulder", "hip")
)
_NECK, _PELVIS = len(LANDMARK_NAMES), len(LANDMARK_NAMES) + 1
_SEGMENTS = np.array([*BONES, (_NOSE, _NECK), (_NECK, _PELVIS)])
_REACH = 0.12
"""How far from a bone, the neck or the spine the person still is, in parts of the skeleton's longer side."""


def person_at(people: tuple[Person, ...], frame: Size, point_px: NDArray[np.float64]) -> Person | None:
    """The person whose skeleton is nearest to a point; None where nobody is there.

    Args:
        people: Who is in the frame.
        frame: Its size.
        point_px: (2,) x and y in pixels of the frame.
    """
    nearest, distance = None, _REACH
    for person in people:
        away = _distance(person, frame, point_px)
        if away <= distance:
            nearest, distance = person, away
    return nearest


def _distance(person: Person, frame: Size, point_px: NDArray[np.float64]) -> float:
    """Distance from the nearest bone in parts of the skeleton's longer side; infinite where it has none."""
    landmarks_px = person.landmarks[:, (X, Y)].astype(np.float64) * (frame.width_px, frame.height_px)
    side_px = float(np.ptp(landmarks_px, axis=0).max())
    if not (np.isfinite(side_px) and side_px > 0):
        return np.inf
    middles_px = [landmarks_px[pair].mean(axis=0) for pair in (_SHOULDERS, _HIPS)]
    points_px = np.vstack((landmarks_px, middles_px))
    starts, ends = points_px[_SEGMENTS[:, 0]], points_px[_SEGMENTS[:, 1]]
    along = ends - starts
    lengths = np.maximum((along**2).sum(axis=1), np.finfo(np.float64).tiny)
    share = np.clip(((point_px - starts) * along).sum(axis=1) / lengths, 0, 1)
    away_px = np.linalg.norm(starts + share[:, None] * along - point_px, axis=1).min()
    return float(away_px) / side_px
