"""Turns the landmark model's mask into one of the picture: which pixels show the people who are followed.

Each person's mask is turned from logits to probabilities in the 256x256 crop and warped back into the picture
by the inverse of the crop's warp; only the part of the picture that the crop shows is touched. Where people
overlap, the greater probability counts. As in MediaPipe Tasks nothing is smoothed over time.

The result is in bytes instead of MediaPipe's float32, because a mask as large as the picture crosses threads
with every frame: 0.9 MB instead of 3.7 MB for 1280x720.

Source: MediaPipe `calculators/tensor/tensors_to_segmentation_converter_opencv.cc`,
`calculators/image/affine_transformation_runner_opencv.cc` and
`tasks/cc/vision/pose_landmarker/pose_landmarks_detector_graph.cc` (v0.10.31).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FloatArray, MaskArray
from desktop_pose.pose.roi import Region

_CERTAIN = 255.0


@dataclass(frozen=True, slots=True, eq=False)
class CropMask:
    """Where in the crop of a region its person is.

    Attributes:
        probability: (side, side) float32, 255 is certain.
        region: What the crop shows.
    """

    probability: FloatArray
    region: Region


def crop_mask(logits: FloatArray, region: Region) -> CropMask:
    """The mask that the model gave for the crop of `region`.

    Args:
        logits: (side, side) float32; not kept.
        region: What the crop shows.
    """
    scaled = -logits
    cv2.exp(scaled, dst=scaled)  # beyond 88 it is infinite, and the probability 0
    scaled += 1
    np.divide(_CERTAIN, scaled, out=scaled)
    return CropMask(scaled, region)


def picture_mask(masks: Iterable[CropMask], size: Size) -> MaskArray:
    """Where in the picture anybody is, (height, width) uint8, read-only, 255 is certain.

    Args:
        masks: One of each person.
        size: Size of the picture.
    """
    whole: MaskArray = np.zeros((size.height_px, size.width_px), np.uint8)
    for mask in masks:
        _add(mask, whole, size)
    whole.flags.writeable = False
    return whole


def _add(mask: CropMask, whole: MaskArray, size: Size) -> None:
    """Put `mask` into the part of `whole` that its crop shows."""
    corners_px = mask.region.corners_px(size)
    limit = np.array((size.width_px, size.height_px))
    # Pixels are numbered as their left and top edges, here and in the crop, as in MediaPipe.
    left, top = np.clip(np.floor(corners_px.min(axis=0)), 0, limit).astype(int).tolist()
    right, bottom = np.clip(np.ceil(corners_px.max(axis=0)) + 1, 0, limit).astype(int).tolist()
    if left >= right or top >= bottom:
        return
    to_crop = _to_crop(corners_px, mask.probability.shape[0], left, top)
    part = cv2.warpAffine(
        mask.probability,
        to_crop,
        (right - left, bottom - top),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
    )
    place = whole[top:bottom, left:right]
    np.maximum(place, cv2.convertScaleAbs(part), out=place)  # rounded


def _to_crop(corners_px: FloatArray, side: int, left: int, top: int) -> FloatArray:
    """(2, 3) map from pixels of the picture, counted from `left` and `top`, to pixels of the crop."""
    bottom_left, top_left, top_right = corners_px[:3].astype(np.float64)
    axes = np.column_stack((top_right - top_left, bottom_left - top_left)) / side
    turned = np.linalg.inv(axes)
    shift = turned @ (np.array((left, top)) - top_left)
    to_crop: FloatArray = np.column_stack((turned, shift)).astype(np.float32)
    return to_crop
