"""Writes joint angles beside the joints."""

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Image
from desktop_pose.core.poses import Person, X, Y
from desktop_pose.core.topology import ANGLE_NAMES, LANDMARK_NAMES

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_FONT_HEIGHT_PX = 22.0  # of its capitals at scale 1
_HEIGHT_PER_PICTURE = 0.011
_LEAST_HEIGHT_PX = 7.0
_INK, _PAPER = (255, 255, 255, 255), (24, 24, 24, 255)
_BESIDE = 1.0  # of a letter's height, from the joint to the text
_MARGIN = 0.35  # likewise, of paper around the text
_MANY_PICTURES = 4  # a joint further away than this is not written at

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
    "neck_flexion": ("mouth_left", "mouth_right", "left_shoulder", "right_shoulder"),
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
    for name, angle in zip(ANGLE_NAMES, angles_deg.tolist(), strict=True):
        x, y = _middle(person, _PLACES[name])
        if not (np.isfinite(angle) and abs(x) < _MANY_PICTURES and abs(y) < _MANY_PICTURES):
            continue
        # OpenCV's fonts have no degree sign, and a bare number beside a joint is understood.
        _write(pixels, f"{angle:.0f}", (x * width, y * height), letter_px, _side_of(name, person, x))


def _middle(person: Person, landmarks: tuple[str, ...]) -> tuple[float, float]:
    """The middle of landmarks in fractions of the picture."""
    rows = [LANDMARK_NAMES.index(landmark) for landmark in landmarks]
    x, y = person.landmarks[rows][:, (X, Y)].mean(axis=0).tolist()
    return x, y


def _side_of(name: str, person: Person, x: float) -> int:
    """Where the text goes: -1 left, 1 right of the joint, away from its partner; 0 on it."""
    (place, *others) = _PLACES[name]
    if others:
        return 0
    side, _, joint = place.partition("_")
    partner = f"{'right' if side == 'left' else 'left'}_{joint}"
    return -1 if x < _middle(person, (partner,))[0] else 1


def _write(pixels: Image, text: str, joint_px: tuple[float, float], letter_px: float, side: int) -> None:
    scale = letter_px / _FONT_HEIGHT_PX
    stroke = max(1, round(scale * 1.6))
    (text_width, text_height), _ = cv2.getTextSize(text, _FONT, scale, stroke)
    margin = round(_MARGIN * letter_px)
    away = side * (_BESIDE * letter_px + margin)
    left = round(joint_px[0] + away - (1 - side) / 2 * text_width)
    bottom = round(joint_px[1] + text_height / 2)
    corners = (left - margin, bottom - text_height - margin), (left + text_width + margin, bottom + margin)
    cv2.rectangle(pixels, *corners, _PAPER, cv2.FILLED)
    cv2.putText(pixels, text, (left, bottom), _FONT, scale, _INK, stroke, cv2.LINE_AA)
