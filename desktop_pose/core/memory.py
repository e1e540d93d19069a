"""Hands memory that is not needed any more back to the system, where the system lets it."""

import contextlib
import ctypes
import sys
from pathlib import Path

_MADV_DONTNEED = 4  # Linux, <asm-generic/mman-common.h>


def give_back_free_memory() -> None:
    """Let the C library return what it holds for later; does nothing where it cannot (only glibc can).

    Costs a few milliseconds: for rare moments at which much has been freed.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def let_go_of_mapped(file: Path) -> None:
    """Take the pages of `file`, where it is mapped into this process, out of its resident memory.

    Whoever reads them again gets them again, from the system's cache or from the disk. Does nothing where the
    system has no list of what is mapped (only Linux has).
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):  # no /proc, or the file has gone: memory stays as it is
        inode = file.stat().st_ino
        madvise = ctypes.CDLL(None, use_errno=True).madvise
        for line in Path("/proc/self/maps").read_text("utf-8").splitlines():
            addresses, access, _, _, number, *_ = line.split(maxsplit=5)
            if int(number) == inode and access.endswith("s") and "w" not in access:
                start, end = (int(address, 16) for address in addresses.split("-"))
                madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_DONTNEED)
