"""Smooths landmarks over time against jitter. Time is an input; nothing here reads a clock.

The One-Euro filter is a low pass whose cut-off rises with speed: still points are held, fast ones followed
(Casiez, Roussel and Vogel, 2012). MediaPipe measures speed in sizes of the person per second in the picture,
and in metres per second in the world; it smooths visibility by a plain low pass, and leaves presence alone.

Source: MediaPipe `util/filtering/one_euro_filter.cc`, `low_pass_filter.cc`,
`calculators/util/landmarks_smoothing_calculator_utils.cc`, `visibility_smoothing_calculator.cc` and
`tasks/cc/vision/pose_landmarker/pose_landmarks_detector_graph.cc` (v0.10.31).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import VISIBILITY, FloatArray
from desktop_pose.pose.landmarks import DecodedPose


@dataclass(frozen=True, slots=True)
class OneEuroConstants:
    """How a One-Euro filter weighs jitter against lag.

    Attributes:
        min_cutoff_hz: Cut-off for still points.
        beta: Rise of the cut-off with speed.
        derivative_cutoff_hz: Cut-off of the low pass on the speed itself.
    """

    min_cutoff_hz: float
    beta: float
    derivative_cutoff_hz: float


LANDMARK_CONSTANTS = OneEuroConstants(0.05, 80.0, 1.0)
WORLD_CONSTANTS = OneEuroConstants(0.1, 40.0, 1.0)
VISIBILITY_ALPHA = 0.1
_MIN_SCALE_PX = 1e-6  # a person smaller than this is not smoothed


class OneEuroFilter:
    """A One-Euro filter for each element of an array, with common times."""

    def __init__(self, constants: OneEuroConstants) -> None:
        self._constants = constants
        self._last_ns = 0
        self._raw: NDArray[np.float64] | None = None
        self._value = self._speed = np.zeros(0)

    def apply(self, values: NDArray[np.floating], time_ns: int, value_scale: float) -> NDArray[np.float64]:
        """The smoothed values.

        Args:
            values: Any shape, the same in every call.
            time_ns: Time of the values; not later than the previous call's: `values` come back as they are.
            value_scale: What turns a difference of values into the unit of speed.

        Returns:
            An array of the same shape, never written to again.
        """
        current = values.astype(np.float64)
        if self._raw is None:
            self._value, self._speed = current, np.zeros_like(current)
        elif time_ns <= self._last_ns:
            return current
        else:
            interval_s = (time_ns - self._last_ns) / NS_PER_S
            speed = (current - self._raw) * (value_scale / interval_s)
            weight = _weight(self._constants.derivative_cutoff_hz, interval_s)
            self._speed = weight * speed + (1 - weight) * self._speed
            cutoff_hz = self._constants.min_cutoff_hz + self._constants.beta * np.abs(self._speed)
            weights = _weight(cutoff_hz, interval_s)
            self._value = weights * current + (1 - weights) * self._value
        self._raw, self._last_ns = current, time_ns
        return self._value


def _weight(cutoff_hz: float | NDArray[np.float64], interval_s: float) -> float | NDArray[np.float64]:
    """Weight of the newest value in a low pass of `cutoff_hz` sampled every `interval_s`."""
    turn = 2 * math.pi * cutoff_hz * interval_s
    return turn / (turn + 1)


class PoseSmoother:
    """MediaPipe's smoothing of one person; a new person gets a new smoother."""

    def __init__(self) -> None:
        self._landmarks = OneEuroFilter(LANDMARK_CONSTANTS)
        self._world = OneEuroFilter(WORLD_CONSTANTS)
        self._visibility: FloatArray | None = None

    def lose(self) -> None:
        """Start the landmarks in the picture anew, because nobody was seen.

        Visibility and world landmarks go on from what they were, as in MediaPipe, whose filters of these are
        not called while there is nothing to filter.
        """
        self._landmarks = OneEuroFilter(LANDMARK_CONSTANTS)

    def apply(self, pose: DecodedPose, time_ns: int, size: Size) -> tuple[FloatArray, FloatArray]:
        """Smoothed (33, 5) landmarks and (33, 3) world landmarks of `pose`, new arrays.

        Args:
            pose: The person in this frame.
            time_ns: Time of the frame, later than the previous one's.
            size: Size of the picture; points are smoothed in pixels, depth with the scale of x.
        """
        landmarks = pose.landmarks.copy()
        to_px = np.array([size.width_px, size.height_px, size.width_px], np.float64)
        # The scale is the size of the region for the next frame, as MediaPipe has it.
        roi = None if pose.next_region is None else pose.next_region.roi(size)
        if roi is not None and roi.size_px >= _MIN_SCALE_PX:
            scale = 1 / roi.size_px
            landmarks[:, :3] = self._landmarks.apply(landmarks[:, :3] * to_px, time_ns, scale) / to_px
        if self._visibility is not None:
            landmarks[:, VISIBILITY] *= np.float32(VISIBILITY_ALPHA)
            landmarks[:, VISIBILITY] += np.float32(1 - VISIBILITY_ALPHA) * self._visibility
        self._visibility = landmarks[:, VISIBILITY].copy()
        return landmarks, self._world.apply(pose.world, time_ns, 1.0).astype(np.float32)
