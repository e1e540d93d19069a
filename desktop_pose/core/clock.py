"""The one clock: monotonic integer nanoseconds, and the probe that times the steps of a frame.

Code that must not read time itself (`pose`) is handed a `Probe` and says only which step has ended.
"""

import time
from typing import Protocol

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


def monotonic_ns() -> int:
    """Nanoseconds of a clock that never goes back; its zero has no meaning."""
    return time.monotonic_ns()


class Probe(Protocol):
    """Hears which step of a frame's processing has just ended."""

    def lap(self, step: str) -> None:
        """Book the time since the previous lap on `step`."""


class SilentProbe:
    """A probe that measures nothing."""

    def lap(self, step: str) -> None:
        """Ignore the lap."""


NO_PROBE = SilentProbe()


class StepTimes:
    """A probe that adds up nanoseconds per step.

    Attributes:
        ns: Nanoseconds by step.
    """

    __slots__ = ("_last_ns", "ns")

    def __init__(self) -> None:
        self.ns: dict[str, int] = {}
        self._last_ns = monotonic_ns()

    def lap(self, step: str) -> None:
        """Book the time since the previous lap on `step`."""
        now_ns = monotonic_ns()
        self.ns[step] = self.ns.get(step, 0) + now_ns - self._last_ns
        self._last_ns = now_ns
