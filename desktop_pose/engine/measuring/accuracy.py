"""How far landmarks are from those of a reference."""

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size
from desktop_pose.engine.measuring.figures import Apart


def points_px(landmarks: NDArray[np.float32], size: Size) -> NDArray[np.float64]:
    """(frames, 33, 2) pixels, NaN where nobody was found; of landmarks as in `row_process.Answer`."""
    return landmarks[:, :, :2].astype(np.float64) * (size.width_px, size.height_px)


def distance(points: NDArray[np.float64], reference: NDArray[np.float64]) -> Apart | None:
    """Mean and 95th percentile of the 2-D distance, in per cent of the person's height.

    The height is the clip's median of (max y - min y) over the reference's landmarks.

    Args:
        points: (frames, 33, 2) pixels, NaN where nobody was found.
        reference: The same of the reference.

    Returns:
        Over all landmarks of all frames in which both found somebody; None where there is no such frame.
    """
    both = ~np.isnan(points[:, 0, 0]) & ~np.isnan(reference[:, 0, 0])
    if not both.any():
        return None
    y_px = reference[~np.isnan(reference[:, 0, 0]), :, 1]
    height_px = float(np.median(y_px.max(axis=1) - y_px.min(axis=1)))
    distances = np.linalg.norm(points[both] - reference[both], axis=-1) / height_px * 100
    return Apart(round(float(distances.mean()), 4), round(float(np.percentile(distances, 95)), 4))
