"""Smooths landmarks over time against jitter. Time is an input; nothing here reads a clock.

The One-Euro filter is a low pass whose cut-off rises with speed: still points are held, fast ones followed
(Casiez, Roussel and Vogel, 2012). MediaPipe measures speed in sizes of the person per second in the picture,
and in metres per second in the world; it smooths visibility by a plain low pass, and leaves presence alone.
The strong filter differs in how the cut-off rises; `docs/smoothing.md` has the reasons and the figures.

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
from desktop_pose.core.settings import Smoothing
from desktop_pose.core.topology import LANDMARK_COUNT
from desktop_pose.pose.landmarks import DecodedPose

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OneEuroConstants:
    """How a One-Euro filter weighs jitter against lag.

    Attributes:
        min_cutoff_hz: Cut-off for still points.
        beta: Rise of the cut-off with speed, Hz per unit of speed.
    """

    min_cutoff_hz: float
    beta: float


@dataclass(frozen=True, slots=True)
class StrongConstants(OneEuroConstants):
    """How the strong filter does.

    Attributes:
        rest_speed: Below it the cut-off rises with the square of the speed, above it with the speed.
        depth_weight: What the depth counts in the speed of a point, beside 1 of x and of y: the model knows
            depth much less exactly.
    """

    rest_speed: float
    depth_weight: float


LANDMARK_CONSTANTS = OneEuroConstants(0.05, 80.0)
WORLD_CONSTANTS = OneEuroConstants(0.1, 40.0)
STRONG_LANDMARK_CONSTANTS = StrongConstants(0.1, 160.0, rest_speed=0.6, depth_weight=1 / 8)
STRONG_WORLD_CONSTANTS = StrongConstants(0.1, 80.0, rest_speed=1.0, depth_weight=1 / 3)
DERIVATIVE_CUTOFF_HZ = 1.0  # of the low pass on the speed, in all of MediaPipe's filters
VISIBILITY_ALPHA = 0.1
_MIN_SCALE_PX = 1e-6  # a person smaller than this is not smoothed


class OneEuroFilter:
    """A One-Euro filter for each coordinate of groups of points, with common times.

    Args:
        groups: The constants of each group.
        points: Number of points in a group.
    """

    def __init__(self, *groups: OneEuroConstants, points: int = LANDMARK_COUNT) -> None:
        self._min_cutoff_hz = _column([group.min_cutoff_hz for group in groups])
        self._beta = _column([group.beta for group in groups])
        shape = (len(groups), points, 3)
        self._raw, self._speed, self._value = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self._weights, self._scratch = np.empty(shape), np.empty(shape)
        self._last_ns: int | None = None
        self._starting = set(range(len(groups)))

    def restart(self, group: int) -> None:
        """Begin one of the groups anew with the next values."""
        self._starting.add(group)

    def apply(self, values: Array, time_ns: int, scales: Array) -> Array:
        """The smoothed values.

        Args:
            values: (groups, points, 3).
            time_ns: Time of the values; not later than the previous call's: `values` come back as they are.
            scales: (groups, 1, 1), what turns a difference of values into the unit of speed.

        Returns:
            (groups, points, 3), written to again by the next call.
        """
        interval_s = 1.0 if self._last_ns is None else (time_ns - self._last_ns) / NS_PER_S
        if interval_s <= 0:
            return values
        self._measure_speed(values, scales / interval_s, _weight(DERIVATIVE_CUTOFF_HZ, interval_s))
        weights, rest = self._cutoffs_hz(), self._scratch
        weights *= 2 * math.pi
        weights *= interval_s
        np.add(weights, 1, out=rest)
        np.divide(weights, rest, out=weights)
        self._adjust(weights)
        np.subtract(1, weights, out=rest)
        self._value *= rest
        weights *= values
        self._value += weights
        for group in self._starting:
            self._value[group], self._speed[group] = values[group], 0
        self._starting.clear()
        np.copyto(self._raw, values)
        self._last_ns = time_ns
        return self._value

    def _measure_speed(self, values: Array, scales_hz: Array, weight: float) -> None:
        step = np.subtract(values, self._raw, out=self._scratch)
        step *= scales_hz
        step *= weight
        self._speed *= 1 - weight
        self._speed += step

    def _cutoffs_hz(self) -> Array:
        """The cut-off of each coordinate at its speed, in the array of the weights."""
        cutoffs_hz = np.abs(self._speed, out=self._weights)
        cutoffs_hz *= self._beta
        cutoffs_hz += self._min_cutoff_hz
        return cutoffs_hz

    def _adjust(self, weights: Array) -> None:
        """Change the weights of the new values; here they stay."""


class StrongFilter(OneEuroFilter):
    """As `OneEuroFilter`, with one speed for each point, and a cut-off that small speeds hardly raise.

    Jitter looks like small speeds in all directions. The first values are averaged until the low pass is the
    slower one, so that the first frame's jitter does not stay for seconds.
    """

    def __init__(self, *groups: StrongConstants, points: int = LANDMARK_COUNT) -> None:
        super().__init__(*groups, points=points)
        self._rest_speed = _column([group.rest_speed for group in groups])
        self._axes = np.array([(1.0, 1.0, group.depth_weight**2) for group in groups])[:, None]
        self._frames = np.zeros_like(self._rest_speed)  # since the start of each group

    def restart(self, group: int) -> None:
        """Begin one of the groups anew with the next values."""
        super().restart(group)
        self._frames[group] = 0

    def _cutoffs_hz(self) -> Array:
        weighted = np.multiply(self._speed, self._speed, out=self._weights)
        weighted *= self._axes
        square = weighted.sum(axis=2, keepdims=True)
        self._weights[:] = self._min_cutoff_hz + self._beta * (square / (np.sqrt(square) + self._rest_speed))
        return self._weights

    def _adjust(self, weights: Array) -> None:
        self._frames += 1
        np.maximum(weights, 1 / self._frames, out=weights)


def _column(values: list[float]) -> Array:
    """One number for each group, to be combined with (groups, points, 3)."""
    return np.array(values)[:, None, None]


def _weight(cutoff_hz: float, interval_s: float) -> float:
    """Weight of the newest value in a low pass of `cutoff_hz` sampled every `interval_s`."""
    turn = 2 * math.pi * cutoff_hz * interval_s
    return turn / (turn + 1)


class PoseSmoother:
    """Smooths one person; a new person gets a new smoother.

    Args:
        smoothing: Which filter; any but off.
    """

    _PICTURE, _WORLD = 0, 1

    def __init__(self, smoothing: Smoothing = Smoothing.MEDIAPIPE) -> None:
        self._filter: OneEuroFilter
        if smoothing is Smoothing.STRONG:
            self._filter = StrongFilter(STRONG_LANDMARK_CONSTANTS, STRONG_WORLD_CONSTANTS)
        else:
            self._filter = OneEuroFilter(LANDMARK_CONSTANTS, WORLD_CONSTANTS)
        self._values = np.empty((2, LANDMARK_COUNT, 3))
        self._scales = np.ones((2, 1, 1))
        self._visibility: FloatArray | None = None

    def lose(self) -> None:
        """Start the landmarks in the picture anew, because nobody was seen.

        Visibility and world landmarks go on from what they were, as in MediaPipe, whose filters of these are
        not called while there is nothing to filter.
        """
        self._filter.restart(self._PICTURE)

    def apply(self, pose: DecodedPose, time_ns: int, size: Size) -> tuple[FloatArray, FloatArray]:
        """Smoothed (33, 5) landmarks and (33, 3) world landmarks of `pose`, new arrays.

        Args:
            pose: The person in this frame.
            time_ns: Time of the frame, later than the previous one's.
            size: Size of the picture; points are smoothed in pixels, depth with the scale of x.
        """
        landmarks = pose.landmarks.copy()
        to_px = np.array([size.width_px, size.height_px, size.width_px], np.float64)
        np.multiply(landmarks[:, :3], to_px, out=self._values[self._PICTURE])
        self._values[self._WORLD] = pose.world
        # The scale is the size of the region for the next frame, as MediaPipe has it.
        size_px = 0.0 if pose.next_region is None else pose.next_region.roi(size).size_px
        if size_px >= _MIN_SCALE_PX:
            self._scales[self._PICTURE] = 1 / size_px
        else:
            self._filter.restart(self._PICTURE)
        smoothed = self._filter.apply(self._values, time_ns, self._scales)
        landmarks[:, :3] = smoothed[self._PICTURE] / to_px
        if self._visibility is not None:
            landmarks[:, VISIBILITY] *= np.float32(VISIBILITY_ALPHA)
            landmarks[:, VISIBILITY] += np.float32(1 - VISIBILITY_ALPHA) * self._visibility
        self._visibility = landmarks[:, VISIBILITY].copy()
        return landmarks, smoothed[self._WORLD].astype(np.float32)
