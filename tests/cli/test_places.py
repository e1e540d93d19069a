"""Places are tried without a trace, and written whole."""

import json

import pytest

from desktop_pose.cli.places import try_place, write_json
from desktop_pose.core.errors import DesktopPoseError


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
