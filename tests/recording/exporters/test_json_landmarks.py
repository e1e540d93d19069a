"""JSON, read back with the json module: the very numbers that were recorded."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desktop_pose.core.settings import RecordingKind
from desktop_pose.core.topology import ANGLE_NAMES, LANDMARK_NAMES
from desktop_pose.engine.exports import export
from desktop_pose.pose.kinematics import angles
from desktop_pose.recording.exporters import ExportOptions
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses
from desktop_pose.recording.session import Json
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import SIZE, make_header, make_person, record


@pytest.mark.parametrize("raw", [False, True])
def test_round_trip(finished_session: Callable[..., Path], tmp_path: Path, raw: bool) -> None:
    document, lines = tmp_path / "out.json", tmp_path / "out.jsonl"
    with SessionReader.open(finished_session(60)) as session:
        for out in (document, lines):
            export(session, out, out.suffix[1:], ExportOptions(raw=raw))
        recorded, header = list(session.frames()), session.header
    head, *frames = map(json.loads, lines.read_text("utf-8").splitlines())
    check_round_trip(json.loads(document.read_text("utf-8")), recorded, header, raw)
    check_round_trip(head | {"frames": frames}, recorded, header, raw)


def check_round_trip(
    document: dict[str, Any], recorded: list[RecordedFrame], header: dict[str, Json], raw: bool
) -> None:
    assert document["schema"] == 1
    assert (document["width_px"], document["height_px"]) == (SIZE.width_px, SIZE.height_px)
    assert document["values"] == ("raw" if raw else "smoothed")
    assert document["recording"] == header
    assert document["landmarks"] == list(LANDMARK_NAMES)
    assert document["columns"] == [
        "x_px", "y_px", "z_px", "visibility", "presence", "world_x_m", "world_y_m", "world_z_m",
    ]  # fmt: skip
    scale = np.array([SIZE.width_px, SIZE.height_px, SIZE.width_px, 1, 1])
    assert len(document["frames"]) == len(recorded)
    for written, frame in zip(document["frames"], recorded, strict=True):
        assert (written["frame"], written["reused"]) == (frame.index, frame.reused)
        assert round(written["time_s"] * 1e9) == frame.time_ns
        assert written["dropped_before"] == frame.dropped_before
        assert [person["person"] for person in written["people"]] == [person.id for person in frame.people]
        for person, expected in zip(written["people"], frame.people, strict=True):
            numbers = np.array(person["landmarks"])
            landmarks = (numbers[:, :5] / scale).astype(np.float32)
            assert landmarks.tobytes() == (expected.raw_landmarks if raw else expected.landmarks).tobytes()
            world = numbers[:, 5:].astype(np.float32)
            assert world.tobytes() == (expected.raw_world if raw else expected.world).tobytes()
            assert person["score"] == pytest.approx(expected.score, rel=1e-5)


def test_unknown_is_null(tmp_path: Path) -> None:
    person = replace(make_person(np.random.default_rng(1), has_raw=False), score=float("nan"))
    frame = RecordedFrame(0, 0, False, 0, (person,))
    export(TrackedPoses(SIZE, [frame]), tmp_path / "x.json", "json", ExportOptions(raw=True))
    document = json.loads((tmp_path / "x.json").read_text("utf-8"))
    (written,) = document["frames"][0]["people"]
    assert written == {"person": 0, "score": None, "angles": None, "landmarks": [[None] * 8] * 33}
    assert document["recording"] == {}
    assert (document["angles"], document["marks"]) == ([], [])


def test_angles_and_marks_are_those_recorded(sessions_dir: Path, tmp_path: Path) -> None:
    header = replace(make_header(), angle_names=ANGLE_NAMES)
    writer = SessionWriter.create(sessions_dir, header, RecordingKind.LANDMARKS, angles)
    record(writer, 20)
    writer.write_mark(0, 123_456_789, "")
    writer.write_mark(1, 200_000_001, "„links“, \n2")
    writer.finalise()
    with SessionReader.open(writer.path) as session:
        for name in ("json", "jsonl"):
            export(session, tmp_path / f"out.{name}", name)
        recorded = list(session.frames())
    document = json.loads((tmp_path / "out.json").read_text("utf-8"))
    head, *frames = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert document == head | {"frames": frames}
    assert document["angles"] == list(ANGLE_NAMES)
    assert [(round(mark["time_s"] * 1e9), mark["note"]) for mark in document["marks"]] == [
        (123_456_789, ""),
        (200_000_001, "„links“, \n2"),
    ]
    count = 0
    for written, frame in zip(document["frames"], recorded, strict=True):
        for person, expected in zip(written["people"], frame.angles, strict=True):
            degrees = np.array(person["angles"], np.float64).astype(np.float32)
            assert expected is not None
            assert np.array_equal(degrees, expected, equal_nan=True)
            count += 1
    assert count > 15
