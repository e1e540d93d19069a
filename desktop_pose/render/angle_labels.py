"""Writes joint angles beside the joints."""

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Image
from desktop_pose.core.poses import Person, X, Y
from desktop_pose.core.topology import ANGLE_NAMES, LANDMARK_NAMES

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_FONT_HEIGHT_PX = 22.0  # of its capitals at scale 1
_HEIGHT_PER_PICTURE = 0.016
_LEAST_HEIGHT_PX = 7.0
_INK, _CASING = (255, 255, 255, 255), (24, 24, 24, 255)
_BESIDE = 0.7  # of a letter's height, from the joint to the text
_MANY_PICTURES = (
    4  # a joint further away than this is not written at: text far outside costs time for nothing
)

_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_PLACES: dict[str, tuple[str, ...]] = {
    **{
        name: (f"{side}_{joint}",)
        for name in ANGLE_NAMES
        for side in ("left", "right")
        for joint in _JOINTS
        if name.startswith(f"{side}_{joint}_")
    },
    "trunk_lean": ("left_shoulder", "right_shoulder", "left_hip", "right_hip"),
    "neck_flexion": ("left_shoulder", "right_shoulder"),
    "pelvis_lateral_tilt": ("left_hip", "right_hip"),
}


def draw_angles(pixels: Image, person: Person, angles_deg: NDArray[np.floating]) -> None:
    """Write angles on a picture.

    Args:
        pixels: (height, width, 4) uint8 BGRA, written to.
        person: Whose angles they are.
        angles_deg: (15,) degrees in the order of `ANGLE_NAMES`; those that are NaN are left out.
    """
    height, width = pixels.shape[:2]
    letter_px = max(_LEAST_HEIGHT_PX, _HEIGHT_PER_PICTURE * float(np.hypot(height, width)))
    scale = letter_px / _FONT_HEIGHT_PX
    stroke = max(1, round(scale * 1.6))
    for name, angle in zip(ANGLE_NAMES, angles_deg.tolist(), strict=True):
        x, y = _place_of(name, person)
        if not (np.isfinite(angle) and abs(x) < _MANY_PICTURES and abs(y) < _MANY_PICTURES):
            continue
        corner = round(x * width + _BESIDE * letter_px), round(y * height + letter_px / 2)
        # OpenCV's fonts have no degree sign, and a bare number beside a joint is understood.
        for colour, thickness in ((_CASING, 3 * stroke), (_INK, stroke)):
            cv2.putText(pixels, f"{angle:.0f}", corner, _FONT, scale, colour, thickness, cv2.LINE_AA)


def _place_of(name: str, person: Person) -> tuple[float, float]:
    """Where an angle is written, in fractions of the picture."""
    rows = [LANDMARK_NAMES.index(landmark) for landmark in _PLACES[name]]
    x, y = person.landmarks[rows][:, (X, Y)].mean(axis=0).tolist()
    return x, y
