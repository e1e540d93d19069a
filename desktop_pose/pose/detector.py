"""Turns the detector's output into regions of interest of people.

The detector is a single-shot detector: each of 2254 anchors on five grids says how likely a person is there,
the box of the face, and four points relative to the anchor, of which the first two are the middle of the
hips and a point on the circle around the whole body.

Source: MediaPipe `calculators/tflite/ssd_anchors_calculator.cc`,
`calculators/tensor/tensors_to_detections_calculator.cc`, `calculators/util/non_max_suppression_calculator.cc`
and `tasks/cc/vision/pose_detector/pose_detector_graph.cc` (v0.10.31).
"""

import numpy as np

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FloatArray
from desktop_pose.pose.activation import sigmoid
from desktop_pose.pose.roi import Region, distinct, region_of_points, without_letterbox

SIDE_PX = 224
# Anchors in each cell of the grid of a stride: two a layer (aspect ratio 1 and the interpolated scale, which
# are the same with anchors of fixed size), and the layers are 8, 16, 32, 32, 32.
_ANCHORS_BY_STRIDE = {8: 2, 16: 2, 32: 6}
_SCORE_LIMIT = 100.0  # logits are clipped before the sigmoid
MIN_SCORE = 0.5  # min_pose_detection_confidence of MediaPipe Tasks
_CENTRE_AND_SCALE = slice(4, 8)
_MIN_OVERLAP = 0.5  # min_suppression_threshold of MediaPipe Tasks (the older graph took 0.3)


def anchor_centres() -> FloatArray:
    """Centres of the anchors, (2254, 2) float32 x and y as fractions of the input, in the model's order."""
    centres = []
    for stride, anchors_per_cell in _ANCHORS_BY_STRIDE.items():
        cells = -(-SIDE_PX // stride)
        middle = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        grid = np.stack(np.meshgrid(middle, middle), axis=-1).reshape(-1, 2)
        centres.append(np.repeat(grid, anchors_per_cell, axis=0))
    return np.concatenate(centres)


class DetectionDecoder:
    """Decodes the detector's output; keeps the anchors."""

    def __init__(self) -> None:
        self._anchors = anchor_centres()

    def regions(self, boxes: FloatArray, logits: FloatArray, size: Size) -> list[Region]:
        """Regions of the people found, each person once, the most certain first.

        Args:
            boxes: (2254, 12) float32, pixels of the input relative to the anchor: box centre x, y, width,
                height, then x and y of four points.
            logits: (2254, 1) float32.
            size: Size of the picture that was letterboxed into the input.
        """
        limited = np.clip(logits[:, 0], -_SCORE_LIMIT, _SCORE_LIMIT)
        likely = np.flatnonzero(limited >= _logit(MIN_SCORE))
        scores = sigmoid(limited[likely])
        decoded = _decoded(boxes[likely], self._anchors[likely])
        is_sound = (decoded[:, 2:4] >= 0).all(axis=1)
        found = []
        for item in suppressed(decoded[is_sound], scores[is_sound]):
            region = region_of_points(without_letterbox(item[_CENTRE_AND_SCALE].reshape(2, 2), size), size)
            if region is not None:
                found.append(region)
        return distinct(found)


def _logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


def _decoded(boxes: FloatArray, anchors: FloatArray) -> FloatArray:
    """Boxes and points as fractions of the input, (n, 12): centre x, y, width, height, four points."""
    decoded: FloatArray = boxes / np.float32(SIDE_PX)
    decoded[:, 0:2] += anchors
    decoded[:, 4:12] += np.tile(anchors, 4)
    return decoded


def suppressed(detections: FloatArray, scores: FloatArray) -> list[FloatArray]:
    """Detections with those of the same thing merged by weighted non-maximum suppression.

    The most certain detection gathers all that overlap it; the mean of these, weighted by their scores, takes
    their place; then the next.

    Args:
        detections: (n, m) float32: centre x, y, width, height and further coordinates.
        scores: (n,) float32.

    Returns:
        Arrays (m,), the most certain first.
    """
    order = np.argsort(-scores, kind="stable")
    merged = []
    while order.size:
        is_same = _overlaps(detections[order], detections[order[0]]) > _MIN_OVERLAP
        is_same[0] = True
        group = order[is_same]
        weights = scores[group, None]
        # Summed one after the other in float32, as MediaPipe does; see `pose.roi` for why that matters.
        total = np.add.accumulate(detections[group] * weights)[-1]
        merged.append(total / np.add.accumulate(weights)[-1])
        order = order[~is_same]
    return merged


def _overlaps(boxes: FloatArray, box: FloatArray) -> FloatArray:
    """Intersection over union of each of `boxes` with `box`, (n,)."""
    low = np.maximum(boxes[:, 0:2] - boxes[:, 2:4] / 2, box[0:2] - box[2:4] / 2)
    high = np.minimum(boxes[:, 0:2] + boxes[:, 2:4] / 2, box[0:2] + box[2:4] / 2)
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    union = boxes[:, 2] * boxes[:, 3] + box[2] * box[3] - shared
    ratio: FloatArray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return ratio
