"""Keeps the book of resident memory: what each step of the program's way has added to it, or given back.

A step is a stretch of work of one thread, such as the import of a library or the opening of a model, and
belongs to one part. The resident size is read where a step begins and where it ends, and what it has grown
by is booked on that part. What grows outside all steps is booked nowhere.

That is done for memory proper. Pages of files are code, most of them, and the system lists them by file: they
are counted when somebody asks (Linux).

Where steps of several threads go on at once, each is booked

- what the heap has grown by that malloc gives its thread memory from, which can be read (glibc);
- its share of the rest – Python's objects, and what is mapped alone because it is large – by the page faults
  of its thread that its heap does not account for; and where the rest shrinks, by what it took of it before.
  Page faults alone would not do: a page that is touched and given back at once is one as well.

Where the system tells none of these (all but Linux), growth is shared out evenly. The heap of a thread whose
frames come and go is read after its last step as well, until it ends: a picture more or less is of that part.
Heaps outlive their threads: what one that has ended leaves behind is given back later, by whoever asks malloc
for it, and is then taken off what it was booked on, see `HeapHoldings`.

There is one book for the process, since there is one memory. It reads a few files of the system's at a step
and does nothing in between.
"""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

from desktop_pose.core import resident as resident_memory
from desktop_pose.core.heap_holdings import HeapHoldings
from desktop_pose.core.resident import PAGE_BYTES, HeapReader, Resident

_LIBRARIES = (
    "ai_edge_litert",
    "av",
    "cv2",
    "mediapipe",
    "numpy",
    "opencv_",
    "psutil",
    "pyarrow",
    "sounddevice",
)
"""How the names of their folders begin; what no library's folder holds is Python's, Qt's or the system's."""

_MODEL_SUFFIX = ".tflite"

_UNLISTED_BYTES = 250_000
"""Pages of files that may come or go without the files being listed anew, which takes 20 to 40 ms."""


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

    `STAYS` takes what it keeps; `COMES_AND_GOES` takes and gives back, as frames do, and goes on doing so
    afterwards; `GIVES_BACK` is there to free, and what is freed meanwhile is freed by it.
    """

    STAYS = "stays"
    COMES_AND_GOES = "comes and goes"
    GIVES_BACK = "gives back"


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


@dataclass(slots=True, eq=False)
class _Taker:
    """A thread that takes steps, with what it had been given when the book was last brought up to date.

    Attributes:
        heap: Its heap, which may have been another's before; None where that cannot be known.
        steps: One within the other.
        follows: What its heap is booked on while it takes no step; None: nothing.
        faults: Its page faults; None where nobody counts them.
        shared: Bytes of the rest that each of its steps was booked.
    """

    heap: HeapHoldings[MemoryPart] | None
    steps: list[MemoryStep] = field(default_factory=list)
    follows: MemoryPart | None = None
    faults: int | None = None
    shared: dict[MemoryStep, int] = field(default_factory=dict)

    @property
    def part(self) -> MemoryPart | None:
        """What its heap is booked on now."""
        return self.steps[-1].part if self.steps else self.follows

    @property
    def gives_back(self) -> bool:
        """Whether it is there to free."""
        return bool(self.steps) and self.steps[-1].kind is StepKind.GIVES_BACK


class MemorySteps:
    """The book. Any thread may take steps; a step within a step of the same thread takes over from it.

    What is resident at the beginning is booked on Python and Qt: nothing else is there yet.

    Args:
        resident: Reads the resident size; None where it cannot be known yet.
        faults: Reads the page faults so far of the thread with this native id; None where nobody counts them.
        heap: Finds the heap of the thread that calls it; None where it has none of its own.
        files: Reads the resident bytes of each file; None where `resident` counts them as memory proper.
    """

    def __init__(
        self,
        resident: Callable[[], Resident | None],
        faults: Callable[[int], int | None] = lambda _id: None,
        heap: Callable[[], HeapReader | None] = lambda: None,
        files: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._resident = resident
        self._faults = faults
        self._heap = heap
        self._files = files
        self._lock = threading.Lock()
        self._takers: dict[int, _Taker] = {}
        self._heaps: dict[HeapReader, HeapHoldings[MemoryPart]] = {}  # of ended threads as well
        self._booked = dict.fromkeys(MemoryPart, 0)
        self._last: Resident | None = None
        self._listed: Mapping[str, int] = {}  # files, when they had `_of_files_listed` bytes
        self._of_files_listed = 0
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
            if step.thread not in self._takers:
                self._takers[step.thread] = _Taker(self._heap_of_this_thread())
                self._new_faults_of(step.thread)
            self._takers[step.thread].steps.append(step)
        return step

    def end(self, step: "MemoryStep") -> None:
        """End a step; more than once does nothing more."""
        with self._lock:
            taker = self._takers.get(step.thread)
            if taker is None or step not in taker.steps:
                return
            self._book()
            taker.steps.remove(step)
            taker.shared.pop(step, None)
            if step.kind is StepKind.COMES_AND_GOES and taker.heap is not None:
                taker.follows = step.part
            if not taker.steps and taker.follows is None:
                del self._takers[step.thread]

    def end_all(self) -> None:
        """End the steps of this thread, which will take no more."""
        with self._lock:
            if threading.get_native_id() in self._takers:
                self._book()
                del self._takers[threading.get_native_id()]

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
            self._book()
            if abs(self._last.of_files - self._of_files_listed) > _UNLISTED_BYTES:
                self._of_files_listed, self._listed = self._last.of_files, self._files()
            booked = dict(self._booked)
            for path, count in self._listed.items():
                booked[part_of_file(path)] += count
            return booked

    def _begin_book(self) -> None:
        self._last = self._resident()
        self._booked[MemoryPart.PYTHON_AND_QT] = 0 if self._last is None else self._last.proper

    def _book(self) -> None:
        """Share out what has come or gone since the last time among the steps that went on meanwhile."""
        now = None if self._last is None else self._resident()
        if now is None or self._last is None:
            return
        growth = now.proper - self._last.proper
        self._last = now
        of_heaps = self._book_heaps()
        growth -= sum(of_heaps.values())
        weights = {}
        for thread, taker in self._takers.items():
            touched = self._new_faults_of(thread) * PAGE_BYTES
            if taker.steps:
                own = 0 if taker.heap is None else of_heaps[taker.heap]
                weights[taker] = max(touched - max(own, 0), 0)
        takers = [*weights]
        if not takers:
            return
        if growth < 0:
            weights = {taker: max(taker.shared.get(taker.steps[-1], 0), 0) for taker in takers}
            takers = [taker for taker in takers if taker.gives_back] or takers
        for taker, share in _shares(growth, takers, weights).items():
            step = taker.steps[-1]
            self._booked[step.part] += share
            taker.shared[step] = taker.shared.get(step, 0) + share

    def _book_heaps(self) -> dict[HeapHoldings[MemoryPart], int]:
        """Book what each heap has grown by since the last time; how much of that has been booked.

        Where nobody uses a heap, what it grows by is not: a thread may go on there when its own heap is full.
        """
        users = {taker.heap: taker.part for taker in self._takers.values()}
        giving = {taker.steps[-1].part for taker in self._takers.values() if taker.gives_back}
        grown = {heap: heap.read() for heap in self._heaps.values()}
        booked = {}
        for heap, growth in grown.items():
            changes = heap.book(growth, users.get(heap), giving)
            booked[heap] = sum(changes.values())
            for part, change in changes.items():
                self._booked[part] += change
        return booked

    def _heap_of_this_thread(self) -> HeapHoldings[MemoryPart] | None:
        read = self._heap()
        if read is None:
            return None
        if read not in self._heaps:
            self._heaps[read] = HeapHoldings(read)
        return self._heaps[read]

    def _new_faults_of(self, thread: int) -> int:
        """Page faults of a thread since the last time."""
        taker = self._takers[thread]
        before, taker.faults = taker.faults, self._faults(thread)
        return 0 if before is None or taker.faults is None else taker.faults - before


def part_of_file(path: str) -> MemoryPart:
    """The part whose memory it is when pages of this file are resident."""
    if path.endswith(_MODEL_SUFFIX):
        return MemoryPart.MODELS
    is_library = any(folder.startswith(_LIBRARIES) for folder in path.split("/")[:-1])
    return MemoryPart.LIBRARIES if is_library else MemoryPart.PYTHON_AND_QT


def _shares(growth: int, takers: list[_Taker], weights: Mapping[_Taker, int]) -> dict[_Taker, int]:
    """Shares of `growth` by the weights, even ones where there are no weights."""
    total = sum(weights[taker] for taker in takers)
    return {taker: round(growth * (weights[taker] / total if total else 1 / len(takers))) for taker in takers}


if sys.platform == "linux":
    STEPS = MemorySteps(
        resident_memory.resident,
        resident_memory.faults_of,
        resident_memory.heap_of_this_thread,
        resident_memory.resident_files,
    )
else:
    STEPS = MemorySteps(lambda: None)
"""The book of this process. Off Linux it begins when somebody says how to read, see `read_with`."""
