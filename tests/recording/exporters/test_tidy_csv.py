"""Tidy CSV, read back with the csv module and held against the session."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.engine.exports import export
from desktop_pose.recording.exporters import ExportOptions
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses
from tests.recording.conftest import SIZE, make_person

HEADER = (
    "frame,time_s,person,landmark,x_px,y_px,z_px,visibility,presence,world_x_m,world_y_m,world_z_m,reused\n"
)


def significant_digits(text: str) -> int:
    mantissa = text.lower().partition("e")[0].replace("-", "").replace(".", "")
    return len(mantissa.lstrip("0"))


@pytest.mark.parametrize("raw", [False, True])
def test_equals_the_session(finished_session: Callable[..., Path], tmp_path: Path, raw: bool) -> None:
    out = tmp_path / "out.csv"
    with SessionReader.open(finished_session(60)) as session:
        export(session, out, "csv", ExportOptions(raw=raw))
        recorded = list(session.frames())
    text = out.read_text("utf-8")
    assert text.startswith(HEADER)
    rows = iter(csv.DictReader(text.splitlines()))
    for frame in recorded:
        for person in frame.people:
            landmarks = person.raw_landmarks if raw else person.landmarks
            world = person.raw_world if raw else person.world
            for index, name in enumerate(LANDMARK_NAMES):
                row = next(rows)
                assert (row["frame"], row["person"]) == (str(frame.index), str(person.id))
                assert (row["landmark"], row["reused"]) == (name, str(int(frame.reused)))
                assert float(row["time_s"]) == pytest.approx(frame.time_ns / 1e9, abs=5.01e-7)
                assert len(row["time_s"].partition(".")[2]) == 6
                x, y, z, visibility, presence = landmarks[index].astype(float)
                position_px = (x * SIZE.width_px, y * SIZE.height_px, z * SIZE.width_px)
                expected = [*position_px, visibility, presence, *world[index]]
                texts = list(row.values())[4:12]
                assert [float(value) for value in texts] == pytest.approx(expected, rel=5.01e-6)
                assert all(significant_digits(value) <= 6 for value in texts)
    assert next(rows, None) is None


def test_a_row_to_the_letter(tmp_path: Path) -> None:
    """Written by hand from the contract."""
    landmarks = np.zeros((33, 5), np.float32)
    landmarks[0] = [0.5, -0.25, 0.125, 1.0, 0.75]
    landmarks[1] = [1 / 3, 2 / 3, -1e-6, np.nan, np.inf]
    world = np.zeros((33, 3), np.float32)
    world[0] = [0.0625, -1.5, -0.0]
    person = replace(make_person(np.random.default_rng(1), 4), landmarks=landmarks, world=world)
    frame = RecordedFrame(17, 1_234_567_500, True, 0, (person,))
    export(TrackedPoses(Size(1280, 720), [frame]), tmp_path / "x.csv", "csv")
    first, second, third, *rest = (tmp_path / "x.csv").read_text("utf-8").splitlines()[1:]
    assert first == "17,1.234568,4,nose,640,-180,160,1,0.75,0.0625,-1.5,0,1"
    assert second == "17,1.234568,4,left_eye_inner,426.667,480,-0.00128,,,0,0,0,1"
    assert third == "17,1.234568,4,left_eye,0,0,0,0,0,0,0,0,1"
    assert len(rest) == 30


def test_unknown_raw_is_empty(tmp_path: Path) -> None:
    person = make_person(np.random.default_rng(1), has_raw=False)
    frame = RecordedFrame(0, 0, False, 0, (person,))
    export(TrackedPoses(SIZE, [frame]), tmp_path / "x.csv", "csv", ExportOptions(raw=True))
    assert (tmp_path / "x.csv").read_text("utf-8").splitlines()[1] == "0,0.000000,0,nose,,,,,,,,,0"
