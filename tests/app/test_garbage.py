import gc
import json
import subprocess
import sys
import threading

import pytest

from desktop_pose.app.garbage import GuiGarbage

ALLOCATED = 100_000

COLLECTING_THREADS = """
import gc, json, sys, threading
running, collecting = threading.main_thread(), set()

def note(phase, details):
    if phase == "start":
        collecting.add(threading.current_thread() is running)

gc.callbacks.append(note)
from desktop_pose.app import main
sys.argv = ["desktop-pose", "run", "--headless", "--source", "demo", "--duration", "2", "--model", "lite"]
try:
    main()
except SystemExit as end:
    print(json.dumps([end.code, sorted(collecting)]))
"""


class Cycle:
    """Tells `freed_by` which thread destroyed it."""

    def __init__(self, freed_by: list[int]) -> None:
        self.me = self
        self.freed_by = freed_by

    def __del__(self) -> None:
        self.freed_by.append(threading.get_ident())


def allocate_elsewhere() -> None:
    thread = threading.Thread(target=lambda: [[] for _ in range(ALLOCATED)])
    thread.start()
    thread.join()


@pytest.fixture
def garbage(qapp):
    made = GuiGarbage()
    yield made
    made.close()


def test_cycles_are_freed_on_the_gui_thread_only(garbage, qtbot):
    freed_by = []
    Cycle(freed_by)
    allocate_elsewhere()
    assert freed_by == []
    kept = [[] for _ in range(10 * gc.get_threshold()[0])]  # the death of other objects is taken off
    qtbot.waitUntil(lambda: bool(freed_by))
    assert freed_by == [threading.get_ident()]
    assert kept


def test_without_it_another_thread_would_free_them():
    freed_by = []
    Cycle(freed_by)
    allocate_elsewhere()
    assert freed_by
    assert freed_by != [threading.get_ident()]


def test_older_generations_have_their_turn(garbage):
    freed_by = []
    Cycle(freed_by)
    gc.collect(0)
    gc.collect(1)  # what survives both is in the oldest generation
    survivor = Cycle(freed_by)
    gc.collect(0)
    gc.collect(1)
    del survivor
    kept = []
    for _ in range(200):
        kept += [[] for _ in range(gc.get_threshold()[0] + 1)]
        garbage.collect_if_due()
    assert freed_by == [threading.get_ident()] * 2


def test_collector_is_given_back(qapp):
    GuiGarbage().close()
    assert gc.isenabled()


def test_no_other_thread_collects_in_a_whole_run():
    done = subprocess.run(
        [sys.executable, "-c", COLLECTING_THREADS], capture_output=True, text=True, timeout=40
    )
    status, is_main = json.loads(done.stdout.splitlines()[-1])
    assert (status, is_main) == (0, [True]), done.stderr
