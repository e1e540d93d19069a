"""Cuts a region of interest out of the picture and turns it into a model's input.

One warp straight from the source frame, whatever the region's size and rotation. As in MediaPipe the corners
of the region fall on 0 and N of an N x N input (not on N - 1, and without a shift by half a pixel), pixels
are interpolated to whole numbers and only then scaled.

Pixels are taken from places rounded to 1/32 pixel, by `remap` with fixed-point maps: OpenCV's warps did so up
to version 4, which MediaPipe is built on, but warp exactly from version 5. The model feels the difference:
with the exact warp the landmarks of the demo clip are 0.27 % of the person's height away from MediaPipe's.

Source: MediaPipe `calculators/tensor/image_to_tensor_converter_opencv.cc` and
`tasks/cc/vision/pose_detector/pose_detector_graph.cc` (v0.10.31).
"""

import math
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Image
from desktop_pose.core.poses import FloatArray, Roi


class Border(Enum):
    """What lies around the picture."""

    BLACK = cv2.BORDER_CONSTANT
    REPLICATED = cv2.BORDER_REPLICATE


def input_to_picture_matrix(roi: Roi, side_px: int) -> NDArray[np.float64]:
    """The (2, 3) matrix that takes a pixel of an input of `side_px` to the pixel of the picture it shows."""
    scale = roi.size_px / side_px
    cosine, sine = math.cos(roi.rotation_rad) * scale, math.sin(roi.rotation_rad) * scale
    half = side_px / 2
    return np.array([
        [cosine, -sine, roi.centre_x_px - (cosine - sine) * half],
        [sine, cosine, roi.centre_y_px - (sine + cosine) * half],
    ])  # fmt: skip


class Cropper:
    """Fills one model's input from pictures; keeps the buffers for it.

    Args:
        side_px: Side of the model's square input.
        border: What the model sees around the picture.
        low: What a black pixel becomes.
        high: What a white pixel becomes.
    """

    def __init__(self, side_px: int, border: Border, low: float, high: float) -> None:
        self._side_px = side_px
        self._border = border
        self._scale = np.float32((high - low) / 255)
        self._offset = np.float32(low)
        square = (side_px, side_px)
        self._pixels = np.arange(side_px, dtype=np.float64)
        self._places = np.empty((2, *square), np.float32)
        self._whole = np.empty((*square, 2), np.int16)
        self._fraction = np.empty(square, np.uint16)
        self._bgr = np.empty((*square, 3), np.uint8)
        self._rgb = np.empty_like(self._bgr)

    def crop(self, image: Image, roi: Roi, out: FloatArray) -> None:
        """Fill `out` with what `roi` shows of `image`.

        Args:
            image: (height, width, 3) uint8 BGR, any strides; not written to.
            roi: The region, at any place and of any size.
            out: (side, side, 3) float32, red-green-blue, from `low` to `high`.
        """
        x, y = self._places
        for places, (along, down, start) in zip(
            (x, y), input_to_picture_matrix(roi, self._side_px), strict=True
        ):
            row = (along * self._pixels + start).astype(np.float32)
            np.add(row, (down * self._pixels).astype(np.float32)[:, None], out=places)
        cv2.convertMaps(x, y, cv2.CV_16SC2, dstmap1=self._whole, dstmap2=self._fraction)
        cv2.remap(
            _row_contiguous(image),
            self._whole,
            self._fraction,
            cv2.INTER_LINEAR,
            dst=self._bgr,
            borderMode=self._border.value,
        )
        cv2.cvtColor(self._bgr, cv2.COLOR_BGR2RGB, dst=self._rgb)
        np.multiply(self._rgb, self._scale, out=out)
        if self._offset != 0:
            np.add(out, self._offset, out=out)


def _row_contiguous(image: Image) -> Image:
    """`image` itself if OpenCV can read its rows where they lie, else a copy."""
    row_step, pixel_step, channel_step = image.strides
    if channel_step == 1 and pixel_step == 3 and row_step >= image.shape[1] * 3:
        return image
    return np.ascontiguousarray(image)
