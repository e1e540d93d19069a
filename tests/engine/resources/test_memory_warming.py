import mmap

import pytest

from desktop_pose.core.memory_steps import STEPS, MemoryPart
from desktop_pose.engine.resources.memory_warming import FIRST_FRAMES, WarmingUp
from tests.support.new_process import in_new_process

MB = 1_000_000
PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}

pytestmark = pytest.mark.skipif(STEPS.booked_bytes() is None, reason="nothing tells the resident size")


def filled(count_mb):
    pages, content = mmap.mmap(-1, count_mb * MB, **PRIVATE), b"\1" * MB
    for _ in range(count_mb):
        pages.write(content)  # bytes of the whole size might stay resident as well
    return pages


def recorder_bytes():
    return STEPS.booked_bytes()[MemoryPart.RECORDER]


def booked_at_the_end_of_warming_up_and_later():
    kept, warming = [], WarmingUp(MemoryPart.RECORDER)
    for _ in range(FIRST_FRAMES):
        kept.append(filled(1))
        warming.frame_done()
    at_end = recorder_bytes()
    kept.append(filled(20))
    warming.frame_done()
    warming.end()
    return at_end, recorder_bytes()


def test_the_first_frames_are_booked_and_later_ones_are_not():
    at_end, later = in_new_process(booked_at_the_end_of_warming_up_and_later)
    assert at_end == pytest.approx(FIRST_FRAMES * MB, abs=3 * MB)
    assert later == pytest.approx(at_end, abs=MB)


def booked_when_it_begins_anew():
    warming = WarmingUp(MemoryPart.RECORDER)
    warming.end()
    warming.again()
    kept = filled(10)
    warming.end()
    booked = recorder_bytes()
    kept.close()
    return booked


def test_it_can_begin_anew():
    assert in_new_process(booked_when_it_begins_anew) == pytest.approx(10 * MB, abs=2 * MB)
