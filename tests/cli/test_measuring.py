"""`bench`: the error's definition, and one real run."""

import json
import sys

import numpy as np
import pytest

from desktop_pose.cli.measuring import all_rows, error_percent_height
from desktop_pose.cli.row_process import Row, RowProcess
from desktop_pose.core.settings import Backend, PoseModel, core_count


def clip(frames: int) -> np.ndarray:
    """A figure 200 pixels tall that stands still."""
    points = np.zeros((frames, 33, 2))
    points[:, :, 1] = np.linspace(100, 300, 33)
    return points


def test_error_is_in_per_cent_of_the_height():
    reference = clip(10)
    points = reference + np.array([3, 4])  # 5 pixels away, 2.5 % of 200
    assert error_percent_height(points, reference) == {"mean": 2.5, "p95": 2.5}


def test_only_frames_with_somebody_in_both_count():
    reference, points = clip(4), clip(4)
    points[1] = np.nan
    reference[2] = np.nan
    points[3] += (0, 2)
    assert error_percent_height(points, reference) == {"mean": 0.5, "p95": 1.0}


def test_nobody_anywhere_is_unknown():
    assert error_percent_height(np.full((3, 33, 2), np.nan), clip(3)) is None


def test_rows_are_backends_models_and_threads():
    rows = {(row.backend.value, row.model.value, row.threads) for row in all_rows()}
    expected = {("litert", model, threads) for model in ("lite", "full", "heavy") for threads in (1, 2)}
    expected |= {("mediapipe", model, 1) for model in ("lite", "full", "heavy")}
    assert rows == {row for row in expected if row[2] <= core_count()}
    assert [row.backend for row in all_rows()][-1] is Backend.MEDIAPIPE


@pytest.fixture
def two_rows(monkeypatch):
    """Only MediaPipe's and our lite, one thread: the others take time and show nothing new."""
    rows = [row for row in all_rows() if row.model.value == "lite" and row.threads == 1]
    monkeypatch.setattr("desktop_pose.cli.measuring.all_rows", lambda: tuple(rows))


@pytest.mark.usefixtures("two_rows")
def test_document_of_a_real_run(program, tmp_path):
    pytest.importorskip("mediapipe")
    out = tmp_path / "bench.json"
    result = program("bench", "--limit", 8, "--json", out)
    assert result.exit_code == 0, result.output
    assert "share of MediaPipe's" in result.output
    document = json.loads(out.read_text())
    assert document["schema"] == 1
    assert document["video"] == "demo"
    assert document["machine"]["cores"] >= 1
    assert document["frames"] % 10 == 0 or document["frames"] > 30
    ours, theirs = document["rows"]
    assert (ours["backend"], ours["model"], ours["threads"], ours["skip"]) == ("litert", "lite", 1, "off")
    assert 0 < ours["ms_per_frame"]["p50"] <= ours["ms_per_frame"]["p95"]
    assert ours["cpu_ms_per_frame"] > 0
    assert 50 < ours["rss_mb"] < theirs["rss_mb"]
    assert ours["detector_runs"] >= 1
    assert theirs["detector_runs"] is None
    error = ours["error_percent_height"]
    assert error["vs_mediapipe_same_model"]["mean"] < 0.4
    assert error["vs_mediapipe_heavy"] is None  # no such row here


@pytest.mark.usefixtures("two_rows")
def test_too_little_time_gives_null_rows(program, tmp_path):
    out = tmp_path / "bench.json"
    assert program("bench", "--limit", 1, "--json", out).exit_code == 0
    document = json.loads(out.read_text())
    if document["frames"] < 30:
        assert document["rows"] == [None, None]


HANGS_AT_ONCE = "import time; time.sleep(60)"
HANGS_AT_A_FRAME = "import time; print('{\"ready\": true}', flush=True); time.sleep(60)"
ENDS = "pass"


@pytest.mark.parametrize("program", [HANGS_AT_ONCE, HANGS_AT_A_FRAME, ENDS])
def test_a_child_that_gives_no_answer_is_left_out(program, monkeypatch, capsys):
    monkeypatch.setattr("desktop_pose.cli.row_process.own_command", lambda: [sys.executable, "-c", program])
    monkeypatch.setattr("desktop_pose.cli.row_process.PATIENCE_S", 0.5)
    child = RowProcess(Row(Backend.LITERT, PoseModel.LITE, 1))
    child.wait_until_ready()
    frames = [(np.zeros((720, 1280, 3), np.uint8), number) for number in range(3)]
    child.track(frames)
    child.track(frames)
    child.close()
    assert child.answers == []
    told = capsys.readouterr().err
    assert told.count("Left out litert lite with 1 thread") == 1
    assert ("has ended" if program == ENDS else "did not answer for 0.5 s") in told


def test_missing_video_is_1(program, tmp_path):
    result = program("bench", tmp_path / "missing.mp4")
    assert result.exit_code == 1


def test_place_that_cannot_be_written_is_1(program, tmp_path):
    assert program("bench", "--json", tmp_path / "gone/bench.json").exit_code == 1
