import threading

import pytest

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.ui.job_panel import JobPanel


@pytest.fixture
def panel(qtbot):
    made = JobPanel(keeps_room=True)
    qtbot.addWidget(made)
    made.show()
    made.results = []
    made.succeeded.connect(made.results.append)
    return made


def fail(_progress):
    raise DesktopPoseError("The disk is full", "Free some space")


def test_the_bar_is_there_while_a_job_is_watched(panel, jobs, qtbot):
    go_on = threading.Event()

    def work(progress):
        progress(3, 10)
        go_on.wait(5)
        return "done"

    panel.watch(jobs.start("work", work), "Working…")
    qtbot.waitUntil(lambda: (panel.progress.value(), panel.progress.maximum()) == (3, 10))
    assert panel.is_busy
    assert panel.progress.isVisible()
    assert panel.message.text() == "Working…"
    ended = []
    panel.ended.connect(lambda: ended.append(list(panel.results)))
    with qtbot.waitSignal(panel.ended):
        go_on.set()
    assert ended == [["done"]]  # once, with the result before it
    assert not panel.is_busy
    assert not panel.progress.isVisible()
    assert panel.results == ["done"]


@pytest.mark.parametrize("keeps_room", [True, False])
def test_the_bar_keeps_its_room_where_nothing_shall_move(jobs, qtbot, keeps_room):
    panel = JobPanel(keeps_room=keeps_room)
    qtbot.addWidget(panel)
    panel.show()
    at_rest = panel.sizeHint()
    with qtbot.waitSignal(panel.ended):
        panel.watch(jobs.start("work", lambda _progress: None), "Working…")
        assert (panel.sizeHint() == at_rest) is keeps_room


def test_a_failure_is_told_and_is_no_result(panel, jobs, qtbot):
    with qtbot.waitSignal(panel.ended):
        panel.watch(jobs.start("work", fail), "Working…")
    assert panel.message.text() == "The disk is full. Free some space."
    assert panel.results == []


@pytest.mark.expects_error_log
def test_a_bug_is_told(panel, jobs, qtbot):
    with qtbot.waitSignal(panel.ended):
        panel.watch(jobs.start("work", lambda _progress: 1 / 0), "Working…")
    assert "because of a bug" in panel.message.text()


def test_what_was_cancelled_is_waited_for(panel, jobs, qtbot):
    def work(progress):
        while progress(0, 0):
            pass

    panel.watch(jobs.start("work", work), "Working…")
    with qtbot.waitSignal(panel.ended):
        panel.cancel()
        assert panel.message.text() == "Cancelling…"
    assert panel.results == [None]


def test_a_job_that_is_forgotten_says_nothing_any_more(panel, jobs, qtbot):
    go_on = threading.Event()
    old = jobs.start("old", lambda _progress: go_on.wait(5))
    panel.watch(old, "Working…")
    panel.forget()
    assert not panel.is_busy
    with qtbot.waitSignal(panel.ended):
        panel.watch(jobs.start("new", lambda _progress: "new"), "Working…")
    with qtbot.waitSignal(old.finished):
        go_on.set()
    assert panel.results == ["new"]
