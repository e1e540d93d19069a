"""Real measurements, as short as can be."""

import os
import sys

import pytest

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.own_command import own_command
from desktop_pose.core.settings import core_count
from desktop_pose.engine.measuring import measurement as module
from desktop_pose.engine.measuring.measurement import (
    STRETCH_FRAMES,
    WARM_UP_FRAMES,
    frames_that_fit,
    measure,
)
from desktop_pose.engine.measuring.recommendation import Target, recommend
from desktop_pose.engine.measuring.rows import ADAPTIVE
from tests.engine.measuring.support import row


@pytest.fixture(autouse=True)
def one_round(monkeypatch):
    monkeypatch.setattr(module, "_MOST_ROUNDS", 1)


def test_rows_of_a_real_run():
    heard = []

    def progress(done, total):
        heard.append((done, total))
        return True

    measured = measure("demo", 60, progress, rows=(row(), row(skip=ADAPTIVE)))
    assert measured.frames == WARM_UP_FRAMES + 2 * STRETCH_FRAMES
    assert measured.frames_with_person == measured.frames
    assert measured.video == "demo"
    assert measured.machine.usable_cores == core_count()
    assert measured.left_out == ()
    every, adaptive = measured.rows
    assert (every.row, adaptive.row) == (row(), row(skip=ADAPTIVE))
    assert 0 < every.ms.p50 <= every.ms.p95
    assert every.reused == 0
    assert 0 < adaptive.reused < measured.frames
    assert adaptive.cpu_ms < every.cpu_ms
    assert every.detector_runs == 1
    assert every.rss_mb > 50
    assert every.vs_same is None  # MediaPipe is no row here
    for figures in measured.rows:
        assert 0 < figures.paced.hz < 30.5
        assert figures.sustainable_hz > 0
    assert all(0 <= done <= total for done, total in heard)


@pytest.mark.parametrize(
    ("left_s", "frames"),
    [(30.0, 30), (10.0, 17), (6.0, 10), (5.0, 0), (-1.0, 0)],
)
def test_time_too_short_for_a_round_goes_to_frames_of_which_all_rows_get_as_many(left_s, frames):
    frame_ns = 15 * NS_PER_S // 30  # 15 rows, each of which keeps up with a camera
    assert frames_that_fit(frame_ns, int(left_s * NS_PER_S)) == frames


def test_it_can_be_given_up_at_once():
    asked = []

    def progress(_done, _total):
        asked.append(None)
        return len(asked) < 3

    assert measure("demo", 60, progress, rows=(row(),)) is None
    assert len(asked) == 3


def test_too_little_time_gives_no_rows():
    measured = measure("demo", 0.2, lambda _done, _total: True, rows=(row(),))
    assert measured.rows == (None,)
    (left_out,) = measured.left_out
    assert str(left_out).startswith("Left out litert lite with 1 thread: ")
    assert recommend(measured, Target.LOWEST_CPU) is None
    assert str(measured.failure).startswith(f"Nothing could be measured: {left_out.why}. ")


def test_a_row_that_fails_is_null_and_the_others_are_measured(monkeypatch, tmp_path):
    """The first process to start ends when it is given a turn."""
    stand_in = tmp_path / "command.py"
    stand_in.write_text(
        "import os, sys\n"
        f"os.execv({sys.executable!r}, {[*own_command()]!r} + sys.argv[1:]) if '2' in sys.argv else None\n"
        "print('{\"ready\": true}', flush=True)\n"
        "sys.stdin.readline()\n"
    )
    monkeypatch.setattr(
        "desktop_pose.engine.measuring.row_process.own_command", lambda: [sys.executable, str(stand_in)]
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    if core_count() < 2:
        pytest.skip("the row that is measured has two threads")
    measured = measure("demo", 60, lambda _done, _total: True, rows=(row(), row(threads=2)))
    assert measured.rows[0] is None
    assert measured.rows[1].paced is not None
    assert [str(each) for each in measured.left_out] == [
        "Left out litert lite with 1 thread: its process has ended"
    ]
