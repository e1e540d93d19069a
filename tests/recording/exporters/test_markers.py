"""TRC to the letter, and C3D by a reader that is not ours."""

import warnings
from pathlib import Path

import c3d
import numpy as np
import pytest

from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.engine.exports import export
from desktop_pose.recording.exporters import ExportOptions
from desktop_pose.recording.recorded import TrackedPoses
from tests.recording.exporters.making import person_at, recording


@pytest.fixture
def poses() -> TrackedPoses:
    """Four frames at 10 per second, the third half a second late."""
    times_ms = [0, 100, 600, 700]
    return recording(times_ms, [[person_at(value)] for value in (0, 1, 2, 3)])


def test_trc(poses: TrackedPoses, tmp_path: Path) -> None:
    export(poses, tmp_path / "x.trc", "trc")
    lines = (tmp_path / "x.trc").read_text("utf-8").split("\n")
    assert lines[0].split("\t")[:3] == ["PathFileType", "4", "(X/Y/Z)"]
    assert "x forward" in lines[0]
    assert "origin between the hips" in lines[0]
    assert dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True)) == {
        "DataRate": "10", "CameraRate": "10", "NumFrames": "8", "NumMarkers": "33", "Units": "m",
        "OrigDataRate": "10", "OrigDataStartFrame": "1", "OrigNumFrames": "8",
    }  # fmt: skip
    assert lines[3].split("\t")[:2] == ["Frame#", "Time"]
    assert lines[3].split("\t")[2::3] == list(LANDMARK_NAMES)
    assert lines[4].split("\t")[2:6] == ["X1", "Y1", "Z1", "X2"]
    assert lines[5] == ""
    rows = [line.split("\t") for line in lines[6:-1]]
    assert [row[:2] for row in rows] == [[str(number), f"{(number - 1) / 10:.6f}"] for number in range(1, 9)]
    assert rows[0][2:8] == ["0.000000", "0.000000", "0.000000", "-0.046875", "-0.031250", "-0.015625"]
    assert rows[1][2:5] == ["0.000000", "0.000000", "-0.015625"]
    assert [set(row[2:]) == {"NaN"} for row in rows] == [False, False, *[True] * 4, False, False]
    assert {len(row) for row in rows} == {2 + 99}


def test_trc_at_another_rate(poses: TrackedPoses, tmp_path: Path) -> None:
    export(poses, tmp_path / "x.trc", "trc", ExportOptions(rate_hz=29.97))
    lines = (tmp_path / "x.trc").read_text("utf-8").split("\n")
    assert lines[2].split("\t")[:3] == ["29.97", "29.97", "21"]
    assert lines[7].split("\t")[1] == f"{1 / 29.97:.6f}"


def read_c3d(path: Path) -> tuple[c3d.Reader, np.ndarray]:
    """The file, and its points: (frames, 33, 5) x, y, z in mm, error (-1 is missing), cameras."""
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No analog data", UserWarning)
        reader = c3d.Reader(file)
        return reader, np.stack([points for _, points, _ in reader.read_frames()])


def test_c3d(poses: TrackedPoses, tmp_path: Path) -> None:
    export(poses, tmp_path / "x.c3d", "c3d")
    reader, points = read_c3d(tmp_path / "x.c3d")
    assert [label.strip() for label in reader.point_labels] == list(LANDMARK_NAMES)
    assert (reader.point_rate, reader.frame_count, reader.point_used) == (10, 8, 33)
    assert reader.get("POINT:UNITS").string_value == "mm"
    assert "x forward" in reader.get("POINT").desc
    assert points[1, 2, :3] == pytest.approx(1000 * np.array([-6, -4, -3]) / 64, abs=1e-3)
    assert (points[[0, 1, 6, 7], :, 3] == 0).all()
    assert (points[2:6, :, 3] == -1).all()


def test_c3d_longer_than_its_header_can_say(tmp_path: Path) -> None:
    poses = recording([0, 70_000], [[person_at(1)], [person_at(2)]])
    export(poses, tmp_path / "x.c3d", "c3d", ExportOptions(rate_hz=1000))
    reader, points = read_c3d(tmp_path / "x.c3d")
    assert len(points) == 70_001
    assert reader.get("POINT:LONG_FRAMES").float_value == 70_001
    assert points[-1, 0, 2] == pytest.approx(-1000 * 2 / 64)
