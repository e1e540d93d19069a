"""Turns the landmark model's output into landmarks in the picture.

Source: MediaPipe `calculators/tensor/tensors_to_landmarks_calculator.cc`,
`calculators/util/refine_landmarks_from_heatmap_calculator.cc` and
`tasks/cc/vision/pose_landmarker/pose_landmarks_detector_graph.cc` (v0.10.31).
"""

from dataclasses import dataclass

import numpy as np

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import PRESENCE, VISIBILITY, FloatArray, Z
from desktop_pose.core.topology import LANDMARK_COUNT
from desktop_pose.pose.activation import sigmoid
from desktop_pose.pose.mask import CropMask
from desktop_pose.pose.roi import Region, region_of_points, to_picture, turned_world

SIDE_PX = 256
MIN_PRESENCE = 0.5  # min_pose_presence_confidence of MediaPipe Tasks
OUTPUT_COUNT = 39  # landmarks the model gives
_USED_COUNT = 35  # of these: 33 landmarks, and two points that say where to look next
_KERNEL = 7  # side of the square of heatmap cells around a landmark
_MIN_CONFIDENCE = 0.5  # a heatmap with no cell above this moves nothing
_MIDDLE = _KERNEL // 2
_REACH = (np.arange(_KERNEL) - _MIDDLE)[:, None]
_LANDMARK = np.arange(_USED_COUNT)


@dataclass(frozen=True, slots=True, eq=False)
class ModelOutput:
    """What the landmark model gives for one crop.

    Attributes:
        landmarks: (39, 5) float32: x, y, z in pixels of the crop, visibility and presence as logits.
        presence: Probability that a person is in the crop.
        heatmap: (height, width, 39) float32 logits of where each landmark is.
        world: (39, 3) float32 metres, in the axes of the crop.
    """

    landmarks: FloatArray
    presence: float
    heatmap: FloatArray
    world: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPose:
    """A person as one frame alone shows it.

    Attributes:
        landmarks: (33, 5) float32, columns as in `core.poses`.
        world: (33, 3) float32, as in `core.poses`.
        next_region: Where to look in the next frame; None where the model's answer makes no region.
        score: Probability that somebody is there.
        mask: Which pixels show the person; None where it is not asked for.
    """

    landmarks: FloatArray
    world: FloatArray
    next_region: Region | None
    score: float
    mask: CropMask | None = None


def decode(output: ModelOutput, region: Region, size: Size) -> DecodedPose | None:
    """The person that the model saw in the crop of `region`; None where it saw none.

    Args:
        output: The model's output; not kept.
        region: What the crop shows.
        size: Size of the picture.
    """
    if not output.presence > MIN_PRESENCE:
        return None
    raw = output.landmarks[:_USED_COUNT]
    points = to_picture(refined(raw[:, :2] / np.float32(SIDE_PX), output.heatmap), region)
    landmarks = np.empty((LANDMARK_COUNT, 5), np.float32)
    landmarks[:, :2] = points[:LANDMARK_COUNT]
    # Depth has the scale of x: a fraction of the crop's width becomes one of the picture's.
    landmarks[:, Z] = raw[:LANDMARK_COUNT, 2] / np.float32(SIDE_PX) * region.width_norm
    landmarks[:, VISIBILITY : PRESENCE + 1] = sigmoid(raw[:LANDMARK_COUNT, 3:5])
    return DecodedPose(
        landmarks=landmarks,
        world=turned_world(output.world[:LANDMARK_COUNT], region.rotation_rad),
        next_region=region_of_points(points[LANDMARK_COUNT:], size),
        score=output.presence,
    )


def refined(points: FloatArray, heatmap: FloatArray) -> FloatArray:
    """Each point moved to the centre of mass of its heatmap around it.

    Points outside the heatmap, and those whose heatmap is nowhere sure around them, stay where they are.

    Args:
        points: (35, 2) float32 x and y as fractions of the input.
        heatmap: (height, width, at least 35) float32 logits.

    Returns:
        (35, 2) float32 fractions.
    """
    height, width, _ = heatmap.shape
    middle_columns, middle_rows = (points * np.array((width, height), np.float32)).astype(np.intp).T
    columns, rows = middle_columns + _REACH, middle_rows + _REACH
    column_counts, row_counts = (columns >= 0) & (columns < width), (rows >= 0) & (rows < height)
    patch = heatmap[rows.clip(0, height - 1)[:, None], columns.clip(0, width - 1)[None], _LANDMARK]
    weights = sigmoid(patch) * (row_counts[:, None] & column_counts[None])
    # Sums over the first axis of a flat array go row by row in float32, as MediaPipe's loop does.
    total = _summed(weights)
    is_moved = row_counts[_MIDDLE] & column_counts[_MIDDLE] & (weights.max(axis=(0, 1)) >= _MIN_CONFIDENCE)
    total[~is_moved] = 1
    centred = np.empty_like(points)
    centred[:, 0] = _summed(weights * columns[None].astype(np.float32)) / np.float32(width) / total
    centred[:, 1] = _summed(weights * rows[:, None].astype(np.float32)) / np.float32(height) / total
    return np.where(is_moved[:, None], centred, points)


def _summed(patch: FloatArray) -> FloatArray:
    """Sum of a (7, 7, n) array over its first two axes, (n,)."""
    total: FloatArray = np.add.reduce(patch.reshape(_KERNEL * _KERNEL, -1), axis=0)
    return total
