"""Cuts a region of interest out of the picture and turns it into a model's input.

One warp straight from the source frame, whatever the region's size and rotation. As in MediaPipe the corners
of the region fall on 0 and N of an N x N input (not on N - 1, and without a shift by half a pixel), pixels
are interpolated to whole numbers and only then scaled.

The warp is that of OpenCV 4, with which MediaPipe is built: it takes each pixel from a place rounded to 1/32
pixel. OpenCV 5 does not round, which is nearer to the truth and leaves MediaPipe's path (see `pose.roi`).

Source: MediaPipe `calculators/tensor/image_to_tensor_converter_opencv.cc` and
`tasks/cc/vision/pose_detector/pose_detector_graph.cc` (v0.10.31).
"""

from enum import Enum

import cv2
import numpy as np

from desktop_pose.core.frames import Image
from desktop_pose.core.poses import FloatArray

PIXEL_SCALE = float(np.float32(1 / 255))
"""What a landmark model that takes bytes multiplies them by; for others `Cropper` does."""


class Border(Enum):
    """What lies around the picture."""

    BLACK = cv2.BORDER_CONSTANT
    REPLICATED = cv2.BORDER_REPLICATE


class Cropper:
    """Fills one model's input from pictures; keeps the buffers for it.

    Args:
        side_px: Side of the model's square input.
        border: What the model sees around the picture.
        low: What a black pixel becomes.
        high: What a white pixel becomes.
    """

    def __init__(self, side_px: int, border: Border, low: float, high: float) -> None:
        self._border = border
        self._scale, self._low = np.float32((high - low) / 255), low
        # Rounded once, as with the fused multiply-add that MediaPipe's OpenCV scales pixels with.
        self._numbers = (np.arange(256) * np.float64(self._scale) + low).astype(np.float32)
        self._corners = np.array(((0, side_px), (0, 0), (side_px, 0), (side_px, side_px)), np.float32)
        self._size = (side_px, side_px)
        self._bgr = np.empty((side_px, side_px, 3), np.uint8)
        self._rgb = np.empty_like(self._bgr)

    def crop(self, image: Image, corners_px: FloatArray, out: FloatArray | Image) -> None:
        """Fill `out` with what lies between `corners_px` in `image`.

        Args:
            image: (height, width, 3) uint8 BGR, any strides; not written to.
            corners_px: (4, 2) float32 pixels: what the input's bottom left, top left, top right and bottom
                right show; a rectangle at any place and of any size.
            out: (side, side, 3), red-green-blue: float32 from `low` to `high`, or uint8 as it is, for a model
                that scales pixels itself.
        """
        rows = _row_contiguous(image)
        _bring_near(rows, corners_px)
        to_input = cv2.getPerspectiveTransform(corners_px, self._corners)
        cv2.warpPerspective(
            rows,
            to_input,
            self._size,
            dst=self._bgr,
            flags=cv2.INTER_LINEAR,
            borderMode=self._border.value,
        )
        if out.dtype == np.uint8:
            cv2.cvtColor(self._bgr, cv2.COLOR_BGR2RGB, dst=out)
            return
        cv2.cvtColor(self._bgr, cv2.COLOR_BGR2RGB, dst=self._rgb)
        if self._low:
            cv2.LUT(self._rgb, self._numbers, dst=out)
        else:  # a product is rounded once by itself, and takes a third of the time
            np.copyto(out, self._rgb)
            np.multiply(out, self._scale, out=out)


def _row_contiguous(image: Image) -> Image:
    """`image` itself if OpenCV can read its rows where they lie, else a copy."""
    row_step, pixel_step, channel_step = image.strides
    if channel_step == 1 and pixel_step == 3 and row_step >= image.shape[1] * 3:
        return image
    return np.ascontiguousarray(image)


def _bring_near(image: Image, corners_px: FloatArray) -> None:
    """Have the processor fetch what lies between `corners_px`, by reading it in the order of memory.

    A warp reads aslant, which no processor foresees: of a frame that another core or the decoder has just
    written it takes 0.8 ms, and 0.6 ms together with this.
    """
    height, width = image.shape[:2]
    left, top = np.minimum.reduce(corners_px).tolist()
    right, bottom = np.maximum.reduce(corners_px).tolist()
    rows = slice(_within(top, height), _within(bottom, height))
    region = image[rows, _within(left, width) : _within(right, width)]
    if region.size:
        cv2.norm(region, cv2.NORM_INF)


def _within(place_px: float, end_px: int) -> int:
    """The pixel at `place_px`, from 0 to `end_px`, whatever the number."""
    return int(min(max(0.0, place_px), end_px))
