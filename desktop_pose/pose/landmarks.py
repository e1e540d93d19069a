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
_HEATMAP_SIDE = 64  # cells
_KERNEL = 7  # side of the square of heatmap cells around a landmark
_MIN_CONFIDENCE = 0.5  # a heatmap with no cell above this moves nothing
_REACH = np.arange(_KERNEL) - _KERNEL // 2
# From a landmark's cell to each cell of its kernel, row by row: (2, 49, 1) x and y.
_STEPS = np.stack(np.meshgrid(_REACH, _REACH)).reshape(2, -1, 1).astype(np.float32)
# The same in a heatmap's memory, and each landmark's place in the memory of a cell.
_JUMPS = ((_STEPS[1] * _HEATMAP_SIDE + _STEPS[0]) * OUTPUT_COUNT).astype(np.intp)
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
        heatmap: (64, 64, 39) float32 logits.

    Returns:
        (35, 2) float32 fractions.
    """
    # The columns and the rows of the landmarks' cells; rounded towards zero, as by MediaPipe.
    middles = (points.T.copy() * np.float32(_HEATMAP_SIDE)).astype(np.intp)
    reads = (middles[1] * _HEATMAP_SIDE + middles[0]) * OUTPUT_COUNT + _LANDMARK
    cells = middles[:, None] + _REACH[:, None]
    counts = cells.view(np.uintp) < _HEATMAP_SIDE  # (2, 7, 35); what is below 0 is huge
    # Where a cell lies outside the heatmap another one is read, and does not count.
    weights = sigmoid(heatmap.reshape(-1).take(reads + _JUMPS, mode="clip"))
    if not counts.all():
        weights *= (counts[1, :, None] & counts[0]).reshape(weights.shape)
    sums = np.empty((3, *weights.shape), np.float32)
    sums[0] = weights
    np.multiply(weights, middles.astype(np.float32)[:, None] + _STEPS, out=sums[1:])
    # Row by row in float32, as MediaPipe's loop does.
    total, *weighted = np.add.reduce(sums, axis=1)
    is_moved = np.maximum.reduce(weights, axis=0) >= _MIN_CONFIDENCE
    is_moved &= counts[0, _KERNEL // 2] & counts[1, _KERNEL // 2]
    centred: FloatArray = points.copy()
    np.divide(weighted / np.float32(_HEATMAP_SIDE), total, out=centred.T, where=is_moved)
    return centred
