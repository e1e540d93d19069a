"""Reads what is resident of this process and of single threads, where the system tells: Linux with glibc.

Everything else has no such files, and gets None.
"""

import ctypes
import mmap
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAGE_BYTES = mmap.PAGESIZE

_MAPPINGS = Path("/proc/self/smaps")
_KIB = 1024

# glibc, malloc/malloc.c and malloc/arena.c: flags in the word before what malloc gives; where heaps begin.
_NOT_OF_MAIN = 4
_MAPPED_ALONE = 2
_HEAP_BYTES = 64 * 2**20  # and aligned to that, on 64 bits
_TRIAL_BYTES = 4096  # more than is kept for each thread apart from its heap, less than is mapped alone

_ENTRY_BYTES = 8  # of pagemap, proc(5)
_ABSENT = bytes(range(128))  # highest byte of an entry whose page is not there

HeapReader = Callable[[], int]
"""Reads the resident bytes of a thread's heap; readers of the same heap are equal."""


@dataclass(frozen=True, slots=True)
class _Heap:
    """Where a heap begins; `is_main` where it is the one that grows with `sbrk`."""

    start: int
    is_main: bool = False

    def __call__(self) -> int:
        library = _glibc() if self.is_main else None
        end = self.start + _HEAP_BYTES if library is None else int(library.sbrk(0))
        return _resident_between(self.start, end)


@dataclass(frozen=True, slots=True)
class Resident:
    """Resident bytes, and those of them that `resident_files` lists."""

    total: int
    of_files: int = 0

    @property
    def proper(self) -> int:
        """Bytes of memory that is no file's."""
        return self.total - self.of_files


def resident() -> Resident | None:
    """What is resident of this process."""
    with suppress(OSError):
        _, total, of_files, *_ = Path("/proc/self/statm").read_bytes().split()
        are_listed = os.access(_MAPPINGS, os.R_OK)
        return Resident(int(total) * PAGE_BYTES, int(of_files) * PAGE_BYTES if are_listed else 0)
    return None


def resident_files() -> dict[str, int]:
    """Resident bytes of the files mapped here, by path, shared memory as well; takes 20 to 40 ms."""
    files: dict[str, int] = {}
    with suppress(OSError):
        path = ""
        for line in _MAPPINGS.read_text("utf-8", "replace").splitlines():
            if line.startswith("Rss:") and path:
                files[path] = files.get(path, 0) + int(line.split()[1]) * _KIB
            elif line.startswith("Anonymous:") and path:  # its own copies, and memory proper, such as [heap]
                files[path] -= int(line.split()[1]) * _KIB
            elif line[0] in "0123456789abcdef":
                _, _, _, _, _, *name = line.split(maxsplit=5)
                path = "".join(name)
    return files


def faults_of(native_id: int) -> int | None:
    """Page faults of a thread of this process that needed no disk, proc(5)."""
    with suppress(OSError):
        fields = Path(f"/proc/self/task/{native_id}/stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[7])  # minflt, the tenth of all
    return None


def heap_of_this_thread() -> HeapReader | None:
    """Reads the heap that malloc gives this thread its memory from; that of the main thread grows elsewhere.

    What is too large for a heap is mapped alone, and does not count.
    """
    library = _glibc()
    if library is None:
        return None
    address = library.malloc(_TRIAL_BYTES)
    flags = ctypes.c_size_t.from_address(address - ctypes.sizeof(ctypes.c_size_t)).value
    library.free(address)
    if flags & _MAPPED_ALONE:
        return None
    if flags & _NOT_OF_MAIN:
        return _Heap(address & -_HEAP_BYTES)
    main_start = _main_heap_start()
    return None if main_start is None else _Heap(main_start, is_main=True)


@cache
def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux" or ctypes.sizeof(ctypes.c_void_p) < 8:
        return None
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version") or _is_malloc_replaced(library):
        return None
    library.malloc.argtypes, library.malloc.restype = (ctypes.c_size_t,), ctypes.c_size_t
    library.free.argtypes, library.free.restype = (ctypes.c_size_t,), None
    library.sbrk.argtypes, library.sbrk.restype = (ctypes.c_ssize_t,), ctypes.c_size_t
    return library


def _is_malloc_replaced(program: ctypes.CDLL) -> bool:
    """Whether malloc is that of another library, such as jemalloc, which lays out its heaps otherwise."""
    try:
        own = ctypes.CDLL("libc.so.6")
    except OSError:
        return True
    places = (ctypes.cast(library.malloc, ctypes.c_void_p).value for library in (program, own))
    return len(set(places)) > 1


@cache
def _main_heap_start() -> int | None:
    with suppress(OSError):
        fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[44]) or None  # start_brk, the 47th of all
    return None


def _resident_between(start: int, end: int) -> int:
    """Bytes of these addresses whose pages are there."""
    file = _pagemap()
    if file is None:
        return 0
    first, last = start // PAGE_BYTES, -(-end // PAGE_BYTES)
    entries = os.pread(file, (last - first) * _ENTRY_BYTES, first * _ENTRY_BYTES)
    return len(entries[_ENTRY_BYTES - 1 :: _ENTRY_BYTES].translate(None, _ABSENT)) * PAGE_BYTES


@cache
def _pagemap() -> int | None:
    with suppress(OSError):
        return os.open("/proc/self/pagemap", os.O_RDONLY | os.O_CLOEXEC)
    return None
