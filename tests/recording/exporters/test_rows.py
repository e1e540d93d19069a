"""Wide CSV, JSON Lines and DeepLabCut's CSV, to the letter or against their sisters."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.engine.exports import export
from desktop_pose.recording.exporters import ExportOptions
from desktop_pose.recording.reader import SessionReader
from tests.recording.exporters.making import person_at, recording


@pytest.mark.parametrize("raw", [False, True])
def test_wide_csv_holds_what_tidy_csv_holds(
    finished_session: Callable[..., Path], tmp_path: Path, raw: bool
) -> None:
    with SessionReader.open(finished_session(30)) as session:
        for name in ("csv", "wide-csv"):
            export(session, tmp_path / name, name, ExportOptions(raw=raw))
    with (tmp_path / "csv").open(newline="") as file:
        tidy = iter(list(csv.DictReader(file)))
    with (tmp_path / "wide-csv").open(newline="") as file:
        for row in csv.DictReader(file):
            for name in LANDMARK_NAMES:
                expected = next(tidy)
                assert expected["landmark"] == name
                for column in ("frame", "time_s", "person", "reused"):
                    assert row[column] == expected[column]
                for column in list(expected)[4:12]:
                    assert row[f"{name}_{column}"] == expected[column]
    assert next(tidy, None) is None


@pytest.mark.parametrize("raw", [False, True])
def test_json_lines_hold_what_json_holds(
    finished_session: Callable[..., Path], tmp_path: Path, raw: bool
) -> None:
    with SessionReader.open(finished_session(30)) as session:
        for name in ("json", "jsonl"):
            export(session, tmp_path / name, name, ExportOptions(raw=raw))
    document = json.loads((tmp_path / "json").read_text("utf-8"))
    head, *frames = map(json.loads, (tmp_path / "jsonl").read_text("utf-8").splitlines())
    assert frames == document.pop("frames")
    assert head == document


def test_deeplabcut_of_one_person(tmp_path: Path) -> None:
    poses = recording([0, 40, 80], [[person_at(0.25)], [], [person_at(1 / 3)]])
    export(poses, tmp_path / "x.csv", "deeplabcut")
    rows = list(csv.reader((tmp_path / "x.csv").read_text("utf-8").splitlines()))
    assert rows[0] == ["scorer", *["desktop-pose_full"] * 99]
    assert rows[1] == ["bodyparts", *(name for name in LANDMARK_NAMES for _ in range(3))]
    assert rows[2] == ["coords", *["x", "y", "likelihood"] * 33]
    assert rows[3] == ["0", *["16", "16", "0.75"] * 33]
    assert rows[4] == ["1", *[""] * 99]
    assert rows[5] == ["2", *["21.3333", "21.3333", "0.75"] * 33]
    assert len(rows) == 6


def test_deeplabcut_of_several_people(tmp_path: Path) -> None:
    poses = recording([0, 40], [[person_at(0.5), person_at(0.25, 3)], [person_at(0.25, 3)]])
    export(poses, tmp_path / "x.csv", "deeplabcut")
    rows = list(csv.reader((tmp_path / "x.csv").read_text("utf-8").splitlines()))
    assert [row[0] for row in rows] == ["scorer", "individuals", "bodyparts", "coords", "0", "1"]
    assert rows[1][1:] == ["person0"] * 99 + ["person3"] * 99
    assert rows[4][1:] == ["32", "32", "0.75"] * 33 + ["16", "16", "0.75"] * 33
    assert rows[5][1:] == [""] * 99 + ["16", "16", "0.75"] * 33
