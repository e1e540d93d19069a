"""`bench` as a whole."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from desktop_pose.cli.bench_table import advice, legend, table
from desktop_pose.core import places
from desktop_pose.core.settings import Backend
from desktop_pose.engine.measuring.rows import ADAPTIVE, all_rows
from desktop_pose.engine.measuring.saved import SavedMeasurements, load_all
from tests.engine.measuring.support import figures, measured, row, two_cores


@pytest.fixture(autouse=True)
def own_place(monkeypatch, tmp_path):
    """Nothing was measured before."""
    monkeypatch.setattr(places, "measurements_dir", lambda: tmp_path / "measurements")


@pytest.fixture
def two_rows(monkeypatch):
    """Only MediaPipe's and our lite, one thread: the others take time and show nothing new."""
    chosen = [
        row for row in all_rows() if (row.model.value, row.threads, str(row.skip)) == ("lite", 1, "off")
    ]
    monkeypatch.setattr("desktop_pose.engine.measuring.measurement.all_rows", lambda: tuple(chosen))
    monkeypatch.setattr("desktop_pose.engine.measuring.measurement._MOST_ROUNDS", 1)


@pytest.mark.usefixtures("two_rows")
def test_document_of_a_real_run(program, tmp_path):
    pytest.importorskip("mediapipe")
    out = tmp_path / "bench.json"
    (tmp_path / "measurements").mkdir()
    (tmp_path / "measurements" / "old.json").write_text("{")
    result = program("bench", "--limit", 60, "--json", out)
    assert result.exit_code == 0, result.output
    assert "share of MediaPipe's" in result.output
    heads = next(line for line in result.output.splitlines() if "thr." in line).split()
    assert [heads[place - 1] for place, head in enumerate(heads) if head == "x"] == ["ms", "CPU"]
    assert "desktop-pose run --model lite --threads 1 --skip off" in result.output
    assert "The earlier measurement old.json cannot be read" in result.stderr
    document = json.loads(out.read_text())
    assert document["schema"] == 1
    assert document["video"] == "demo"
    assert document["machine"]["cores"] >= 1
    assert document["frames"] == 65
    assert document["left_out"] == []
    ours, theirs = document["rows"]
    assert (ours["backend"], ours["model"], ours["threads"], ours["skip"]) == ("litert", "lite", 1, "off")
    assert 0 < ours["ms_per_frame"]["p50"] <= ours["ms_per_frame"]["p95"]
    assert 0 < ours["paced"]["ms_per_frame"]["p50"] <= ours["paced"]["ms_per_frame"]["p95"]
    assert ours["cpu_ms_per_frame"] > 0
    assert 50 < ours["rss_mb"] < theirs["rss_mb"]
    assert ours["detector_runs"] >= 1
    assert theirs["detector_runs"] is None
    error = ours["error_percent_height"]
    assert error["vs_mediapipe_same_model"]["mean"] < 0.4
    assert error["vs_mediapipe_heavy"] is None  # no such row here
    (kept,) = load_all(tmp_path / "measurements").measurements
    assert kept.as_document() == document


@pytest.mark.usefixtures("two_rows")
def test_a_time_in_which_nothing_can_be_measured_is_1_and_kept_nowhere(program, monkeypatch, tmp_path):
    monkeypatch.setattr("desktop_pose.engine.measuring.measurement._START_SHARE", 0.1)  # no interpreter can
    out = tmp_path / "bench.json"
    result = program("bench", "--limit", 1, "--json", out)
    document = json.loads(out.read_text())
    assert document["rows"] == [None, None]
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("Nothing could be measured: ")
    assert line.endswith(" Close other programs, or give it more time by bench --limit SECONDS.")
    assert not result.stdout
    assert not load_all(tmp_path / "measurements").measurements


def test_missing_video_is_1(program, tmp_path):
    result = program("bench", tmp_path / "missing.mp4")
    assert result.exit_code == 1


def test_place_that_cannot_be_written_is_1(program, tmp_path):
    assert program("bench", "--json", tmp_path / "gone/bench.json").exit_code == 1


def printed(measurement, *earlier):
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(table(measurement))
    console.print(legend(measurement))
    for part in advice(measurement, SavedMeasurements(earlier)):
        console.print(part)
    return console.export_text()


def test_the_table_fits_80_columns_and_is_not_cut():
    text = printed(two_cores())
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    assert "Highest accuracy: full, 1 thread, skip off" in text
    assert "against" not in text


def test_the_table_of_a_slow_computer_fits_80_columns_as_well():
    slow = figures("heavy", threads=2, skip=ADAPTIVE, p95=213.3, cpu=112.4, most=100.2, vs_heavy=10.25)
    text = printed(measured(slow, replace(slow, row=row("heavy", backend=Backend.MEDIAPIPE))))
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    assert " 213 " in text


def test_rows_that_were_not_measured_are_marked_and_explained():
    text = printed(measured(None, figures(paced=False)))
    assert "–: not measured; fewer than 30 frames in the time, or left out\n" in text
    assert "with the same model\n" in text  # a narrow table does not break what is said below it
    assert "too little time to recommend" in text


def test_an_empty_picture_is_told_of():
    assert "Nobody was seen" not in printed(two_cores())
    assert "Nobody was seen in most frames" in printed(replace(two_cores(), frames_with_person=3))


def test_what_has_changed_since_the_last_time_is_told():
    earlier = measured(figures(cpu=16.4), figures("full", cpu=13.8), started="2026-11-20T09:30:00+00:00")
    text = " ".join(printed(two_cores(), earlier).split())
    assert "against the measurement of 2026-11-20 09:30: 0.75 times, 0.50 to 1.00 over 2 rows" in text
