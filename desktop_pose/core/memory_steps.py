"""Keeps the book of resident memory: what each step of the program's way has added to it, or given back.

A step is a stretch of work of one thread, such as the import of a library or the opening of a model, and
belongs to one part. The resident size is read where a step begins and where it ends, and what it has grown
by is booked on that part. What grows outside all steps is booked nowhere.

Where steps of several threads go on at once, growth is shared out by the page faults of their threads where
the system tells these (Linux), and evenly where it does not. Frames come and go meanwhile, which no page
fault tells: so a step beside them is booked the pages that its thread has touched for the first time and the
files it has mapped, and they get what is left.

There is one book for the process, since there is one memory. It reads a file of the system at a step and does
nothing in between.
"""

import mmap
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_PAGE_BYTES = mmap.PAGESIZE


class MemoryPart(Enum):
    """What memory is used for; the names are those of the report."""

    PYTHON_AND_QT = "python_and_qt"
    LIBRARIES = "libraries"
    MODELS = "models"
    CHARTS = "charts"
    RECORDER = "recorder"
    BUFFERS = "buffers"


class StepKind(Enum):
    """What a step does to memory.

    `STAYS` takes what it keeps; `COMES_AND_GOES` takes and gives back, as frames do; `GIVES_BACK` is there to
    free, and what is freed meanwhile is freed by it.
    """

    STAYS = "stays"
    COMES_AND_GOES = "comes and goes"
    GIVES_BACK = "gives back"


@dataclass(frozen=True, slots=True)
class Resident:
    """Resident bytes, and those of them that are pages of files; 0 where that is not known."""

    total: int
    of_files: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class MemoryStep:
    """A step that goes on.

    Attributes:
        book: Where it is booked.
        part: What it is booked on.
        thread: Native id of the thread that takes it.
        kind: What it does to memory.
    """

    book: "MemorySteps"
    part: MemoryPart
    thread: int
    kind: StepKind = StepKind.STAYS

    def end(self) -> None:
        """End it, on its own thread; more than once does nothing more."""
        self.book.end(self)


class MemorySteps:
    """The book. Any thread may take steps; a step within a step of the same thread takes over from it.

    What is resident at the beginning is booked on Python and Qt: nothing else is there yet.

    Args:
        resident: Reads the resident size; None where it cannot be known yet.
        faults: Reads the page faults so far of the thread with this native id; None where nobody counts them.
    """

    def __init__(
        self, resident: Callable[[], Resident | None], faults: Callable[[int], int | None] = lambda _id: None
    ) -> None:
        self._resident = resident
        self._faults = faults
        self._lock = threading.Lock()
        self._steps: dict[int, list[MemoryStep]] = {}
        self._faults_before: dict[int, int | None] = {}
        self._booked = dict.fromkeys(MemoryPart, 0)
        self._last: Resident | None = None
        with self._lock:
            self._begin_book()

    def read_with(self, resident_bytes: Callable[[], int]) -> None:
        """Read the resident size this way from now on, where it could not be known before."""
        with self._lock:
            if self._last is None:
                self._resident = lambda: Resident(resident_bytes())
                self._begin_book()

    def begin(self, part: MemoryPart, kind: StepKind = StepKind.STAYS) -> "MemoryStep":
        """Begin a step of this thread; whoever begins it ends it, on the same thread."""
        step = MemoryStep(self, part, threading.get_native_id(), kind)
        with self._lock:
            self._book()
            self._steps.setdefault(step.thread, []).append(step)
            self._faults_before = {thread: self._faults(thread) for thread in self._steps}
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
    def step(self, part: MemoryPart, kind: StepKind = StepKind.STAYS) -> Iterator[None]:
        """Book on `part` what this thread adds or frees within the context."""
        step = self.begin(part, kind)
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
        self._last = self._resident()
        self._booked[MemoryPart.PYTHON_AND_QT] = 0 if self._last is None else self._last.total

    def _book(self) -> None:
        """Share out what has come or gone since the last time among the steps that went on meanwhile."""
        now = None if self._last is None else self._resident()
        if now is None or self._last is None:
            return
        growth, of_files = now.total - self._last.total, now.of_files - self._last.of_files
        self._last = now
        steps = [steps[-1] for steps in self._steps.values()]
        freeing = [step for step in steps if step.kind is StepKind.GIVES_BACK]
        passing = [step for step in steps if step.kind is StepKind.COMES_AND_GOES]
        staying = [step for step in steps if step.kind is StepKind.STAYS]
        faults = self._new_faults(steps)
        if growth < 0 and freeing:
            self._share(growth, freeing, faults)
        elif passing and staying and any(faults.values()):
            for step in staying:
                touched = faults[step] * _PAGE_BYTES
                self._booked[step.part] += touched
                growth -= touched
            self._share(of_files, staying, faults)
            self._share(growth - of_files, passing, faults)
        else:
            self._share(growth, steps, faults)

    def _share(self, growth: int, steps: list[MemoryStep], faults: Mapping[MemoryStep, int]) -> None:
        """Book `growth` on `steps` by their faults, evenly where there are none."""
        total = sum(faults[step] for step in steps)
        for step in steps:
            share = faults[step] / total if total else 1 / len(steps)
            self._booked[step.part] += round(growth * share)

    def _new_faults(self, steps: list[MemoryStep]) -> dict[MemoryStep, int]:
        """Page faults of the steps' threads since the last time; nobody asks where there is but one."""
        if len(steps) < 2:
            return dict.fromkeys(steps, 0)
        new = {}
        for step in steps:
            before, now = self._faults_before[step.thread], self._faults(step.thread)
            self._faults_before[step.thread] = now
            new[step] = 0 if before is None or now is None else now - before
        return new


def _resident_by_proc() -> Resident | None:
    """What is resident of this process where the system has `/proc`; None elsewhere."""
    with suppress(OSError):
        _, total, of_files, *_ = Path("/proc/self/statm").read_bytes().split()
        return Resident(int(total) * _PAGE_BYTES, int(of_files) * _PAGE_BYTES)
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
