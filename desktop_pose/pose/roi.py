"""Regions of interest: where in the picture a model looks, and how its points get back into the picture.

The tracker keeps a region as MediaPipe does, as float32 fractions of the picture, and does its sums in
float32 and in MediaPipe's order. That is no pedantry: a crop that is off by a ten-thousandth of a pixel gives
landmarks that differ by tenths of a per cent of the person's height ten frames later, because each region
follows from the landmarks before it. Done alike, both follow the same path.

Source: MediaPipe `calculators/util/alignment_points_to_rects_calculator.cc`,
`detections_to_rects_calculator.cc`, `rect_transformation_calculator.cc`, `landmark_projection_calculator.cc`,
`world_landmark_projection_calculator.cc`, `association_calculator.h` and
`calculators/tensor/image_to_tensor_utils.cc` (v0.10.31).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FloatArray, Roi
from desktop_pose.pose.trigonometry import cosine_and_sine

F32 = np.float32
# The margin around the circle through the scale point that the landmark models were trained with.
_MARGIN = F32(1.25)
# The scale point lies above the centre of an upright person.
_UPRIGHT_RAD = F32(math.pi / 2)
# Two regions that overlap more than this are the same person; min_tracking_confidence of MediaPipe Tasks.
SAME_PERSON_IOU = 0.5
_HALF = F32(0.5)
# No person is so large or so small; only a model of the user's own can say so.
_LEAST_SIDE_PX, _MOST_SIDE_PX = 1e-3, 1e6


@dataclass(frozen=True, slots=True)
class Region:
    """A rotated region of the picture that is a square in pixels.

    Attributes:
        centre_x_norm: Centre as a fraction of the picture's width.
        centre_y_norm: Centre as a fraction of the picture's height.
        width_norm: Side as a fraction of the picture's width.
        height_norm: Side as a fraction of the picture's height.
        rotation_rad: Clockwise as seen in the picture, -pi to pi; 0 is upright.
    """

    centre_x_norm: np.float32
    centre_y_norm: np.float32
    width_norm: np.float32
    height_norm: np.float32
    rotation_rad: np.float32

    def corners_px(self, size: Size) -> FloatArray:
        """Corners in pixels of a picture of `size`, (4, 2) float32, in the order of `upright_corners_px`."""
        width, height = F32(size.width_px), F32(size.height_px)
        return _corners(
            np.array((self.centre_x_norm * width, self.centre_y_norm * height), F32),
            np.array((self.width_norm * width, self.height_norm * height), F32),
            self.rotation_rad,
        )

    def roi(self, size: Size) -> Roi:
        """The region in pixels of a picture of `size`; the inverse of `region_of_roi`."""
        return Roi(
            centre_x_px=float(self.centre_x_norm) * size.width_px,
            centre_y_px=float(self.centre_y_norm) * size.height_px,
            size_px=float(self.width_norm) * size.width_px,
            rotation_rad=float(self.rotation_rad),
        )


WHOLE_PICTURE = Region(_HALF, _HALF, F32(1), F32(1), F32(0))


def region_of_roi(roi: Roi, size: Size) -> Region:
    """The region that `roi` is in a picture of `size`; the inverse of `Region.roi`."""
    return Region(
        centre_x_norm=F32(roi.centre_x_px / size.width_px),
        centre_y_norm=F32(roi.centre_y_px / size.height_px),
        width_norm=F32(roi.size_px / size.width_px),
        height_norm=F32(roi.size_px / size.height_px),
        rotation_rad=F32(roi.rotation_rad),
    )


def region_of_points(points_norm: FloatArray, size: Size) -> Region | None:
    """The region of a person, with its margin.

    Args:
        points_norm: (2, 2) float32 x and y as fractions of the picture: the middle of the hips, and a point
            on the circle around the body that lies where the body's up is.
        size: Size of the picture.

    Returns:
        The region; None where the points coincide or are not finite.
    """
    width, height = F32(size.width_px), F32(size.height_px)
    x, y, scale_x, scale_y = (points_norm * np.array((width, height), F32)).ravel()
    offset_x, offset_y = scale_x - x, scale_y - y
    side_px = np.sqrt(offset_x * offset_x + offset_y * offset_y) * F32(2)
    if not (_LEAST_SIDE_PX < side_px < _MOST_SIDE_PX and math.isfinite(x) and math.isfinite(y)):
        return None
    long_px = max(side_px / width * width, side_px / height * height)
    return Region(
        centre_x_norm=x / width,
        centre_y_norm=y / height,
        width_norm=long_px / width * _MARGIN,
        height_norm=long_px / height * _MARGIN,
        rotation_rad=_normalised(_UPRIGHT_RAD - np.arctan2(-offset_y, offset_x)),
    )


def _normalised(angle: np.float32) -> np.float32:
    """`angle` turned by full circles into -pi (included) to pi."""
    turned: np.float32 = F32(
        float(angle) - 2 * math.pi * math.floor((float(angle) + math.pi) / (2 * math.pi))
    )
    return turned


def upright_corners_px(size: Size) -> FloatArray:
    """Corners of the upright square around a whole picture of `size`, with which it is letterboxed.

    Returns:
        (4, 2) float32 pixels: bottom left, top left, top right, bottom right.
    """
    centre = np.array((size.width_px, size.height_px), F32) * _HALF
    side = F32(max(size.width_px, size.height_px))
    return _corners(centre, np.array((side, side), F32), F32(0))


def _corners(centre: FloatArray, sides: FloatArray, rotation_rad: np.float32) -> FloatArray:
    # By way of degrees in float32, as cv::RotatedRect has it.
    angle = float(F32(float(rotation_rad * F32(180)) / math.pi)) * math.pi / 180
    cosine, sine = F32(math.cos(angle)) * _HALF, F32(math.sin(angle)) * _HALF
    (x, y), (width, height) = centre, sides
    bottom_left = x - sine * height - cosine * width, y + cosine * height - sine * width
    top_left = x + sine * height - cosine * width, y - cosine * height - sine * width
    twice = F32(2)
    return np.array(
        (
            bottom_left,
            top_left,
            (twice * x - bottom_left[0], twice * y - bottom_left[1]),
            (twice * x - top_left[0], twice * y - top_left[1]),
        ),
        F32,
    )


def without_letterbox(points: FloatArray, size: Size) -> FloatArray:
    """Points of a letterboxed input as fractions of the picture.

    Args:
        points: (n, 2) float32 x and y as fractions of the input.
        size: Size of the picture in the letterbox.

    Returns:
        (n, 2) float32.
    """
    aspect = F32(size.height_px) / F32(size.width_px)
    padding = np.zeros(2, F32)
    if aspect < 1:
        padding[1] = (F32(1) - aspect) / F32(2)
    else:
        padding[0] = (F32(1) - F32(1) / aspect) / F32(2)
    unpadded: FloatArray = (points - padding) / (F32(1) - (padding + padding))
    return unpadded


def to_picture(points: FloatArray, region: Region) -> FloatArray:
    """Points of the crop of `region` as fractions of the picture.

    Args:
        points: (n, 2) float32 x and y as fractions of the crop.
        region: What the crop shows.

    Returns:
        (n, 2) float32.
    """
    turned = _turned(points - _HALF, region.rotation_rad)
    turned *= np.array((region.width_norm, region.height_norm), F32)
    turned += np.array((region.centre_x_norm, region.centre_y_norm), F32)
    return turned


def turned_world(world: FloatArray, rotation_rad: np.float32) -> FloatArray:
    """World landmarks seen in the upright picture instead of in the turned crop.

    Args:
        world: (n, 3) metres, x to the crop's right, y down, z away from the camera.
        rotation_rad: The crop's rotation, clockwise about the axis that points away from the camera.

    Returns:
        (n, 3) float32 metres, x to the picture's right.
    """
    return np.concatenate((_turned(world[:, :2], rotation_rad), world[:, 2:]), axis=1)


def _turned(points: FloatArray, rotation_rad: np.float32) -> FloatArray:
    cosine, sine = cosine_and_sine(rotation_rad)
    turned, other = points * cosine, points * sine
    turned[:, 0] -= other[:, 1]
    turned[:, 1] += other[:, 0]
    return turned


def overlap(first: Region, second: Region) -> float:
    """Intersection over union of two regions, their rotations left out of account, 0 to 1."""
    shared = area = 1.0
    other_area = 1.0
    for centre, side, other_centre, other_side in (
        (first.centre_x_norm, first.width_norm, second.centre_x_norm, second.width_norm),
        (first.centre_y_norm, first.height_norm, second.centre_y_norm, second.height_norm),
    ):
        low = max(centre - side / 2, other_centre - other_side / 2)
        high = min(centre + side / 2, other_centre + other_side / 2)
        shared *= max(float(high - low), 0.0)
        area *= float(side)
        other_area *= float(other_side)
    return shared / (area + other_area - shared)


def distinct(regions: Sequence[Region]) -> list[Region]:
    """`regions` without those that a later one overlaps, in MediaPipe's order.

    MediaPipe joins the detector's regions in this way, so a later (less certain) detection of the same person
    takes the place of an earlier one and moves to the end.
    """
    kept: list[Region] = []
    for region in regions:
        kept = [other for other in kept if overlap(region, other) <= SAME_PERSON_IOU]
        kept.append(region)
    return kept
