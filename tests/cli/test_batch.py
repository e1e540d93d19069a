"""Many files: some at a time, on after a failure, and off after a bug."""

import threading
from pathlib import Path

import pytest

from desktop_pose.cli.batch import Batch
from desktop_pose.cli.outputs import Output
from desktop_pose.core.errors import SourceError

OUTPUTS = tuple(Output(f"{number}.mp4", Path(f"{number}.csv"), "csv") for number in range(6))


@pytest.mark.parametrize("jobs", [1, 2, 16])
def test_all_are_made_and_failures_are_kept(jobs):
    made, finished = [], []

    def work(output, is_wanted):
        assert is_wanted()
        if output.source in {"1.mp4", "4.mp4"}:
            raise SourceError(f"{output.source} is bad", "Leave it")
        made.append(output.source)

    batch = Batch(work, lambda: finished.append(1))
    batch.run(OUTPUTS, jobs)
    assert sorted(made) == ["0.mp4", "2.mp4", "3.mp4", "5.mp4"]
    assert {source: error.message for source, error in batch.problems.items()} == {
        "1.mp4": "1.mp4 is bad", "4.mp4": "4.mp4 is bad",
    }  # fmt: skip
    assert len(finished) == 6


def test_as_many_at_a_time_as_asked_for():
    """Three must meet; a fourth never does."""
    meeting, at_work, most = threading.Barrier(3, timeout=20), 0, 0
    lock = threading.Lock()

    def work(output, is_wanted):
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        meeting.wait()
        with lock:
            at_work -= 1

    Batch(work, lambda: None).run(OUTPUTS, 3)
    assert most == 3


@pytest.mark.parametrize("error", [RuntimeError("a bug"), KeyboardInterrupt()])
def test_what_is_no_failure_of_a_file_ends_the_whole(error):
    given_up, has_begun = [], threading.Event()

    def work(output, is_wanted):
        if output.source == "0.mp4":
            has_begun.wait(20)
            raise error
        has_begun.set()
        while is_wanted():
            threading.Event().wait(0.01)
        given_up.append(output.source)

    with pytest.raises(type(error)):
        Batch(work, lambda: None).run(OUTPUTS, 2)
    assert given_up == ["1.mp4"]


def test_one_at_a_time_stays_on_the_main_thread():
    threads = set()
    Batch(lambda output, is_wanted: threads.add(threading.current_thread()), lambda: None).run(OUTPUTS, 1)
    assert threads == {threading.main_thread()}
