"""Watches the disk of a recording: warns in good time, and ends it while there is room to end it well."""

import shutil
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.errors import RecordingError, RecordingTroubleError

_MB = 1_000_000
_WINDOW_NS = 30 * NS_PER_S
"""The rate of a recording is that of its last half minute: a still picture takes a tenth of a lively one."""
_SHORTEST_NS = 2 * NS_PER_S
"""Over less than this the rate says nothing: files grow by their pages."""


@dataclass(frozen=True, slots=True)
class DiskLimits:
    """When the disk is too full.

    Attributes:
        stop_bytes: With less free than this a recording ends: enough to finish it, and for the system.
        warn_bytes: With less free than this the user is warned,
        warn_s: and when the disk will be that full in less time than this.
    """

    stop_bytes: int = 100 * _MB
    warn_bytes: int = 1000 * _MB
    warn_s: float = 600.0


@dataclass(frozen=True, slots=True)
class DiskState:
    """How much room there is.

    Attributes:
        free_bytes: Free for this user.
        left_s: How long the recording can go on at the present rate; None where that is not known yet.
        is_short: Whether the user should be warned.
        is_full: Whether the recording has to end.
    """

    free_bytes: int
    left_s: float | None
    is_short: bool
    is_full: bool


class DiskWatch:
    """Looks at the disk of `path` now and then.

    Args:
        path: A folder on it.
        limits: When it is too full.
    """

    def __init__(self, path: Path, limits: DiskLimits) -> None:
        self._path = path
        self._limits = limits
        self._written: deque[tuple[int, int]] = deque()

    def look(self, now_ns: int, bytes_written: int) -> DiskState | None:
        """How much room there is; None where the disk cannot be asked, which writing to it will tell.

        Args:
            now_ns: Monotonic.
            bytes_written: What the recording takes so far.
        """
        try:
            free = shutil.disk_usage(self._path).free
        except OSError:
            return None
        self._written.append((now_ns, bytes_written))
        while now_ns - self._written[0][0] > _WINDOW_NS:
            self._written.popleft()
        left_s = self._left_s(free)
        limits = self._limits
        is_short = free < limits.warn_bytes or (left_s is not None and left_s < limits.warn_s)
        return DiskState(free, left_s, is_short, free < limits.stop_bytes)

    def _left_s(self, free: int) -> float | None:
        (first_ns, first_bytes), (last_ns, last_bytes) = self._written[0], self._written[-1]
        if last_ns - first_ns < _SHORTEST_NS or last_bytes <= first_bytes:
            return None
        bytes_per_s = (last_bytes - first_bytes) * NS_PER_S / (last_ns - first_ns)
        return max(free - self._limits.stop_bytes, 0) / bytes_per_s


def warning(state: DiskState, limits: DiskLimits) -> RecordingTroubleError:
    """What to tell the user of a disk that is getting full."""
    time = "" if state.left_s is None else f", {_in_words(state.left_s)} at the present rate"
    return RecordingTroubleError(
        f"Only {state.free_bytes / _MB:,.0f} MB are left on the disk of the recording{time}",
        f"Free some space: the recording ends by itself at {limits.stop_bytes / _MB:,.0f} MB",
    )


def full(path: Path, limits: DiskLimits) -> RecordingError:
    """What to tell the user of a recording that was ended because of the disk."""
    return RecordingError(
        f"The recording was ended and saved, because only {limits.stop_bytes / _MB:,.0f} MB are left"
        f" on the disk of {path}",
        "Free some space, or choose a sessions folder on another disk",
    )


def refuse_full_disk(folder: Path, limits: DiskLimits) -> None:
    """Raise `RecordingError` where a recording in `folder`, which exists, would have to end at once."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return  # making the session will tell
    if free < limits.stop_bytes:
        raise RecordingError(
            f"Only {free / _MB:,.0f} MB are left on the disk of {folder}, too little to record",
            "Free some space, or choose a sessions folder on another disk",
        )


def _in_words(seconds: float) -> str:
    if seconds < 60:
        return "less than a minute"
    minutes = int(seconds // 60)
    return f"about {minutes} minute{'s' * (minutes > 1)}"
