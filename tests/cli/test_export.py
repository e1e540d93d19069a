"""`export` of sessions that were really written."""

import csv
from datetime import timedelta

import av
import pytest

from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import STARTED, make_header, record

IDS = ["2026-11-21_14-03-22", "2026-11-21_14-04-22"]


@pytest.fixture
def folder(tmp_path):
    """Two complete sessions."""
    for minutes in (0, 1):
        writer = SessionWriter.create(
            tmp_path / "sessions",
            make_header(started=STARTED + timedelta(minutes=minutes)),
            RecordingKind.LANDMARKS,
        )
        record(writer, 20)
        writer.finalise()
    return tmp_path / "sessions"


def test_one_session_by_id_to_a_file(program, folder, tmp_path):
    out = tmp_path / "out.csv"
    result = program("export", IDS[0], "-o", out, "--sessions-dir", folder)
    assert result.exit_code == 0, result.output
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:4] == ["frame", "time_s", "person", "landmark"]
    assert len(rows) % 33 == 0


def test_raw_differs_from_smoothed(program, folder, tmp_path):
    program("export", folder / IDS[0], "-o", tmp_path / "smooth.csv")
    program("export", folder / IDS[0], "-o", tmp_path / "raw.csv", "--raw")
    assert (tmp_path / "smooth.csv").read_text() != (tmp_path / "raw.csv").read_text()


def test_several_sessions_to_a_folder(program, folder, tmp_path):
    result = program("export", *IDS, "-o", tmp_path / "out", "--format", "json", "--sessions-dir", folder)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{name}.json" for name in IDS]


def test_existing_file_is_refused_and_the_others_go_on(program, folder, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / f"{IDS[0]}.csv").write_text("precious")
    arguments = ["export", *IDS, "-o", out, "--format", "frames-csv", "--sessions-dir", folder]
    result = program(*arguments)
    assert result.exit_code == 1
    assert "--overwrite" in result.stderr
    assert (out / f"{IDS[0]}.csv").read_text() == "precious"
    assert (out / f"{IDS[1]}.csv").read_text().startswith("frame,time_s,people,reused,dropped_before\n")
    assert program(*arguments, "--overwrite").exit_code == 0
    assert (out / f"{IDS[0]}.csv").read_text() != "precious"


@pytest.mark.parametrize(
    "arguments", [["-o", "out.xyz"], ["-o", "out/"], ["-o", "out.csv", "--format", "xml"], []]
)
def test_wrong_usage_is_2(program, folder, arguments):
    assert program("export", IDS[0], *arguments, "--sessions-dir", folder).exit_code == 2


def test_unknown_session_is_1(program, folder, tmp_path):
    assert program("export", "nope", "-o", tmp_path / "x.csv", "--sessions-dir", folder).exit_code == 1
    assert not (tmp_path / "x.csv").exists()


def test_one_person_at_another_rate(program, folder, tmp_path):
    out = tmp_path / "out.trc"
    arguments = ["export", IDS[0], "-o", out, "--sessions-dir", folder, "--rate", "10"]
    assert program(*arguments).exit_code == 0
    assert sorted(path.name for path in tmp_path.glob("*.trc")) == ["out.person0.trc", "out.person1.trc"]
    assert program(*arguments).exit_code == 1
    assert program(*arguments, "--person", "1", "--overwrite").exit_code == 0
    assert out.read_text().splitlines()[2].startswith("10\t10\t")
    result = program(*arguments, "--person", "9", "--overwrite")
    assert result.exit_code == 1
    assert "no person 9" in result.stderr


@pytest.mark.parametrize(
    "options", [["--rate", "30"], ["--angles"], ["--chart", "trunk_lean"], ["--person", "-1"]]
)
def test_options_the_format_does_not_have_are_2(program, folder, tmp_path, options):
    result = program("export", IDS[0], "-o", tmp_path / "x.csv", "--sessions-dir", folder, *options)
    assert result.exit_code == 2


def test_charts_make_the_video_higher(program, folder, tmp_path):
    out = tmp_path / "out.mp4"
    chosen = ("--chart", "knee_flexion", "--chart", "trunk_lean", "--chart", "trunk_lean")
    result = program("export", IDS[0], "-o", out, "--sessions-dir", folder, *chosen)
    assert result.exit_code == 0, result.output
    with av.open(str(out)) as video:
        assert (video.streams.video[0].width, video.streams.video[0].height) == (64, 48 + 64)


@pytest.mark.parametrize("suffix", ["csv", "parquet", "json", "jsonl", "npz", "c3d", "mp4", "mkv"])
def test_the_suffix_says_the_format(program, folder, tmp_path, suffix):
    out = tmp_path / f"out.{suffix}"
    arguments = ["--person", "0"] if suffix == "c3d" else []
    result = program("export", IDS[0], "-o", out, "--sessions-dir", folder, *arguments)
    assert result.exit_code == 0, result.output
    assert out.stat().st_size > 100
