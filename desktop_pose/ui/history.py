"""The last minute of some curves, and the range that shows them. Pure: knows no Qt."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

SPAN_S = 60.0
_CAPACITY = 160
"""Room for the span at twice a second, with some to spare."""

_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
"""Ends of an axis within a power of ten; their halves are short numbers as well."""

_SHRINK_BELOW = 0.35
"""A range is made smaller only when the curves fill less than this part of it, so as not to flutter."""


class History:
    """The newest values of several curves over time; None and gaps are NaN."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._times_s = np.full(_CAPACITY, np.nan)
        self._values = np.full((_CAPACITY, len(names)), np.nan)
        self._count = 0

    def append(self, time_s: float, values: Mapping[str, float | None]) -> None:
        """Take in one reading; a curve that is missing in `values` has a gap."""
        if self._count == _CAPACITY:
            self._times_s[:-1] = self._times_s[1:]
            self._values[:-1] = self._values[1:]
            self._count -= 1
        self._times_s[self._count] = time_s
        for column, name in enumerate(self._names):
            value = values.get(name)
            self._values[self._count, column] = math.nan if value is None else value
        self._count += 1

    def break_off(self, time_s: float) -> None:
        """Leave a gap: what follows is not joined to what came before."""
        if self._count:
            self.append(time_s, {})

    @property
    def newest_s(self) -> float:
        """The time of the newest reading; 0 before the first."""
        return float(self._times_s[self._count - 1]) if self._count else 0.0

    def ages_s(self, now_s: float) -> NDArray[np.float64]:
        """(n,) times relative to `now_s`, negative, of the readings within the span."""
        times_s = self._times_s[: self._count]
        return times_s[times_s >= now_s - SPAN_S] - now_s

    def curve(self, name: str, now_s: float) -> NDArray[np.float64]:
        """(n,) values of one curve for `ages_s`, NaN where unknown."""
        is_recent = self._times_s[: self._count] >= now_s - SPAN_S
        return self._values[: self._count, self._names.index(name)][is_recent]

    def highest(self, now_s: float) -> float:
        """The greatest value of all curves within the span; 0 where there is none."""
        is_recent = self._times_s[: self._count] >= now_s - SPAN_S
        values = self._values[: self._count][is_recent]
        finite = values[np.isfinite(values)]
        return float(finite.max()) if finite.size else 0.0


def nice_top(highest: float, present: float, lowest_top: float) -> float:
    """The upper end of an axis: a round number, at least `lowest_top`, seldom changed.

    Args:
        highest: Greatest value to be shown.
        present: The upper end in use; kept unless it is too low or far too high.
        lowest_top: Never end below this.
    """
    if highest <= present and (highest >= _SHRINK_BELOW * present or present <= lowest_top):
        return present
    wanted = max(highest, lowest_top)
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(step * power for step in _STEPS if step * power >= wanted * (1 - 1e-9))
