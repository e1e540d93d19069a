"""Frames CSV, to the letter."""

from pathlib import Path

import numpy as np

from desktop_pose.engine.exports import export
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses
from tests.recording.conftest import SIZE, make_person


def test_one_row_a_frame(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    frames = [
        RecordedFrame(0, 0, False, 0, ()),
        RecordedFrame(1, 33_366_700, True, 0, (make_person(rng),)),
        RecordedFrame(5, 3_600_000_000_499, False, 3, (make_person(rng), make_person(rng, 1))),
    ]
    export(TrackedPoses(SIZE, frames), tmp_path / "x.csv", "frames-csv")
    assert (tmp_path / "x.csv").read_bytes() == (
        b"frame,time_s,people,reused,dropped_before\n"
        b"0,0.000000,0,0,0\n"
        b"1,0.033367,1,1,0\n"
        b"5,3600.000000,2,0,3\n"
    )
