"""Regions of interest: where in the picture a model looks, and how its points get back into the picture.

Model coordinates are fractions of the model's square input, 0 and 1 being its edges; picture coordinates are
pixels, 0 being the left or top edge of the first pixel. Rotations are clockwise as seen in the picture.

Source: MediaPipe `calculators/util/alignment_points_to_rects_calculator.cc`,
`rect_transformation_calculator.cc`, `landmark_projection_calculator.cc`,
`world_landmark_projection_calculator.cc` and `association_calculator.h` (v0.10.31).
"""

import math
from collections.abc import Sequence

import numpy as np

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FloatArray, Roi

# The margin around the circle through the scale point that the landmark models were trained with.
MARGIN = 1.25
# The scale point lies above the centre of an upright person.
_UPRIGHT_RAD = math.pi / 2
# Two regions that overlap more than this are the same person; min_tracking_confidence of MediaPipe Tasks.
_SAME_PERSON_IOU = 0.5


def letterbox(size: Size) -> Roi:
    """The upright square around a whole picture of `size`, that leaves no part of it out."""
    return Roi(size.width_px / 2, size.height_px / 2, float(max(size.width_px, size.height_px)), 0.0)


def roi_of_points(centre_px: FloatArray, scale_px: FloatArray) -> Roi | None:
    """The region of a person, given the middle of the hips and a point on the circle around the body.

    Args:
        centre_px: (2,) x and y of the middle of the hips.
        scale_px: (2,) x and y of the point on the circle; its direction from the centre is the body's up.

    Returns:
        The region with its margin; None where the points coincide or are not finite.
    """
    offset_x, offset_y = (float(value) for value in scale_px - centre_px)
    size_px = 2 * math.hypot(offset_x, offset_y) * MARGIN
    centre_x, centre_y = float(centre_px[0]), float(centre_px[1])
    if not (math.isfinite(size_px) and math.isfinite(centre_x + centre_y) and size_px > 0):
        return None
    rotation = _UPRIGHT_RAD - math.atan2(-offset_y, offset_x)
    return Roi(centre_x, centre_y, size_px, normalised_rad(rotation))


def normalised_rad(angle: float) -> float:
    """`angle` turned by full circles into -pi (included) to pi."""
    return angle - 2 * math.pi * math.floor((angle + math.pi) / (2 * math.pi))


def to_picture(points: FloatArray, roi: Roi) -> FloatArray:
    """Points of the model's input in pixels of the picture; the inverse of `to_model`.

    Args:
        points: (n, 2) x and y as fractions of the input.
        roi: What the input shows.

    Returns:
        (n, 2) float32 pixels.
    """
    cosine, sine = math.cos(roi.rotation_rad), math.sin(roi.rotation_rad)
    x, y = points[:, 0] - 0.5, points[:, 1] - 0.5
    placed = np.empty((len(points), 2), np.float32)
    placed[:, 0] = (cosine * x - sine * y) * roi.size_px + roi.centre_x_px
    placed[:, 1] = (sine * x + cosine * y) * roi.size_px + roi.centre_y_px
    return placed


def to_model(points_px: FloatArray, roi: Roi) -> FloatArray:
    """Pixels of the picture as fractions of the model's input; the inverse of `to_picture`.

    Args:
        points_px: (n, 2) x and y in pixels.
        roi: What the input shows.

    Returns:
        (n, 2) float32 fractions.
    """
    cosine, sine = math.cos(roi.rotation_rad), math.sin(roi.rotation_rad)
    x = (points_px[:, 0] - roi.centre_x_px) / roi.size_px
    y = (points_px[:, 1] - roi.centre_y_px) / roi.size_px
    placed = np.empty((len(points_px), 2), np.float32)
    placed[:, 0] = cosine * x + sine * y + 0.5
    placed[:, 1] = cosine * y - sine * x + 0.5
    return placed


def turned_world(world: FloatArray, rotation_rad: float) -> FloatArray:
    """World landmarks seen in the upright picture instead of in the turned crop.

    Args:
        world: (n, 3) metres, x to the crop's right, y down, z away from the camera.
        rotation_rad: The crop's rotation, clockwise about the axis that points away from the camera.

    Returns:
        (n, 3) float32 metres, x to the picture's right.
    """
    cosine, sine = math.cos(rotation_rad), math.sin(rotation_rad)
    turned = np.empty_like(world)
    turned[:, 0] = cosine * world[:, 0] - sine * world[:, 1]
    turned[:, 1] = sine * world[:, 0] + cosine * world[:, 1]
    turned[:, 2] = world[:, 2]
    return turned


def overlap(first: Roi, second: Roi) -> float:
    """Intersection over union of two regions, their rotations left out of account, 0 to 1."""
    reach = (first.size_px + second.size_px) / 2
    width = min(reach - abs(first.centre_x_px - second.centre_x_px), first.size_px, second.size_px)
    height = min(reach - abs(first.centre_y_px - second.centre_y_px), first.size_px, second.size_px)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (first.size_px**2 + second.size_px**2 - shared)


def distinct(regions: Sequence[Roi]) -> list[Roi]:
    """`regions` without those that a later one overlaps, in MediaPipe's order.

    MediaPipe joins the detector's regions in this way, so a later (less certain) detection of the same person
    takes the place of an earlier one and moves to the end.
    """
    kept: list[Roi] = []
    for region in regions:
        kept = [other for other in kept if overlap(region, other) <= _SAME_PERSON_IOU]
        kept.append(region)
    return kept
