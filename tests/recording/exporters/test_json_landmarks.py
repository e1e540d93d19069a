"""JSON, read back with the json module: the very numbers that were recorded."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.engine.exports import export
from desktop_pose.recording.exporters import ExportOptions
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses
from tests.recording.conftest import SIZE, make_person


@pytest.mark.parametrize("raw", [False, True])
def test_round_trip(finished_session: Callable[..., Path], tmp_path: Path, raw: bool) -> None:
    out = tmp_path / "out.json"
    with SessionReader.open(finished_session(60)) as session:
        export(session, out, "json", ExportOptions(raw=raw))
        recorded, header = list(session.frames()), session.header
    document = json.loads(out.read_text("utf-8"))
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
    assert written == {"person": 0, "score": None, "landmarks": [[None] * 8] * 33}
    assert document["recording"] == {}
