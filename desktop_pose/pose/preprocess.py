"""Cuts a region of interest out of the picture and turns it into a model's input.

One warp straight from the source frame, whatever the region's size and rotation. As in MediaPipe the corners
of the region fall on 0 and N of an N x N input (not on N - 1, and without a shift by half a pixel), pixels
are interpolated to whole numbers and only then scaled.

Each pixel is taken from a place rounded to 1/32 pixel, computed here and handed to `remap` in fixed point.
OpenCV's `warpPerspective` does just that up to version 4, with which MediaPipe is built, but warps without
rounding from version 5 on; `remap` in fixed point gives the same bytes in both. Where the corners make an
exact rectangle, places often lie in the middle between two steps, and the order of the sums decides which of
the two it is: then they are done in the order of version 4.

Source: MediaPipe `calculators/tensor/image_to_tensor_converter_opencv.cc` and
`tasks/cc/vision/pose_detector/pose_detector_graph.cc` (v0.10.31).
"""

from enum import Enum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Image
from desktop_pose.core.poses import FloatArray

_STEPS = 32  # places a pixel is divided into, each way
_STEP_BITS = 5
_NEAR_PX = 2**16 // _STEPS
"""Steps within a picture no larger than this fit into 16 bits."""
_BLOCK = 64  # columns in which OpenCV 4 warps a square of more than 64 pixels
_GROUP = 32  # columns that divide blocks and inputs alike
_EXACT = 1e-14  # a perspective below this is what rounding has left of none


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
        pixels = np.arange(side_px, dtype=np.float64)
        square = (side_px, side_px)
        self._pixels = np.dstack(np.meshgrid(pixels, pixels))
        columns = pixels.reshape(-1, _GROUP)
        self._rows, self._blocks = pixels[:, None], columns[:, 0] // _BLOCK * _BLOCK
        self._columns = columns - self._blocks[:, None]
        self._nothing = np.zeros(4)
        self._exact = np.empty((*square, 2), np.float64)
        self._near_steps = np.empty((*square, 2), np.uint16)
        self._far_steps = np.empty((*square, 2), np.int32)
        self._between = np.empty((*square, 2), np.uint16)
        self._pairs = np.empty(square, np.uint32)
        self._whole = np.empty((*square, 2), np.int16)
        self._fraction = np.empty(square, np.uint16)
        self._bgr = np.empty((*square, 3), np.uint8)
        self._rgb = np.empty_like(self._bgr)

    def crop(self, image: Image, corners_px: FloatArray, out: FloatArray) -> None:
        """Fill `out` with what lies between `corners_px` in `image`.

        Args:
            image: (height, width, 3) uint8 BGR, any strides; not written to.
            corners_px: (4, 2) float32 pixels: what the input's bottom left, top left, top right and bottom
                right show; a rectangle at any place and of any size.
            out: (side, side, 3) float32, red-green-blue, from `low` to `high`.
        """
        rows = _row_contiguous(image)
        _bring_near(rows, corners_px)
        self._find_places(corners_px)
        if self._border is Border.REPLICATED and max(image.shape[:2]) <= _NEAR_PX:
            self._split_near()
        else:
            self._split_far()
        self._join_fractions()
        cv2.remap(
            rows,
            self._whole,
            self._fraction,
            cv2.INTER_LINEAR,
            dst=self._bgr,
            borderMode=self._border.value,
        )
        cv2.cvtColor(self._bgr, cv2.COLOR_BGR2RGB, dst=self._rgb)
        if self._low:
            cv2.LUT(self._rgb, self._numbers, dst=out)
        else:  # a product is rounded once by itself, and takes a third of the time
            np.copyto(out, self._rgb)
            np.multiply(out, self._scale, out=out)

    def _find_places(self, corners_px: FloatArray) -> None:
        """Set where in the picture each pixel of the input lies, in steps from the picture's top left."""
        to_input = cv2.getPerspectiveTransform(corners_px, self._corners)
        to_picture = np.asarray(cv2.invert(to_input)[1], np.float64)
        if np.abs(to_picture[2, :2]).max() < _EXACT:
            self._find_places_in_blocks(to_picture)
            return
        to_picture[:2] *= _STEPS
        cv2.perspectiveTransform(self._pixels, to_picture, dst=self._exact)

    def _find_places_in_blocks(self, to_picture: NDArray[np.float64]) -> None:
        """Set the same, summed in the order of OpenCV 4's `warpPerspective`."""
        scale = self._far_steps.view(np.float64)[..., 0]  # which is not in use yet
        self._sum_in_blocks(to_picture[2], scale)
        np.divide(_STEPS, scale, out=scale)
        # As complex numbers x and y are summed at once.
        self._sum_in_blocks(to_picture[0] + 1j * to_picture[1], self._exact.view(np.complex128)[..., 0])
        for axis in (0, 1):
            np.multiply(self._exact[..., axis], scale, out=self._exact[..., axis])

    def _sum_in_blocks(self, row: NDArray[Any], out: NDArray[Any]) -> None:
        """Set `out` to x, y and 1 of each pixel times the three numbers in `row`."""
        starts = row[0] * self._blocks + row[1] * self._rows + row[2]
        np.add(starts[..., None], row[0] * self._columns, out=out.reshape(*starts.shape, _GROUP))

    def _split_near(self) -> None:
        """Split places into whole pixels and steps between them, in a small picture whose border repeats.

        What lies left of and above the picture, or far right of and below it, is moved to a place that shows
        the same pixel of the border: 16 bits suffice, and `remap` is three times as fast where it need not
        look beyond the border.
        """
        cv2.add(self._exact, self._nothing, dst=self._near_steps, dtype=cv2.CV_16U)  # rounds and saturates
        np.bitwise_and(self._near_steps, _STEPS - 1, out=self._between)
        np.right_shift(self._near_steps, _STEP_BITS, out=self._whole.view(np.uint16))

    def _split_far(self) -> None:
        """Split places into whole pixels and steps between them, in any picture with any border."""
        cv2.add(self._exact, self._nothing, dst=self._far_steps, dtype=cv2.CV_32S)  # rounds
        np.bitwise_and(self._far_steps, _STEPS - 1, out=self._between, casting="unsafe")
        np.right_shift(self._far_steps, _STEP_BITS, out=self._far_steps)
        cv2.add(self._far_steps, self._nothing, dst=self._whole, dtype=cv2.CV_16S)  # saturates

    def _join_fractions(self) -> None:
        """Write the steps between pixels as `remap` wants them: x + 32 y."""
        # Both at once: y << 16 | x becomes y << 5 | x in the lower half.
        pairs = self._between.view(np.uint32)[..., 0]
        np.right_shift(pairs, 16 - _STEP_BITS, out=self._pairs)
        np.bitwise_or(self._pairs, pairs, out=self._pairs)
        np.copyto(self._fraction, self._pairs, casting="unsafe")


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
