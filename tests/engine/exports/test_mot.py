"""MOT: its layout, and the angles against those of the pose core."""

import math
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.topology import ANGLE_NAMES
from desktop_pose.engine.exports import export
from desktop_pose.pose.kinematics import angles_of
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses
from tests.recording.conftest import SIZE, make_person


def test_mot(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    people = [make_person(rng) for _ in range(4)]
    times_ns = [0, 100_000_000, 600_000_000, 700_000_000]
    frames = [
        RecordedFrame(index, time_ns, False, 0, (person,))
        for index, (time_ns, person) in enumerate(zip(times_ns, people, strict=True))
    ]
    export(TrackedPoses(SIZE, frames), tmp_path / "x.mot", "mot")
    lines = (tmp_path / "x.mot").read_text("utf-8").splitlines()
    end = lines.index("endheader")
    assert {"version=1", "nRows=8", f"nColumns={len(ANGLE_NAMES) + 1}", "inDegrees=yes"} <= set(lines[:end])
    assert "x forward" in "".join(lines[:end])
    assert lines[end + 1].split("\t") == ["time", *ANGLE_NAMES]
    rows = [[float(cell) for cell in line.split("\t")] for line in lines[end + 2 :]]
    assert [row[0] for row in rows] == pytest.approx([number / 10 for number in range(8)])
    for row, person in zip([rows[0], rows[1], rows[6], rows[7]], people, strict=True):
        assert row[1:] == pytest.approx(angles_of(person).tolist(), abs=1e-4, nan_ok=True)
    assert all(math.isnan(angle) for row in rows[2:6] for angle in row[1:])
    assert any(not math.isnan(angle) for angle in rows[0][1:])
