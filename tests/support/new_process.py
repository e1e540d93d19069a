"""Calls a function in a process that nothing else has happened in: what is read of its memory is that call's.

In the process of the tests, threads of former ones may take memory meanwhile, and heaps hold what those left.
"""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

_LONGEST_S = 60


def in_new_process(function: Callable[..., Result], *arguments: object) -> Result:
    """What `function` of a module returns, or raises, called there with `arguments`."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result(_LONGEST_S)
