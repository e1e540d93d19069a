"""The strip of charts below an annotated video: joint angles around the moment that is shown.

A chart a joint, with both sides in the colours of the skeleton. The picture's moment is at the vertical line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import Image, Size
from desktop_pose.core.poses import VISIBILITY
from desktop_pose.core.topology import ANGLE_NAMES, Side
from desktop_pose.pose.kinematics import angles
from desktop_pose.recording.exporters.columns import WORLD
from desktop_pose.recording.exporters.protocol import joint_of
from desktop_pose.recording.exporters.resampling import LONGEST_GAP_NS
from desktop_pose.recording.exporters.spool import Spool
from desktop_pose.render.scene import COLOURS

_SPAN_S = 10.0
_HEIGHT_PER_PICTURE = 0.2
_LEAST_HEIGHT_PX = 64
_LETTER_PER_STRIP = 0.075
_LEAST_LETTER_PX = 7.0
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_FONT_HEIGHT_PX = 22.0  # of its capitals at scale 1
_GROUND, _LINE, _INK = (27, 24, 22, 255), (90, 84, 80, 255), (235, 235, 235, 255)
_COLOURS = {
    "left": (*COLOURS[Side.LEFT][::-1], 255),
    "right": (*COLOURS[Side.RIGHT][::-1], 255),
    "": _INK,
}
_STEP_DEG = 10.0
_LEAST_RANGE_DEG = 20.0
_SHIFT = 4  # of the curves' coordinates: sixteenths of a pixel
_CHUNK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class _Joint:
    """One chart: the sides of a joint and their columns, and the range of its axis."""

    name: str
    sides: tuple[tuple[str, int], ...]
    low_deg: float
    high_deg: float


class AngleCharts:
    """Draws the strip for any moment of a recording.

    Keeps 4 bytes an angle and frame in memory, 2 MB for an hour of one joint.

    Args:
        spool: The recording; shown is the person seen most.
        joints: Of `CHARTS`, from the left on.
        picture_size: Of the pictures above.

    Attributes:
        size: Of the strip.
    """

    def __init__(self, spool: Spool, joints: Sequence[str], picture_size: Size) -> None:
        height_px = max(_LEAST_HEIGHT_PX, round(_HEIGHT_PER_PICTURE * picture_size.height_px))
        self.size = Size(picture_size.width_px, height_px + height_px % 2)
        names = [name for name in ANGLE_NAMES if joint_of(name) in joints]
        person = _seen_most(spool)
        rows = np.flatnonzero(spool.rows["person"] == person)
        self._times_s = spool.frames["time_ns"][spool.rows["frame"][rows]] / NS_PER_S
        self._degrees = _degrees(spool, rows, [ANGLE_NAMES.index(name) for name in names])
        self._end_s = float(spool.frames["time_ns"][-1]) / NS_PER_S
        self._joints = [self._joint(joint, names) for joint in joints]
        self._whose = f"person {person}: " if len(spool.people) > 1 else ""
        self._letter_px = max(_LEAST_LETTER_PX, _LETTER_PER_STRIP * self.size.height_px)

    def draw(self, pixels: Image, time_s: float) -> None:
        """Draw the strip.

        Args:
            pixels: (height, width, 4) uint8 BGRA of `size`, written to.
            time_s: The moment, since the first frame.
        """
        pixels[:] = _GROUND
        span_s = min(_SPAN_S, max(self._end_s, 1e-3))
        start_s = min(max(time_s - span_s / 2, 0.0), self._end_s - span_s)
        first, last = np.searchsorted(self._times_s, (start_s, start_s + span_s))
        part = slice(max(int(first) - 1, 0), int(last) + 1)
        edges = np.linspace(0, self.size.width_px, len(self._joints) + 1).round().astype(int)
        for joint, left, right in zip(self._joints, edges[:-1], edges[1:], strict=True):
            chart = pixels[:, left:right]
            self._draw_joint(chart, joint, part, (time_s - start_s) / span_s, start_s, span_s)

    def _joint(self, joint: str, names: list[str]) -> _Joint:
        sides = tuple(
            (name.removesuffix(joint).rstrip("_"), column)
            for column, name in enumerate(names)
            if joint_of(name) == joint
        )
        known = self._degrees[:, [column for _, column in sides]]
        known = known[np.isfinite(known)]
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, _LEAST_RANGE_DEG)
        low = _STEP_DEG * np.floor(low / _STEP_DEG)
        high = max(_STEP_DEG * np.ceil(high / _STEP_DEG), low + _LEAST_RANGE_DEG)
        return _Joint(joint.replace("_", " "), sides, float(low), float(high))

    def _draw_joint(
        self, chart: Image, joint: _Joint, part: slice, now: float, start_s: float, span_s: float
    ) -> None:
        height, width = chart.shape[:2]
        letter = self._letter_px
        x0, x1 = round(3.4 * letter), width - round(0.8 * letter)
        y0, y1 = round(4.3 * letter), height - round(0.9 * letter)
        if x1 - x0 < 8 or y1 - y0 < 8:
            return
        picture = np.ascontiguousarray(chart)
        cv2.rectangle(picture, (x0, y0), (x1, y1), _LINE, 1)
        _write(picture, f"{joint.high_deg:.0f}", (round(0.5 * letter), y0 + round(letter / 2)), letter, _INK)
        _write(picture, f"{joint.low_deg:.0f}", (round(0.5 * letter), y1 + round(letter / 2)), letter, _INK)
        _write(picture, self._whose + joint.name, (round(0.5 * letter), round(1.5 * letter)), letter, _INK)
        here = round(x0 + now * (x1 - x0))
        cv2.line(picture, (here, y0), (here, y1), _INK, 1)
        times_s = self._times_s[part]
        x = x0 + (times_s - start_s) / span_s * (x1 - x0)
        place = round(0.5 * letter)
        for side, column in joint.sides:
            degrees = self._degrees[part, column]
            y = y1 - (degrees - joint.low_deg) / (joint.high_deg - joint.low_deg) * (y1 - y0)
            inside = picture[:, x0 : x1 + 1]
            curve = np.stack([x - x0, y], axis=1)
            for stretch in _stretches(times_s, curve):
                points = np.round(stretch * (1 << _SHIFT)).astype(np.int32)
                cv2.polylines(inside, [points], False, _COLOURS[side], 1, cv2.LINE_AA, _SHIFT)
            value = self._value(column, start_s + now * span_s)
            words = f"{side} {'-' if np.isnan(value) else format(value, '.0f')}".strip()
            place += _write(picture, words, (place, round(3.0 * letter)), letter, _COLOURS[side])
            place += round(1.2 * letter)
        chart[:] = picture

    def _value(self, column: int, time_s: float) -> float:
        """The angle in the frame nearest to a moment; NaN where none is near."""
        if not self._times_s.size:
            return float("nan")
        after = min(int(np.searchsorted(self._times_s, time_s)), self._times_s.size - 1)
        near = [max(after - 1, 0), after]
        nearest = min(near, key=lambda place: abs(float(self._times_s[place]) - time_s))
        is_near = abs(float(self._times_s[nearest]) - time_s) * NS_PER_S <= LONGEST_GAP_NS / 2
        return float(self._degrees[nearest, column]) if is_near else float("nan")


def _seen_most(spool: Spool) -> int:
    """The id of who is in most frames, the lowest of several; -1 where nobody is in any."""
    people, counts = np.unique(spool.rows["person"], return_counts=True)
    return int(people[counts.argmax()]) if people.size else -1


def _degrees(spool: Spool, rows: NDArray[np.int64], columns: list[int]) -> NDArray[np.float32]:
    found = np.empty((len(rows), len(columns)), np.float32)
    for first in range(0, len(rows), _CHUNK):
        values = spool.values[rows[first : first + _CHUNK]]
        found[first : first + _CHUNK] = angles(values[..., WORLD], values[..., VISIBILITY])[:, columns]
    return found


def _stretches(times_s: NDArray[np.float64], curve: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The parts of a curve without a number missing in it, or more time than an export fills."""
    known = np.isfinite(curve[:, 1])
    is_apart = np.diff(times_s, prepend=times_s[:1]) * NS_PER_S > LONGEST_GAP_NS
    breaks = np.flatnonzero(~known | is_apart)
    return [part[np.isfinite(part[:, 1])] for part in np.split(curve, breaks) if len(part)]


def _write(
    picture: Image, text: str, place: tuple[int, int], letter_px: float, colour: tuple[int, ...]
) -> int:
    """Write from `place`, the lower left corner, on; gives the width."""
    scale = letter_px / _FONT_HEIGHT_PX
    cv2.putText(picture, text, place, _FONT, scale, colour, 1, cv2.LINE_AA)
    (width, _), _ = cv2.getTextSize(text, _FONT, scale, 1)
    return int(width)
