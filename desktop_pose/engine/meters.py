"""Meters of constant size for rates and durations, written by one thread and read by any."""

import threading
from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from itertools import accumulate

from desktop_pose.core.clock import NS_PER_MS, NS_PER_S

RECENT_NS = 2 * NS_PER_S
"""What "now" means in the window: the last two seconds."""

_LEAST_SPAN_NS = NS_PER_S // 2
"""The first events of all would give absurd rates over the few milliseconds since they began."""

_BIN_NS = NS_PER_MS // 20
_BINS = 20_000
"""Durations are kept in bins of 0.05 ms up to one second; the last bin takes everything above."""


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Median, 95th percentile and greatest of some durations, in milliseconds."""

    p50_ms: float
    p95_ms: float
    max_ms: float


class RateMeter:
    """Events per second, of the last two seconds and since the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recent: deque[int] = deque()
        self._first_ns: int | None = None
        self._last_ns = 0
        self._count = 0

    def tick(self, now_ns: int) -> None:
        """Count an event."""
        with self._lock:
            if self._first_ns is None:
                self._first_ns = now_ns
            self._last_ns = now_ns
            self._count += 1
            self._recent.append(now_ns)
            while self._recent[0] < now_ns - RECENT_NS:
                self._recent.popleft()

    def recent_per_s(self, now_ns: int) -> float:
        """Events per second over the last two seconds, or since the first if that is less."""
        with self._lock:
            if self._first_ns is None:
                return 0.0
            count = len(self._recent) - bisect_left(self._recent, now_ns - RECENT_NS)
            span_ns = min(RECENT_NS, max(now_ns - self._first_ns, _LEAST_SPAN_NS))
            return count * NS_PER_S / span_ns

    def mean_per_s(self) -> float | None:
        """Events per second from the first to the last; None before the second."""
        with self._lock:
            if self._first_ns is None or self._last_ns <= self._first_ns:
                return None
            return (self._count - 1) * NS_PER_S / (self._last_ns - self._first_ns)


class DurationMeter:
    """Quantiles of durations over the whole run, and of the last two seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recent: deque[tuple[int, int]] = deque()
        self._bins = [0] * (_BINS + 1)
        self._count = 0
        self._max_ns = 0

    def add(self, duration_ns: int, now_ns: int, *, is_counted: bool = True) -> None:
        """Take a duration in; one that is not counted shows in the recent values only."""
        with self._lock:
            self._recent.append((now_ns, duration_ns))
            while self._recent[0][0] < now_ns - RECENT_NS:
                self._recent.popleft()
            if is_counted:
                self._bins[min(duration_ns // _BIN_NS, _BINS)] += 1
                self._count += 1
                self._max_ns = max(self._max_ns, duration_ns)

    def total(self) -> Quantiles | None:
        """Quantiles of everything counted, to 0.05 ms; None where nothing was."""
        with self._lock:
            if not self._count:
                return None
            reached = list(accumulate(self._bins))
            p50, p95 = (
                min((bisect_left(reached, share * self._count) + 0.5) * _BIN_NS, self._max_ns)
                for share in (0.5, 0.95)
            )
            return Quantiles(p50 / NS_PER_MS, p95 / NS_PER_MS, self._max_ns / NS_PER_MS)

    def recent(self, now_ns: int) -> Quantiles | None:
        """Quantiles of the last two seconds; None where there was nothing."""
        with self._lock:
            values = sorted(duration for at_ns, duration in self._recent if at_ns >= now_ns - RECENT_NS)
        if not values:
            return None
        p50, p95 = (values[min(int(share * len(values)), len(values) - 1)] for share in (0.5, 0.95))
        return Quantiles(p50 / NS_PER_MS, p95 / NS_PER_MS, values[-1] / NS_PER_MS)
