import mmap
import os

import psutil
import pytest

from desktop_pose.core.memory_steps import MemoryPart, MemorySteps
from desktop_pose.core.resident import Resident
from desktop_pose.engine.resources.memory_parts import PART_NAMES, parts_of
from tests.support.new_process import in_new_process

MB = 1_000_000
PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}


def test_parts_and_the_unexplained_make_up_what_is_resident():
    resident = [10 * MB]
    book = MemorySteps(lambda: Resident(resident[0]))
    with book.step(MemoryPart.MODELS):
        resident[0] += 30 * MB
    parts = parts_of(43.0, book)
    assert set(parts) == set(PART_NAMES)
    assert (parts["python_and_qt"], parts["models"], parts["unexplained"]) == (10.0, 30.0, 3.0)


def test_a_part_that_gave_back_more_than_it_was_booked_is_zero():
    resident = [100 * MB]
    book = MemorySteps(lambda: Resident(resident[0]))
    with book.step(MemoryPart.MODELS):
        resident[0] -= 20 * MB
    parts = parts_of(80.0, book)
    assert parts["models"] == 0
    assert sum(parts.values()) == pytest.approx(80.0)


def test_without_a_book_there_are_no_parts():
    assert parts_of(100.0, MemorySteps(lambda: None)) is None


def buffers_by_the_system_s_own_reader():
    process = psutil.Process(os.getpid())
    book = MemorySteps(lambda: None)
    book.read_with(lambda: process.memory_info().rss)
    content = b"\1" * MB
    with book.step(MemoryPart.BUFFERS):
        pages = mmap.mmap(-1, 30 * MB, **PRIVATE)  # bytes might lie where something was resident already
        for _ in range(30):
            pages.write(content)
    return parts_of(process.memory_info().rss / MB, book)["buffers"]


def test_the_system_s_own_reader_serves_where_there_is_no_proc():
    assert in_new_process(buffers_by_the_system_s_own_reader) == pytest.approx(30, abs=3)
