"""Brings a person's frames to a constant rate: linearly between two frames, nothing across a longer gap."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_MS, NS_PER_S
from desktop_pose.core.errors import ExportError
from desktop_pose.recording.exporters.spool import Spool

LONGEST_GAP_NS = 250 * NS_PER_MS
"""Between two sightings further apart than this nothing is known: a limb turns around in that time."""

_SAME_NS = 500  # two times are one: recorded ones are whole nanoseconds, those of a rate are not
_RATE_OF_ONE_FRAME_HZ = 30.0
_CHUNK = 1024


class ConstantRate:
    """The samples of a recording at a constant rate, from its first frame to its last.

    Args:
        spool: The recording.
        rate_hz: Samples per second; None: the median rate of the frames, rounded to a whole number.
        format_title: The format that wants a rate, to be named in a refusal.

    Attributes:
        rate_hz: Samples per second.
        count: Number of samples, at least one.

    Raises:
        ExportError: There is no frame at all.
    """

    def __init__(self, spool: Spool, rate_hz: float | None, format_title: str) -> None:
        if not len(spool.frames):
            raise ExportError(
                f"The recording has no frame, and {format_title} cannot be empty",
                "Choose another recording, or CSV",
            )
        times_ns = spool.frames["time_ns"]
        self._spool = spool
        self.rate_hz = median_rate_hz(times_ns) if rate_hz is None else rate_hz
        self.count = int((int(times_ns[-1]) + _SAME_NS) * self.rate_hz / NS_PER_S) + 1

    def times_ns(self, first: int, count: int) -> NDArray[np.float64]:
        """When `count` samples from the number `first` on are taken: (count,), since the first frame."""
        return np.arange(first, first + count, dtype=np.float64) * (NS_PER_S / self.rate_hz)

    def person(self, person: int | None) -> Iterator[NDArray[np.float64]]:
        """The values of `person`, some samples at a time; of nobody, None, all are missing.

        Yields:
            (n, 33, 8) float64, columns as in `Spool.values`; NaN where a sample is missing.
        """
        is_wanted = self._spool.rows["person"] == person if person is not None else np.zeros(0, bool)
        rows = np.flatnonzero(is_wanted)
        seen_ns = self._spool.frames["time_ns"][self._spool.rows["frame"][rows]]
        for first in range(0, self.count, _CHUNK):
            wanted_ns = self.times_ns(first, min(_CHUNK, self.count - first))
            yield self._values(rows, seen_ns, wanted_ns)

    def nearest_frames(self) -> Iterator[tuple[int, bool]]:
        """For each sample the number of the frame nearest in time, the earlier of two.

        And whether it is known what was there: in a gap between two frames it is not.
        """
        seen_ns = self._spool.frames["time_ns"]
        for first in range(0, self.count, _CHUNK):
            wanted_ns = self.times_ns(first, min(_CHUNK, self.count - first))
            after = np.clip(np.searchsorted(seen_ns, wanted_ns - _SAME_NS), 0, len(seen_ns) - 1)
            before = np.maximum(after - 1, 0)
            nearest = np.where(wanted_ns - seen_ns[before] <= seen_ns[after] - wanted_ns, before, after)
            is_at_one = np.abs(seen_ns[nearest] - wanted_ns) <= _SAME_NS
            is_known = is_at_one | (seen_ns[after] - seen_ns[before] <= LONGEST_GAP_NS)
            yield from zip(nearest.tolist(), is_known.tolist(), strict=True)

    def _values(
        self, rows: NDArray[np.int64], seen_ns: NDArray[np.int64], wanted_ns: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        values = np.full((len(wanted_ns), *self._spool.values.shape[1:]), np.nan)
        if not len(rows):
            return values
        after = np.searchsorted(seen_ns, wanted_ns - _SAME_NS)
        is_at_one = np.abs(seen_ns[np.minimum(after, len(rows) - 1)] - wanted_ns) <= _SAME_NS
        values[is_at_one] = self._spool.values[rows[np.minimum(after, len(rows) - 1)[is_at_one]]]
        is_between = ~is_at_one & (after > 0) & (after < len(rows))
        after = after[is_between]
        gap_ns = seen_ns[after] - seen_ns[after - 1]
        is_short = gap_ns <= LONGEST_GAP_NS
        after, gap_ns = after[is_short], gap_ns[is_short]
        places = np.flatnonzero(is_between)[is_short]
        weight = ((wanted_ns[places] - seen_ns[after - 1]) / gap_ns)[:, None, None]
        earlier = self._spool.values[rows[after - 1]].astype(np.float64)
        values[places] = earlier + weight * (self._spool.values[rows[after]] - earlier)
        return values


def median_rate_hz(times_ns: NDArray[np.int64]) -> float:
    """Frames per second by the median time between two frames, rounded to a whole number, at least 1."""
    periods_ns = np.diff(times_ns)
    periods_ns = periods_ns[periods_ns > 0]  # files may give two frames one time
    if not len(periods_ns):
        return _RATE_OF_ONE_FRAME_HZ
    return max(1.0, float(round(NS_PER_S / float(np.median(periods_ns)))))
