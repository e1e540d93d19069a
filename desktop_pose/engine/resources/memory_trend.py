"""Says whether resident memory has been growing over a session, and how sure that is.

Resident memory moves in steps: a dialog is opened, an arena is added. A straight line through such a series
always rises, and neighbouring readings are anything but independent. So pairs of readings with one of the
greatest steps between them are left out, the slope is Theil and Sen's median, and Mann and Kendall's test,
widened for the readings' likeness to their neighbours, says whether it can be chance. Only what rises in both
halves of the session is growth.

**Source**: Sen 1968, *Estimates of the regression coefficient based on Kendall's tau*; Yue and Wang 2004,
*The Mann-Kendall test modified by effective sample size*.
"""

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

BLOCK_S = 5.0
WARM_UP_S = 30.0
"""Until then pools fill and charts are made: what comes in that time says nothing of what follows."""

LEAST_BLOCKS = 24
_CAPACITY = 240
_MOST_STEPS = 2
_BLOCKS_PER_STEP = 24
_APART = 3
_AROUND_STEP = 12
"""Blocks on either side of a step, at most, whose medians are its two levels."""

_LEAST_SHARE = 0.25
"""Each half has to rise by this share of the whole at least: what flattens out is no growth."""

_MOST_LIKE = 0.95
_SURE_Z = 2.576  # one in a hundred, two-sided
_LEAST_GROWTH_MB = 1.0
_S_PER_H = 3600.0

_Series = NDArray[np.float64]


class Verdict(Enum):
    """What can be said of a session's memory."""

    TOO_SHORT = "too short to say"
    STEADY = "steady"
    GROWING = "growing"
    SHRINKING = "shrinking"


@dataclass(frozen=True, slots=True)
class MemoryTrend:
    """How resident memory went.

    Attributes:
        verdict: What can be said.
        span_s: Time that was looked at, the warm-up left out.
        slope_mb_per_h: Megabytes (10^6 bytes) an hour, steps left out; None where the time is too short.
        low_mb_per_h: With a certainty of 99 % it is not less than this.
        high_mb_per_h: And not more than this.
        steps_mb: Steps that were left out, the greatest first, only those of a megabyte and more.
    """

    verdict: Verdict
    span_s: float
    slope_mb_per_h: float | None = None
    low_mb_per_h: float | None = None
    high_mb_per_h: float | None = None
    steps_mb: tuple[float, ...] = ()


class MemoryHistory:
    """Resident memory over a session of any length, in at most 240 medians of equal times.

    Twice a second would be 170,000 readings a day: when the room is used up, neighbours are put together.
    """

    def __init__(self) -> None:
        self._block_s = BLOCK_S
        self._levels_mb: list[float] = []
        self._block: list[float] = []
        self._first_s: float | None = None

    def add(self, time_s: float, resident_mb: float) -> None:
        """Take in a reading; times never go back."""
        if self._first_s is None:
            self._first_s = time_s
        age_s = time_s - self._first_s - WARM_UP_S
        if age_s < 0:
            return
        if age_s >= (len(self._levels_mb) + 1) * self._block_s:
            self._close_block(age_s)
        self._block.append(resident_mb)

    def trend(self) -> MemoryTrend:
        """What can be said up to now."""
        return trend_of(np.array(self._levels_mb), self._block_s)

    def _close_block(self, age_s: float) -> None:
        """Note the block that is over; one without readings, while nothing ran, is as the one before."""
        while age_s >= (len(self._levels_mb) + 1) * self._block_s:
            if self._block:
                self._levels_mb.append(float(np.median(self._block)))
            elif self._levels_mb:
                self._levels_mb.append(self._levels_mb[-1])
            else:
                self._first_s = (self._first_s or 0.0) + self._block_s
                age_s -= self._block_s
            self._block.clear()
            if len(self._levels_mb) >= _CAPACITY:
                pairs = np.array(self._levels_mb).reshape(-1, 2)
                self._levels_mb = [float(level) for level in pairs.mean(axis=1)]
                self._block_s *= 2


def trend_of(levels_mb: _Series, block_s: float) -> MemoryTrend:
    """What can be said of `levels_mb`, (n,) medians of successive times of `block_s` seconds."""
    count = levels_mb.size
    span_s = count * block_s
    if count < LEAST_BLOCKS:
        return MemoryTrend(Verdict.TOO_SHORT, span_s)
    places = _steps(levels_mb)
    stretches = np.split(levels_mb, sorted(places))
    slopes = np.concatenate([_slopes(stretch) for stretch in stretches])
    slope = float(np.median(slopes))
    spread = math.sqrt(
        sum(_variance_of_score(stretch) for stretch in stretches) * _likeness(stretches, slope)
    )
    score = float(np.sign(slopes).sum())
    # Sen's interval: as many slopes on either side of the median as the score may go astray.
    reach = _SURE_Z * spread / (2 * slopes.size)
    low, high = np.quantile(slopes, [max(0.5 - reach, 0.0), min(0.5 + reach, 1.0)])
    is_sure = abs(score) > _SURE_Z * spread and abs(slope) * count >= _LEAST_GROWTH_MB
    verdict = Verdict.STEADY
    if is_sure and all(_share_of(slope, half) > _LEAST_SHARE for half in _halves(levels_mb, places)):
        verdict = Verdict.GROWING if slope > 0 else Verdict.SHRINKING
    per_h = _S_PER_H / block_s
    steps_mb = tuple(
        height for place in places if abs(height := _height(levels_mb, place)) >= _LEAST_GROWTH_MB
    )
    return MemoryTrend(verdict, span_s, slope * per_h, float(low) * per_h, float(high) * per_h, steps_mb)


def _steps(levels_mb: _Series) -> list[int]:
    """Where the level changes most, the greatest change first: the index of the first block after it."""
    places: list[int] = []
    for _ in range(min(_MOST_STEPS, max(1, levels_mb.size // _BLOCKS_PER_STEP))):
        allowed = [
            place
            for place in range(_APART, levels_mb.size - _APART + 1)
            if all(abs(place - other) >= _APART for other in places)
        ]
        if allowed:
            places.append(max(allowed, key=lambda place: _contrast(levels_mb, place)))
    return places


def _height(levels_mb: _Series, place: int) -> float:
    """How much higher the median of the blocks after a place is than that of those before it."""
    after, before = levels_mb[place : place + _AROUND_STEP], levels_mb[max(place - _AROUND_STEP, 0) : place]
    return float(np.median(after) - np.median(before))


def _contrast(levels_mb: _Series, place: int) -> float:
    """The height of a step, and a little of the jump itself, which tells neighbouring places apart."""
    return abs(_height(levels_mb, place)) + 0.01 * abs(float(levels_mb[place] - levels_mb[place - 1]))


def _slopes(levels_mb: _Series) -> _Series:
    """Of all pairs, in megabytes a block."""
    earlier, later = np.triu_indices(levels_mb.size, 1)
    slopes: _Series = (levels_mb[later] - levels_mb[earlier]) / (later - earlier)
    return slopes


def _halves(levels_mb: _Series, places: list[int]) -> tuple[list[_Series], list[_Series]]:
    """The stretches between the steps of the first half, and those of the second."""
    middle = levels_mb.size // 2
    first = np.split(levels_mb[:middle], sorted(place for place in places if place < middle))
    second = np.split(levels_mb[middle:], sorted(place - middle for place in places if place > middle))
    return first, second


def _share_of(slope: float, stretches: list[_Series]) -> float:
    """The mean slope of some stretches as a share of `slope`; of plateaus the median would often be zero."""
    slopes = np.sort(np.concatenate([_slopes(stretch) for stretch in stretches]))
    quarter = slopes.size // 4
    return float(slopes[quarter : slopes.size - quarter].mean()) / slope


def _variance_of_score(levels_mb: _Series) -> float:
    """Variance of Kendall's score of independent readings without a trend."""
    count = levels_mb.size
    _, ties = np.unique(levels_mb, return_counts=True)
    return float(count * (count - 1) * (2 * count + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18


def _likeness(stretches: list[_Series], slope: float) -> float:
    """By how much the likeness of neighbours widens that variance: (1 + r) / (1 - r), r of lag one."""
    rests = [stretch - slope * np.arange(stretch.size) for stretch in stretches]
    rests = [rest - rest.mean() for rest in rests]
    power = sum(float((rest**2).sum()) for rest in rests)
    shared = sum(float((rest[1:] * rest[:-1]).sum()) for rest in rests)
    correlation = min(max(shared / power, 0.0), _MOST_LIKE) if power > 0 else 0.0
    return (1 + correlation) / (1 - correlation)
