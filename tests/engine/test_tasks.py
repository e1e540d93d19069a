"""Jobs for the window that are not those of the library."""

import threading

import pytest
from PySide6.QtCore import QObject

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.engine import tasks
from desktop_pose.engine.tasks import Tasks


@pytest.fixture
def searches(monkeypatch):
    """How often cameras were looked for; each search waits until `may_end` is set."""
    begun, may_end = [], threading.Event()

    def list_cameras():
        begun.append(None)
        assert may_end.wait(10)
        return ("a camera",)

    monkeypatch.setattr(tasks, "list_cameras", list_cameras)
    yield begun, may_end
    may_end.set()


def test_whoever_asks_during_a_search_for_cameras_gets_what_it_finds(qtbot, searches):
    begun, may_end = searches
    owner = QObject()
    made = Tasks(owner)
    found = []
    for _ in range(2):  # the choice of the first source, and the window
        made.find_cameras().succeeded.connect(found.append)
    may_end.set()
    qtbot.waitUntil(lambda: len(found) == 2)
    assert found == [("a camera",), ("a camera",)]
    assert len(begun) == 1
    made.find_cameras().succeeded.connect(found.append)
    qtbot.waitUntil(lambda: len(found) == 3)
    assert len(begun) == 2
    assert made.wait(monotonic_ns() + 2 * NS_PER_S)
