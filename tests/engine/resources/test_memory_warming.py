import json
import subprocess
import sys

import pytest

from desktop_pose.core.memory_steps import STEPS
from desktop_pose.engine.resources.memory_warming import FIRST_FRAMES

MB = 1_000_000

pytestmark = pytest.mark.skipif(STEPS.booked_bytes() is None, reason="nothing tells the resident size")

# In a process of its own: in this one, threads of former tests may take memory meanwhile.
_BEGIN = """
import json, mmap
from desktop_pose.core.memory_steps import STEPS, MemoryPart
from desktop_pose.engine.resources.memory_warming import FIRST_FRAMES, WarmingUp

PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
CONTENT = b"\\1" * 1_000_000

def filled(count_mb):
    pages = mmap.mmap(-1, count_mb * len(CONTENT), **PRIVATE)
    for _ in range(count_mb):
        pages.write(CONTENT)  # bytes of the whole size might stay resident as well
    return pages

def recorder_bytes():
    return STEPS.booked_bytes()[MemoryPart.RECORDER]

before, kept = recorder_bytes(), []
warming = WarmingUp(MemoryPart.RECORDER)
"""

_FIRST_FRAMES = """
for _ in range(FIRST_FRAMES):
    kept.append(filled(1))
    warming.frame_done()
at_end = recorder_bytes() - before
kept.append(filled(20))
warming.frame_done()
warming.end()
print(json.dumps([at_end, recorder_bytes() - before]))
"""

_ANEW = """
warming.end()
warming.again()
kept.append(filled(10))
warming.end()
print(json.dumps(recorder_bytes() - before))
"""


def outcome_of(script):
    done = subprocess.run(
        [sys.executable, "-c", _BEGIN + script], stdout=subprocess.PIPE, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def test_the_first_frames_are_booked_and_later_ones_are_not():
    at_end, later = outcome_of(_FIRST_FRAMES)
    assert at_end == pytest.approx(FIRST_FRAMES * MB, abs=3 * MB)
    assert later == pytest.approx(at_end, abs=MB)


def test_it_can_begin_anew():
    assert outcome_of(_ANEW) == pytest.approx(10 * MB, abs=2 * MB)
