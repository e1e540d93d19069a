"""Sessions of every format there ever was: they open, read as they were recorded, and stay as they are.

That of today is among them, so that a change of it without a new number shows.
"""

import csv
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.pose.kinematics import angles_of
from desktop_pose.recording.library import repair
from desktop_pose.recording.reader import Drop, ResourceSample, SessionReader, SettingChange
from desktop_pose.recording.recorded import Mark
from desktop_pose.recording.schema import VERSION
from desktop_pose.recording.session import LANDMARKS_FILE, VIDEO_FILE, SessionState
from tests.recording.conftest import CAPTURE_START_NS, INTERVAL_NS

STORED = Path(__file__).parent / "versions"
"""Written by the programs of their time; `N_complete.csv` is what that program exported."""

MARKS = {1: (), 2: (Mark(0, 3 * INTERVAL_NS, "hier"),)}
ANGLES_SINCE = 2
FRAMES = (0, 1, 2, 5, 6, 7, 8, 9, 10, 11)


@pytest.fixture(params=range(1, VERSION + 1))
def version(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture(params=["complete", "interrupted"])
def session(request: pytest.FixtureRequest, version: int, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    shutil.copytree(STORED / f"{version}_{request.param}", path)
    return path


def exported(version: int) -> dict[tuple[int, int], list[list[float]]]:
    people: dict[tuple[int, int], list[list[float]]] = {}
    with (STORED / f"{version}_complete.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values = [float(row[name]) for name in ("x_px", "y_px", "z_px", "world_x_m", "world_z_m")]
            people.setdefault((int(row["frame"]), int(row["person"])), []).append(values)
    return people


def test_old_session_reads_as_it_was_recorded(session: Path, version: int) -> None:
    before = (session / LANDMARKS_FILE).read_bytes()
    with SessionReader.open(session) as reader:
        expected_state = SessionState.COMPLETE if session.name == "complete" else SessionState.INTERRUPTED
        assert (reader.info.state, reader.frame_count, reader.size) == (expected_state, 10, Size(64, 48))
        frames = list(reader.frames())
        assert reader.drops() == (Drop(5 * INTERVAL_NS, 2, "recorder", frame=5),)
        assert reader.setting_changes() == (SettingChange(5 * INTERVAL_NS, "model", "lite"),)
        assert reader.resource_samples() == (ResourceSample(5 * INTERVAL_NS, 31.5, None, {"main": 4.5}),)
        assert reader.marks() == MARKS[version]
        (video,) = reader.videos()
        assert (video.path, video.size, video.first_frame) == (session / VIDEO_FILE, Size(64, 48), 0)
        assert reader.timeline().video_frames.tolist() == list(range(10))
        assert reader.frame(5) is not None
    assert tuple(frame.index for frame in frames) == FRAMES
    assert [frame.dropped_before for frame in frames] == [0, 0, 0, 2, 0, 0, 0, 0, 0, 0]
    assert [frame.capture_ns for frame in frames] == [CAPTURE_START_NS + n * INTERVAL_NS for n in FRAMES]
    people = {(frame.index, person.id): person for frame in frames for person in frame.people}
    known = exported(version)
    assert people.keys() == known.keys()
    for key, person in people.items():
        scaled = person.landmarks[:, :3] * np.array((64, 48, 64), np.float32)
        values = np.hstack((scaled, person.world[:, [0, 2]]))
        np.testing.assert_allclose(values, known[key], rtol=1e-5, atol=1e-5)
        assert (person.raw_landmarks is None) == (key[0] >= 8)
    for frame in frames:
        for person, degrees in zip(frame.people, frame.angles, strict=True):
            assert (degrees is None) == (version < ANGLES_SINCE)
            if degrees is not None:
                np.testing.assert_allclose(degrees, angles_of(person), atol=0.01)
    assert (session / LANDMARKS_FILE).read_bytes() == before


def test_old_session_is_repaired(session: Path) -> None:
    with SessionReader.open(session) as reader:
        before = list(reader.frames())
    info = repair(reader.info)
    assert info.state is (SessionState.COMPLETE if session.name == "complete" else SessionState.RECOVERED)
    with SessionReader.open(session) as reader:
        after = list(reader.frames())
    assert [frame.time_ns for frame in after] == [frame.time_ns for frame in before]
    assert {entry.name for entry in session.iterdir()} == {LANDMARKS_FILE, VIDEO_FILE}


def test_damaged_page_of_a_format_without_checksums_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "session"
    shutil.copytree(STORED / "1_complete", path)
    file = path / LANDMARKS_FILE
    with closing(sqlite3.connect(file)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'people'").fetchone()
        (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[(root - 1) * page_bytes + 1 : (root - 1) * page_bytes + 9] = bytes(8)  # free blocks and cells
    file.write_bytes(content)
    with SessionReader.open(path) as reader, pytest.raises(RecordingError, match="cannot be read"):
        list(reader.frames())
