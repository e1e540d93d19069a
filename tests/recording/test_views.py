"""The tidy views: what any program that speaks SQL reads of a session."""

import math
import re
import shutil
import sqlite3
import struct
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.poses import FramePoses, Person
from desktop_pose.core.settings import RecordingKind
from desktop_pose.core.topology import ANGLE_NAMES, LANDMARK_NAMES
from desktop_pose.recording.rows import FrameDetails
from desktop_pose.recording.session import LANDMARKS_FILE
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import INTERVAL_NS, SIZE, make_frame, make_header, make_poses

ROOT = Path(__file__).parents[2]

Session = tuple[Path, dict[tuple[int, int], Person]]
"""The file, and who was recorded in it by frame and person."""

STRANGE = (0.0, -0.0, math.nan, math.inf, -math.inf, 1e-40, -1e-45, 3.4e38, -3.4e38, 1.0, -1.5, 1 / 3)
"""Numbers at the ends of what 32 bits hold, and beyond them."""


SIZE_SCALE = (SIZE.width_px, SIZE.height_px, SIZE.width_px)


def measure(world: np.ndarray, _visibility: np.ndarray) -> np.ndarray:
    """Stands for the joint angles: as many numbers, known and told apart."""
    degrees = np.arange(len(ANGLE_NAMES), dtype=np.float32) + world[:, :1, 0]
    degrees[:, 3] = np.nan
    return degrees


@pytest.fixture
def session(sessions_dir: Path) -> Session:
    header = replace(make_header(), angle_names=ANGLE_NAMES)
    writer = SessionWriter.create(sessions_dir, header, RecordingKind.LANDMARKS, measure)
    rng = np.random.default_rng(8)
    people = {}
    for index in range(30):
        poses = make_poses(rng, index, has_raw=index < 20)
        if index == 5:
            landmarks = np.resize(np.array(STRANGE, np.float32), (33, 5))
            poses = FramePoses((replace(poses.people[0], landmarks=landmarks),))
        losses = {"inference": 2, "bad": 1} if index == 7 else {}
        writer.write(make_frame(rng, index), poses, sum(losses.values()), FrameDetails(losses=losses))
        people |= {(index, person.id): person for person in poses.people}
    writer.write_mark(1, 12 * INTERVAL_NS, "")
    writer.write_mark(2, 20 * INTERVAL_NS, "second jump")
    writer.write_mark(1, 12 * INTERVAL_NS, "first „jump“")
    writer.finalise()
    return writer.path / LANDMARKS_FILE, people


def finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def test_landmarks_are_exactly_what_was_recorded(
    session: Session,
) -> None:
    file, people = session
    columns = (
        "frame, time_s, person, landmark, x_px, y_px, z_px, visibility, presence,"
        " world_x_m, world_y_m, world_z_m, reused"
    )
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(f"SELECT {columns} FROM tidy_landmarks").fetchall()
    assert len(rows) == 33 * len(people)
    for row in rows:
        person, number = people[row[0], row[2]], LANDMARK_NAMES.index(row[3])
        image = person.landmarks[number].astype(float) * (*SIZE_SCALE, 1, 1)
        assert row[4:9] == tuple(finite(value) for value in image)
        assert row[9:12] == tuple(finite(value) for value in person.world[number])
        assert row[1] == row[0] * INTERVAL_NS / 1e9
        assert row[12] == int(row[0] % 3 == 2 and row[0] != 5)


def test_raw_landmarks_are_null_where_there_are_none(
    session: Session,
) -> None:
    file, people = session
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(
            "SELECT frame, person, world_y_m FROM tidy_raw_landmarks WHERE landmark = 'left_knee'"
        ).fetchall()
    assert len(rows) == len(people)
    for frame, person, value in rows:
        raw = people[frame, person].raw_world
        assert value == (None if raw is None else raw[LANDMARK_NAMES.index("left_knee"), 1])


def test_angles_by_name(session: Session) -> None:
    file, people = session
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT frame, person, angle, degrees FROM tidy_angles").fetchall()
    assert len(rows) == len(ANGLE_NAMES) * len(people)
    for frame, person, angle, degrees in rows:
        number = ANGLE_NAMES.index(angle)
        expected = np.float32(number) + people[frame, person].world[0, 0]
        assert degrees == (None if number == 3 else expected)


def test_frames_say_why_frames_before_them_are_missing(
    session: Session,
) -> None:
    file, _ = session
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(
            "SELECT frame, people, dropped_before, dropped_because FROM tidy_frames WHERE frame IN (7, 8)"
        ).fetchall()
        assert rows == [(7, 1, 3, "inference 2, bad 1"), (8, 1, 0, None)]
        assert connection.execute("SELECT mark, note FROM marks").fetchall() == [
            (1, "first „jump“"),
            (2, "second jump"),
        ]


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="SQLite's own shell is not installed")
def test_sqlites_own_shell_reads_them(session: Session) -> None:
    file, people = session
    query = "SELECT count(*), count(x_px) FROM tidy_landmarks"
    run = subprocess.run(["sqlite3", file, query], capture_output=True, text=True, check=True)
    known = sum(int(np.isfinite(person.landmarks[:, 0]).sum()) for person in people.values())
    assert run.stdout.strip() == f"{33 * len(people)}|{known}"


def test_the_documented_python_reads_a_session(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    file, people = session
    monkeypatch.chdir(file.parent)
    text = (ROOT / "docs" / "session-format.md").read_text("utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(block, names)  # what the manual tells its readers to run
    poses, knee = names["poses"], names["knee"]
    assert isinstance(poses, dict)
    assert poses.keys() == people.keys()
    for key, person in people.items():
        assert poses[key].tobytes() == person.landmarks.tobytes()
    assert isinstance(knee, list)
    assert len(knee) == len(people)


def test_the_documented_sql_runs(session: Session) -> None:
    text = (ROOT / "docs" / "session-format.md").read_text("utf-8")
    blocks = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    assert blocks
    with closing(sqlite3.connect(session[0])) as connection:
        for block in blocks:
            for statement in block.split(";"):
                if statement.strip():
                    assert connection.execute(statement).fetchone() is not None


def test_the_documented_r_and_matlab_take_blobs_apart_as_they_are_stored(
    session: Session,
) -> None:
    """Neither runs here: what their snippets do to a blob is done by hand."""
    file, people = session
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT frame, person, landmarks FROM people").fetchall()
    for frame, person, blob in rows:
        numbers = struct.unpack("<165f", blob)  # readBin(b, "numeric", 165, size = 4, endian = "little")
        landmarks = people[frame, person].landmarks
        np.testing.assert_array_equal(np.array(numbers, np.float32).reshape(33, 5), landmarks)
