"""`run`: options become settings, and the places of its files are tried first."""

import pytest

from desktop_pose.cli.run import with_record_spelled_out
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import (
    Backend,
    Background,
    PoseModel,
    RecordingKind,
    Rotation,
    Smoothing,
)
from desktop_pose.core.skip import Skip


def test_all_options_become_a_request(program, tmp_path):
    result = program(
        "run", "--source", "demo", "--size", "640x480", "--fps", 25, "--rotate", 90, "--backend", "litert",
        "--model", "lite", "--threads", 1, "--smoothing", "off", "--skip", "adaptive",
        "--cpu-budget", 25, "--lighter-model", "--no-budget-recording",
        "--mask", "--background", "remove", "--no-mirror", "--record", "video",
        "--sessions-dir", tmp_path, "--duration", 2.5, "--report", tmp_path / "report.json",
        "--screenshot", tmp_path / "window.png", "--headless",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    (request,) = program.requests
    assert request.overrides == {
        "source": "demo",
        "size": Size(640, 480),
        "fps": 25,
        "rotate": Rotation.RIGHT,
        "backend": Backend.LITERT,
        "model": PoseModel.LITE,
        "threads": 1,
        "smoothing": Smoothing.OFF,
        "skip": Skip(None),
        "cpu_budget": 25,
        "lighter_model": True,
        "budget_recording": False,
        "mask": True,
        "background": Background.REMOVE,
        "mirror": False,
        "record": RecordingKind.VIDEO,
        "sessions_dir": str(tmp_path),
    }
    assert request.duration_s == 2.5
    assert request.report == tmp_path / "report.json"
    assert request.screenshot == tmp_path / "window.png"
    assert request.is_headless
    assert request.is_unattended
    assert list(tmp_path.iterdir()) == []


def test_nothing_given_overrides_nothing(program):
    program("run")
    (request,) = program.requests
    assert request.overrides == {}
    assert not request.is_unattended


@pytest.mark.parametrize(
    ("arguments", "spelled"),
    [
        (["--record"], ["--record", "landmarks"]),
        (["--record", "--headless"], ["--record", "landmarks", "--headless"]),
        (["--record", "video"], ["--record", "video"]),
        (["--record", "nonsense"], ["--record", "nonsense"]),
        (["--record=video", "--headless"], ["--record=video", "--headless"]),
        (["--source", "a", "--record"], ["--source", "a", "--record", "landmarks"]),
        ([], []),
    ],
)
def test_lone_record_is_spelled_out(arguments, spelled):
    assert with_record_spelled_out(arguments) == spelled


@pytest.mark.parametrize("arguments", [["--record"], ["--record", "--headless"], ["--headless", "--record"]])
def test_lone_record_means_landmarks(program, arguments):
    assert program("run", *arguments).exit_code == 0
    assert program.requests[0].overrides == {"record": RecordingKind.LANDMARKS}


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["--model", "colossal"], "lite, full, heavy"),
        (["--smoothing", "gentle"], "off, mediapipe, strong"),
        (["--skip", "sometimes"], "off, adaptive or a number"),
        (["--cpu-budget", "0"], "off, or a whole number from 5"),
        (["--record", "audio"], "landmarks, video, overlay"),
        (["--rotate", "45"], "0, 90, 180, 270"),
        (["--threads", "0"], "from 1 to"),
        (["--threads", "999"], "from 1 to"),
        (["--fps", "fast"], "whole number"),
        (["--size", "big"], "1280x720"),
        (["--duration", "0"], "above 0"),
        (["--duration", "nan"], "above 0"),
        (["--duration", "3e6"], "up to 2000000"),
        (["--duration", "soon"], "--duration"),
        (["--screenshot", "window.txt"], ".png"),
        (["--screenshot", "window"], ".png"),
        (["--backend", "mediapipe", "--smoothing", "off"], "--backend litert"),
        (["--backend", "mediapipe", "--smoothing", "strong"], "--backend litert"),
    ],
)
def test_wrong_value_is_2_with_the_remedy(program, arguments, remedy):
    result = program("run", *arguments)
    assert result.exit_code == 2, result.output
    assert remedy in " ".join(result.stderr.split())
    assert program.requests == []


@pytest.mark.parametrize("option", ["--report", "--screenshot"])
def test_place_that_cannot_be_written_is_1_before_anything_else(program, tmp_path, option):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.png").mkdir()
    for place in (tmp_path / "file/out.png", tmp_path / "missing/out.png", tmp_path / "folder.png"):
        result = program("run", option, place)
        assert result.exit_code == 1
        assert "cannot be written" in result.stderr
        assert len(result.stderr.splitlines()) == 1
    assert program.requests == []


def test_a_model_of_the_users_own_takes_the_place_of_a_shipped_one(program, tmp_path):
    assert program("run", "--model-file", tmp_path / "mine.task").exit_code == 0
    assert program.requests[0].overrides == {"model_file": str(tmp_path / "mine.task")}


@pytest.mark.parametrize("other", [("--model", "lite"), ("--backend", "mediapipe")])
def test_a_model_of_the_users_own_beside_what_it_replaces_is_2(program, other):
    result = program("run", "--model-file", "mine.task", *other)
    assert result.exit_code == 2
    assert "--model-file" in result.output
