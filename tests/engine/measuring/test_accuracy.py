"""The error's definition."""

import numpy as np

from desktop_pose.core.frames import Size
from desktop_pose.engine.measuring.accuracy import distance, points_px
from desktop_pose.engine.measuring.figures import Apart


def clip(frames: int) -> np.ndarray:
    """A figure 200 pixels tall that stands still."""
    points = np.zeros((frames, 33, 2))
    points[:, :, 1] = np.linspace(100, 300, 33)
    return points


def test_error_is_in_per_cent_of_the_height():
    reference = clip(10)
    points = reference + np.array([3, 4])  # 5 pixels away, 2.5 % of 200
    assert distance(points, reference) == Apart(2.5, 2.5)


def test_only_frames_with_somebody_in_both_count():
    reference, points = clip(4), clip(4)
    points[1] = np.nan
    reference[2] = np.nan
    points[3] += (0, 2)
    assert distance(points, reference) == Apart(0.5, 1.0)


def test_nobody_anywhere_is_unknown():
    assert distance(np.full((3, 33, 2), np.nan), clip(3)) is None


def test_landmarks_become_pixels():
    landmarks = np.full((2, 33, 3), np.nan, np.float32)
    landmarks[1] = (0.5, 0.25, 1.0)
    points = points_px(landmarks, Size(200, 400))
    assert np.isnan(points[0]).all()
    assert (points[1] == (100, 100)).all()
