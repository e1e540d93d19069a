"""Keeps the book of resident memory: what each step of the program's way has added to it, or given back.

A step is a stretch of work of one thread, such as the import of a library or the opening of a model, and
belongs to one part. The resident size is read where a step begins and where it ends, and what it has grown
by is booked on that part. Where steps of several threads go on at once, growth is shared out by the page
faults of their threads where the system tells these (Linux), and evenly where it does not. What grows outside
all steps is booked nowhere.

There is one book for the process, since there is one memory. It reads a file of the system at a step and does
nothing in between.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class MemoryPart(Enum):
    """What memory is used for; the names are those of the report."""

    PYTHON_AND_QT = "python_and_qt"
    LIBRARIES = "libraries"
    MODELS = "models"
    CHARTS = "charts"
    RECORDER = "recorder"
    BUFFERS = "buffers"


@dataclass(frozen=True, slots=True, eq=False)
class MemoryStep:
    """A step that goes on.

    Attributes:
        book: Where it is booked.
        part: What it is booked on.
        thread: Native id of the thread that takes it.
        gives_back: Whether it is there to free memory: what is freed meanwhile is freed by it.
    """

    book: "MemorySteps"
    part: MemoryPart
    thread: int
    gives_back: bool = False

    def end(self) -> None:
        """End it, on its own thread; more than once does nothing more."""
        self.book.end(self)


class MemorySteps:
    """The book. Any thread may take steps; a step within a step of the same thread takes over from it.

    What is resident at the beginning is booked on Python and Qt: nothing else is there yet.

    Args:
        resident_bytes: Reads the resident size; None where it cannot be known yet.
        faults: Reads the page faults so far of the thread with this native id; None where nobody counts them.
    """

    def __init__(
        self, resident_bytes: Callable[[], int | None], faults: Callable[[int], int | None] = lambda _id: None
    ) -> None:
        self._resident_bytes = resident_bytes
        self._faults = faults
        self._lock = threading.Lock()
        self._steps: dict[int, list[MemoryStep]] = {}
        self._faults_before: dict[int, int | None] = {}
        self._booked = dict.fromkeys(MemoryPart, 0)
        self._last: int | None = None
        with self._lock:
            self._begin_book()

    def read_with(self, resident_bytes: Callable[[], int]) -> None:
        """Read the resident size this way from now on, where it could not be known before."""
        with self._lock:
            if self._last is None:
                self._resident_bytes = resident_bytes
                self._begin_book()

    def begin(self, part: MemoryPart, *, gives_back: bool = False) -> "MemoryStep":
        """Begin a step of this thread; whoever begins it ends it, on the same thread."""
        step = MemoryStep(self, part, threading.get_native_id(), gives_back)
        with self._lock:
            self._book()
            self._steps.setdefault(step.thread, []).append(step)
            self._faults_before[step.thread] = self._faults(step.thread)
        return step

    def end(self, step: "MemoryStep") -> None:
        """End a step; more than once does nothing more."""
        with self._lock:
            steps = self._steps.get(step.thread, [])
            if step not in steps:
                return
            self._book()
            steps.remove(step)
            if not steps:
                del self._steps[step.thread], self._faults_before[step.thread]

    def end_all(self) -> None:
        """End the steps of this thread, which will take no more."""
        for step in tuple(self._steps.get(threading.get_native_id(), ())):
            step.end()

    @contextmanager
    def step(self, part: MemoryPart, *, gives_back: bool = False) -> Iterator[None]:
        """Book on `part` what this thread adds within the context, or where it `gives_back`, frees."""
        step = self.begin(part, gives_back=gives_back)
        try:
            yield
        finally:
            self.end(step)

    def book_now(self) -> None:
        """Share out what has come or gone so far: the shorter the time, the truer the shares."""
        with self._lock:
            self._book()

    def booked_bytes(self) -> dict[MemoryPart, int] | None:
        """What each part holds by the book; steps that go on count up to now. None where nothing is known."""
        with self._lock:
            if self._last is None:
                return None
            if self._steps:
                self._book()
            return dict(self._booked)

    def _begin_book(self) -> None:
        self._last = self._resident_bytes()
        self._booked[MemoryPart.PYTHON_AND_QT] = self._last or 0

    def _book(self) -> None:
        """Share out what has come or gone since the last time among the steps that went on meanwhile."""
        if self._last is None:
            return
        now = self._resident_bytes()
        if now is None:
            return
        growth, self._last = now - self._last, now
        weights = self._weights()
        newest = [steps[-1] for steps in self._steps.values()]
        freeing = {step.thread: 1 for step in newest if step.gives_back}
        if growth < 0 and freeing:
            weights = freeing
        total = sum(weights.values())
        for thread, weight in weights.items():
            self._booked[self._steps[thread][-1].part] += round(growth * weight / total)

    def _weights(self) -> dict[int, int]:
        if len(self._steps) < 2:
            return dict.fromkeys(self._steps, 1)
        weights = {}
        for thread in self._steps:
            before, now = self._faults_before[thread], self._faults(thread)
            self._faults_before[thread] = now
            weights[thread] = 0 if before is None or now is None else now - before
        return weights if any(weights.values()) else dict.fromkeys(weights, 1)


def _resident_by_proc() -> int | None:
    """Resident bytes of this process where the system has `/proc`; None elsewhere."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return None


def _faults_by_proc(native_id: int) -> int | None:
    """Page faults of a thread of this process that needed no disk, proc(5); None where nobody tells."""
    with suppress(OSError):
        fields = Path(f"/proc/self/task/{native_id}/stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[7])  # minflt, the tenth of all
    return None


if sys.platform == "linux":
    STEPS = MemorySteps(_resident_by_proc, _faults_by_proc)
else:
    STEPS = MemorySteps(lambda: None)
"""The book of this process. Off Linux it begins when somebody says how to read, see `read_with`."""
