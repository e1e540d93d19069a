"""What the picture shows behind the people: a blur, or a plain colour.

Works on the scaled picture, so the cost follows the window and not the camera. The blur is made on a picture
of a hundred pixels: that is all a blur keeps, and it costs little. People are left out of its sums, so that
their colours do not run into the background around them.
"""

import cv2
import numpy as np

from desktop_pose.core.frames import Image
from desktop_pose.core.poses import FloatArray, MaskArray
from desktop_pose.core.settings import Background

PLAIN = (52, 48, 46, 255)
"""Blue, green, red, alpha where the background is removed: a dark grey on which all colours of the skeletons
stand out."""

_SMALL_PX = 90  # the shorter side of the picture that is blurred, or up to twice as much
_SIGMA_PX = 2.5  # of the blur there: faces and writing are gone
_LEAST_WEIGHT = 1e-3


def paint_background(pixels: Image, mask: MaskArray, background: Background, *, mirror: bool) -> None:
    """Let `pixels` show `background` where `mask` has nobody.

    Args:
        pixels: (height, width, 4) uint8, blue, green, red, alpha; changed in place.
        mask: (any, any) uint8 of the same scene, 255 where somebody surely is.
        background: What is to be seen behind people.
        mirror: Whether left and right are exchanged in `pixels`, and not in `mask`.
    """
    height, width = pixels.shape[:2]
    person: MaskArray = np.asarray(cv2.resize(mask, (width, height)), np.uint8)
    if mirror:
        cv2.flip(person, 1, dst=person)
    behind = _blurred(pixels, person) if background is Background.BLUR else _plain(height, width)
    left, top, part_width, part_height = cv2.boundingRect(person)
    if part_width and part_height:
        part = np.s_[top : top + part_height, left : left + part_width]
        weight = person[part] * np.float32(1 / 255)
        behind[part] = cv2.blendLinear(pixels[part], behind[part], weight, 1 - weight)
    np.copyto(pixels, behind)


def _plain(height: int, width: int) -> Image:
    """A picture of `PLAIN`; filled with whole pixels, which is many times as fast as with single bytes."""
    pixel = np.array(PLAIN, np.uint8).view(np.uint32)
    return np.full((height, width), pixel, np.uint32).view(np.uint8).reshape(height, width, 4)


def _blurred(pixels: Image, person: MaskArray) -> Image:
    """`pixels` without sharpness, each pixel a mean of what is around it and is nobody."""
    height, width = pixels.shape[:2]
    factor = max(1, min(height, width) // _SMALL_PX)
    weight = 1 - _reduced(person, factor) * np.float32(1 / 255)
    sums = cv2.GaussianBlur(_reduced(pixels, factor) * weight[..., None], (0, 0), _SIGMA_PX)
    weights = np.maximum(cv2.GaussianBlur(weight, (0, 0), _SIGMA_PX), _LEAST_WEIGHT)
    small = np.rint(sums / weights[..., None]).astype(np.uint8)
    blurred: Image = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return blurred


def _reduced(image: Image, factor: int) -> FloatArray:
    """`image` with `factor` times fewer pixels each way: means of whole squares, which OpenCV does fast."""
    height, width = image.shape[0] // factor, image.shape[1] // factor
    squares = image[: height * factor, : width * factor]
    reduced = cv2.resize(squares, (width, height), interpolation=cv2.INTER_AREA)
    return reduced.astype(np.float32)
