"""What the process costs: processor time by thread, and resident memory.

Threads that have ended keep the time they used; threads of the interpreter are told apart by being there
after a tracker was opened and not before. Where the system can be asked for more than ticks of 10 ms, it is:
over half a second these alone would be several per cent of a core too much or too little.

Child processes are told apart: none takes part in tracking, but measurements and the trial of a user's model
run in some. The system tells what these used only once they have ended, for all of their lives at once: a
report counts that, the charts and the CPU budget do not.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from desktop_pose.core.clock import NS_PER_S, monotonic_ns

BYTES_PER_MB = 1_000_000

THREAD_NAMES = ("main", "capture", "inference", "inference_workers", "render", "record", "other")


@dataclass(frozen=True, slots=True)
class CpuReading:
    """Processor time used up to a moment.

    Attributes:
        at_ns: The moment, `core.clock.monotonic_ns`.
        process_s: User and system time of the process, without its children.
        threads_s: The same by thread name.
        children_s: User and system time of the children that have ended.
    """

    at_ns: int
    process_s: float
    threads_s: dict[str, float]
    children_s: float = 0.0

    def with_children(self) -> "CpuReading":
        """The same of the process and its children, whose time counts as that of another thread."""
        threads_s = self.threads_s | {"other": self.threads_s["other"] + self.children_s}
        return CpuReading(self.at_ns, self.process_s + self.children_s, threads_s)


@dataclass(frozen=True, slots=True)
class CpuShare:
    """Processor time over wall time between two readings, in per cent of one core."""

    process_percent: float
    threads_percent: dict[str, float]


def share_between(earlier: CpuReading, later: CpuReading) -> CpuShare:
    """What was used between two readings."""
    wall_s = max((later.at_ns - earlier.at_ns) / NS_PER_S, 1e-9)
    return CpuShare(
        100 * (later.process_s - earlier.process_s) / wall_s,
        {name: 100 * (later.threads_s[name] - earlier.threads_s[name]) / wall_s for name in THREAD_NAMES},
    )


class ProcessorMeter:
    """Reads this process. Any thread may name threads; one thread reads."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._lock = threading.Lock()
        self._names: dict[int, str] = {threading.main_thread().native_id or os.getpid(): "main"}
        self._last_s: dict[int, float] = {}
        self._used_s = dict.fromkeys(THREAD_NAMES, 0.0)

    def name_thread(self, native_id: int, name: str) -> None:
        """Book the thread `native_id` under `name` from now on."""
        with self._lock:
            self._names[native_id] = name

    @contextmanager
    def naming_new_threads(self, name: str) -> Iterator[None]:
        """Book under `name` the threads that libraries make meanwhile: they run no Python."""
        earlier = _threads_s(self._process).keys()
        yield
        new = _threads_s(self._process).keys() - earlier
        new -= {thread.native_id for thread in threading.enumerate()}
        with self._lock:
            self._names |= dict.fromkeys(new - self._names.keys(), name)

    def read(self) -> CpuReading:
        """Processor time used so far."""
        times, process_s = os.times(), time.process_time_ns() / NS_PER_S
        with self._lock:
            self._read_threads()
            threads_s = dict(self._used_s)
        return CpuReading(monotonic_ns(), process_s, threads_s, times.children_user + times.children_system)

    def _read_threads(self) -> None:
        now_s = _threads_s(self._process)
        for native_id, used_s in now_s.items():
            name = self._names.get(native_id, "other")
            # A number the system gave to a new thread starts again from zero.
            self._used_s[name] += max(used_s - self._last_s.get(native_id, 0.0), 0.0)
        for native_id in self._last_s.keys() - now_s.keys():
            self._names.pop(native_id, None)
        self._last_s = now_s

    def resident_mb(self) -> float:
        """Resident memory now, in 10^6 bytes."""
        return float(self._process.memory_info().rss) / BYTES_PER_MB

    def peak_resident_mb(self) -> float:
        """Greatest resident memory so far, in 10^6 bytes."""
        if sys.platform == "linux":
            # ru_maxrss survives fork and exec: it would be the parent's where that was larger.
            status = Path("/proc/self/status").read_text("ascii", errors="replace")
            peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
        elif sys.platform == "win32":
            peak = self._process.memory_info().peak_wset
        else:
            import resource

            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return float(peak) / BYTES_PER_MB


def _threads_s(process: psutil.Process) -> dict[int, float]:
    """Processor time of each thread of this process, by its native id."""
    if sys.platform != "linux":
        return {thread.id: thread.user_time + thread.system_time for thread in process.threads()}
    times_s = {}
    for native_id in (int(entry.name) for entry in Path("/proc/self/task").iterdir()):
        with suppress(OSError):  # it has just ended
            times_s[native_id] = time.clock_gettime_ns(_clock_of(native_id)) / NS_PER_S
    return times_s


def _clock_of(native_id: int) -> int:
    """Number of the clock of a thread's processor time.

    Source: Linux, include/linux/posix-timers_types.h, MAKE_THREAD_CPUCLOCK(tid, CPUCLOCK_SCHED).
    """
    return (~native_id << 3) | 6
