"""Rows whose process does not do what it should."""

import sys

import pytest

from desktop_pose.core.clock import NS_PER_MS, monotonic_ns
from desktop_pose.engine.measuring.row_process import RowProcess, Turn
from tests.engine.measuring.support import row

HANGS_AT_ONCE = "import time; time.sleep(60)"
HANGS_AT_A_TURN = "import time; print('{\"ready\": true}', flush=True); time.sleep(60)"
ENDS_AT_A_TURN = "print('{\"ready\": true}', flush=True); input()"
ENDS = "pass"
BABBLES = "print('hello', flush=True); import time; time.sleep(60)"
REFUSES = 'print(\'{"error": "No. Never."}\', flush=True)'


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (HANGS_AT_ONCE, "it was not ready in time"),
        (HANGS_AT_A_TURN, "its process did not answer for 0 s"),
        (ENDS_AT_A_TURN, "its process has ended"),
        (ENDS, "its process has ended"),
        (BABBLES, "its process has ended"),
        (REFUSES, "No. Never"),
    ],
)
def test_a_child_that_gives_no_answer_fails_and_stays_so(program, why, monkeypatch, tmp_path):
    monkeypatch.setattr(
        "desktop_pose.engine.measuring.row_process.own_command", lambda: [sys.executable, "-c", program]
    )
    turn = Turn(tmp_path / "frames", 64, 48, ((0, 0),))
    child = RowProcess(row(), lambda: None)
    try:
        soon_ns = 400 * NS_PER_MS
        child.wait_until_ready(monotonic_ns() + (soon_ns if program == HANGS_AT_ONCE else 10 * soon_ns))
        assert child.track(turn, monotonic_ns() + soon_ns) is None
        assert child.track(turn, monotonic_ns() + soon_ns) is None
    finally:
        child.close()
    assert child.failure == why
    assert not child.is_alive


def test_waiting_can_be_interrupted(monkeypatch):
    monkeypatch.setattr(
        "desktop_pose.engine.measuring.row_process.own_command",
        lambda: [sys.executable, "-c", HANGS_AT_ONCE],
    )

    def interrupt():
        raise InterruptedError

    child = RowProcess(row(), interrupt)
    with pytest.raises(InterruptedError):
        child.wait_until_ready(monotonic_ns() + 60_000 * NS_PER_MS)
    child.close()
