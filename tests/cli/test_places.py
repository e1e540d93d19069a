"""Places are tried without a trace, and written whole."""

import json
import os
import sys
from pathlib import Path

import pytest
import typer

from desktop_pose.cli.places import expanded, try_place, write_json
from desktop_pose.core.errors import DesktopPoseError
from tests.capture.conftest import unprivileged


@pytest.mark.skipif(os.name != "posix", reason="elsewhere homes are guessed")
def test_the_home_of_nobody_is_wrong_usage():
    with pytest.raises(typer.BadParameter, match="no home folder ~nobody-of-this-name"):
        expanded(Path("~nobody-of-this-name/report.json"))


def test_trying_leaves_nothing_and_changes_nothing(tmp_path):
    try_place(tmp_path / "report.json", "report")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "report.json").write_text("old")
    try_place(tmp_path / "report.json", "report")
    assert (tmp_path / "report.json").read_text() == "old"


def test_written_whole_in_utf8(tmp_path):
    path = tmp_path / "report.json"
    path.write_text("old" * 1000)
    write_json(path, {"source": "Kamera für alle", "value": None}, "report")
    assert json.loads(path.read_text("utf-8")) == {"source": "Kamera für alle", "value": None}
    assert [item.name for item in tmp_path.iterdir()] == ["report.json"]


def test_failed_write_is_an_error_of_the_world(tmp_path):
    with pytest.raises(DesktopPoseError, match="The report cannot be written"):
        write_json(tmp_path / "gone/report.json", {}, "report")


def test_what_is_read_is_no_place(tmp_path):
    clip = tmp_path / "clip.mp4"
    clip.write_text("precious")
    (tmp_path / "link").symlink_to(clip)
    for place in (clip, tmp_path / "link"):
        with pytest.raises(typer.BadParameter, match="is to be read, not written"):
            try_place(place, "report", ["demo", str(clip)])
    try_place(tmp_path / "other", "report", [str(clip), str(tmp_path / "missing")])


def test_a_file_of_a_session_is_no_place(tmp_path):
    (tmp_path / "landmarks.sqlite").touch()
    for name in ("landmarks.sqlite", "video.mkv"):
        with pytest.raises(DesktopPoseError, match="a file of a recording"):
            try_place(tmp_path / name, "report")
    try_place(tmp_path / "report.json", "report")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_is_a_place(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    try_place(tmp_path / "pipe", "report")
    assert [path.is_fifo() for path in tmp_path.iterdir()] == [True]


def test_a_folder_that_may_not_be_entered_and_a_name_too_long_are_told(tmp_path):
    with unprivileged(), pytest.raises(DesktopPoseError, match=r"The report cannot be written to .*denied"):
        try_place(tmp_path / "report.json", "report")
    with pytest.raises(DesktopPoseError, match=r"The report cannot be written to .*too long"):
        try_place(tmp_path / f"{'x' * 300}.json", "report")


def test_the_longest_name_is_a_place(tmp_path):
    path = tmp_path / f"{'x' * 250}.json"
    try_place(path, "report")
    write_json(path, {}, "report")
    assert [*tmp_path.iterdir()] == [path]
