"""Turns a picture as the user asked."""

import cv2
import numpy as np

from desktop_pose.core.frames import Image, Size
from desktop_pose.core.settings import Rotation

_CODES = {
    Rotation.RIGHT: cv2.ROTATE_90_CLOCKWISE,
    Rotation.HALF: cv2.ROTATE_180,
    Rotation.LEFT: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def rotated(image: Image, rotation: Rotation) -> Image:
    """`image` turned clockwise; the very same array where there is nothing to turn."""
    if rotation is Rotation.NONE:
        return image
    return np.asarray(cv2.rotate(image, _CODES[rotation]), np.uint8)


def rotated_size(size: Size, rotation: Rotation) -> Size:
    """The size of a picture of `size` when it is turned."""
    if rotation in (Rotation.RIGHT, Rotation.LEFT):
        return Size(size.height_px, size.width_px)
    return size
