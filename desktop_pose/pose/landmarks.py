"""Turns the landmark model's output into landmarks in the picture.

Source: MediaPipe `calculators/tensor/tensors_to_landmarks_calculator.cc`,
`calculators/util/refine_landmarks_from_heatmap_calculator.cc` and
`tasks/cc/vision/pose_landmarker/pose_landmarks_detector_graph.cc` (v0.10.31).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
_MOST_SANE = 1e6  # pixels of the crop, metres
_KERNEL = 7  # side of the square of heatmap cells around a landmark
_MIN_CONFIDENCE = 0.5  # a heatmap with no cell above this moves nothing
_REACH = np.arange(_KERNEL) - _KERNEL // 2
# From a landmark's cell to each cell of its kernel, row by row: (2, 49, 1) x and y.
_STEPS = np.stack(np.meshgrid(_REACH, _REACH)).reshape(2, -1, 1).astype(np.float32)
# The same in a heatmap's memory, and from a cell's begin to each landmark's place in it: (49, 35).
_JUMPS = (_STEPS[1] * _HEATMAP_SIDE + _STEPS[0]).astype(np.intp) * OUTPUT_COUNT + np.arange(_USED_COUNT)


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

    def is_sane(self) -> bool:
        """Whether all landmarks are numbers within bounds, as of the manifest's models they always are."""
        return all(bool(np.abs(array).max() < _MOST_SANE) for array in (self.landmarks, self.world))


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
    middles = (points.T * np.float32(_HEATMAP_SIDE)).astype(np.intp)
    columns, rows = middles
    begins = (rows * _HEATMAP_SIDE + columns) * OUTPUT_COUNT
    # Where a cell lies outside the heatmap another one is read, and does not count.
    weights = sigmoid(heatmap.reshape(-1).take(begins + _JUMPS, mode="clip"))
    is_inside = _without_cells_outside(weights, middles)
    # Row by row in float32, as MediaPipe's loop does.
    total = np.add.reduce(weights, axis=0)
    weighted = np.add.reduce(weights * (middles.astype(np.float32)[:, None] + _STEPS), axis=1)
    weighted /= np.float32(_HEATMAP_SIDE)
    is_moved = (np.maximum.reduce(weights, axis=0) >= _MIN_CONFIDENCE) & is_inside
    centred: FloatArray = points.copy()
    np.divide(weighted, total, out=centred.T, where=is_moved)
    return centred


def _without_cells_outside(weights: FloatArray, middles: NDArray[np.intp]) -> NDArray[np.bool_] | np.bool_:
    """Which landmarks lie in the heatmap; the `weights` of cells outside become 0.

    Args:
        weights: (49, 35) of the cells of each landmark's kernel, changed in place.
        middles: (2, 35) columns and rows of the landmarks' cells.
    """
    edge = _KERNEL // 2
    if np.minimum.reduce(middles, axis=None) >= edge and (
        np.maximum.reduce(middles, axis=None) < _HEATMAP_SIDE - edge
    ):
        return np.True_
    cells = middles[:, None] + _REACH[:, None]
    counts = cells.view(np.uintp) < _HEATMAP_SIDE  # (2, 7, 35); what is below 0 is huge
    weights *= (counts[1, :, None] & counts[0]).reshape(weights.shape)
    is_inside: NDArray[np.bool_] = counts[0, edge] & counts[1, edge]
    return is_inside
