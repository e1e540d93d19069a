import mmap

import pytest

from desktop_pose.core.memory_steps import STEPS, MemoryPart
from desktop_pose.engine.resources.memory_warming import FIRST_FRAMES, WarmingUp

MB = 1_000_000

pytestmark = pytest.mark.skipif(STEPS.booked_bytes() is None, reason="nothing tells the resident size")


@pytest.fixture(autouse=True)
def _no_thread_is_followed():
    yield
    STEPS.end_all()


def recorder_bytes():
    return STEPS.booked_bytes()[MemoryPart.RECORDER]


PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
CONTENT = b"\1" * MB


def filled(count_mb):
    pages = mmap.mmap(-1, count_mb * MB, **PRIVATE)
    for _ in range(count_mb):
        pages.write(CONTENT)  # bytes of the whole size might stay resident as well
    return pages


def test_the_first_frames_are_booked_and_later_ones_are_not():
    before, kept = recorder_bytes(), []
    warming = WarmingUp(MemoryPart.RECORDER)
    for _ in range(FIRST_FRAMES):
        kept.append(filled(1))
        warming.frame_done()
    at_end = recorder_bytes() - before
    kept.append(filled(20))
    warming.frame_done()
    warming.end()
    assert at_end == pytest.approx(FIRST_FRAMES * MB, abs=3 * MB)
    assert recorder_bytes() - before == pytest.approx(at_end, abs=MB)


def test_it_can_begin_anew():
    before, kept = recorder_bytes(), []
    warming = WarmingUp(MemoryPart.RECORDER)
    warming.end()
    warming.again()
    kept.append(filled(10))
    warming.end()
    assert recorder_bytes() - before == pytest.approx(10 * MB, abs=2 * MB)
