"""Hands memory that has become free back to the system."""

import ctypes
import sys


def give_back_free_memory() -> None:
    """Let the C library return what it holds for later; does nothing where it cannot (only glibc can).

    Costs a few milliseconds: for rare moments at which much has been freed.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
