"""Rows whose process does not do what it should."""

import sys

import pytest

from desktop_pose.core.clock import NS_PER_MS, monotonic_ns
from desktop_pose.core.settings import Backend
from desktop_pose.engine.measuring.row_process import RowProcess, Turn
from desktop_pose.engine.measuring.rows import ADAPTIVE
from desktop_pose.engine.measuring.starting import start_rows
from tests.engine.measuring.support import row

HANGS_AT_ONCE = "import time; time.sleep(60)"
HANGS_AT_A_TURN = "import time; print('{\"ready\": true}', flush=True); time.sleep(60)"
ENDS_AT_A_TURN = "print('{\"ready\": true}', flush=True); input()"
ENDS = "pass"
BABBLES = "print('hello', flush=True); import time; time.sleep(60)"
STANDS = "print('{\"ready\": true}', flush=True); sys.stdin.read()"
REFUSES = 'print(\'{"error": "No. Never."}\', flush=True)'

SOON_NS = 400 * NS_PER_MS


def stand_in(monkeypatch, program):
    """Let `program` be the process of every row."""
    monkeypatch.setattr(
        "desktop_pose.engine.measuring.row_process.own_command",
        lambda: [sys.executable, "-I", "-S", "-c", program],
    )


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (HANGS_AT_A_TURN, "its process did not answer for 0 s"),
        (ENDS_AT_A_TURN, "its process has ended"),
        (ENDS, "its process has ended"),
        (BABBLES, "its process has ended"),
        (REFUSES, "No. Never"),
    ],
)
def test_a_child_that_gives_no_answer_fails_and_stays_so(program, why, monkeypatch, tmp_path):
    stand_in(monkeypatch, program)
    child = RowProcess(row(), lambda: None)
    try:
        while not child.has_settled():
            pass
        turn = Turn(tmp_path / "frames", 64, 48, ((0, 0),))
        assert child.track(turn, monotonic_ns() + SOON_NS) is None
        assert child.track(turn, monotonic_ns() + SOON_NS) is None
    finally:
        child.close()
    assert child.failure == why
    assert not child.is_alive
    assert child.has_settled()


def test_waiting_can_be_interrupted(monkeypatch, tmp_path):
    stand_in(monkeypatch, HANGS_AT_A_TURN)

    def interrupt():
        raise InterruptedError

    child = RowProcess(row(), interrupt)
    with pytest.raises(InterruptedError):
        child.track(Turn(tmp_path / "frames", 64, 48, ((0, 0),)), monotonic_ns() + 100 * SOON_NS)
    child.close()


def test_rows_that_hang_at_their_start_do_not_hold_up_the_others(monkeypatch):
    """The first row to start never stands; the others do, and what is not started in time is told."""
    stand_in(monkeypatch, f"import sys; exec({HANGS_AT_ONCE!r} if 'lite' in sys.argv else {STANDS!r})")
    started = []
    rows = [row("full", 2), row("heavy"), row("full"), row("lite")]
    try:
        late = start_rows(rows, monotonic_ns() + 8 * SOON_NS, lambda: None, started)
    finally:
        for child in started:
            child.close()
    assert late == []
    assert [child.row.model.value for child in started] == ["lite", "full", "full", "heavy"]
    assert [child.failure for child in started] == ["it was not ready in time", None, None, None]


def test_what_could_not_be_started_in_time_is_told():
    rows = [row(skip=ADAPTIVE), row("full"), row(backend=Backend.MEDIAPIPE), row()]
    assert start_rows(rows, monotonic_ns(), lambda: None, []) == [rows[3], rows[2], rows[1], rows[0]]
