"""What the writer leaves on disk, and when."""

import sqlite3
import sys
import weakref
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FramePoses
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.schema import VERSION
from desktop_pose.recording.session import LANDMARKS_FILE, SessionState, size_bytes
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import SIZE, make_frame, make_header, make_person, make_poses, record


@pytest.fixture
def writer(sessions_dir: Path):
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS)
    yield writer
    writer.finalise()


def test_folder_is_named_after_the_start_and_private(writer: SessionWriter, sessions_dir: Path) -> None:
    assert writer.path == sessions_dir / "2026-11-21_14-03-22"
    if sys.platform != "win32":
        assert sessions_dir.stat().st_mode & 0o777 == 0o700
        assert writer.path.stat().st_mode & 0o777 == 0o700
        record(writer, 30)
        assert {path.stat().st_mode & 0o777 for path in writer.path.iterdir()} == {0o600}


def test_sessions_of_one_second_get_their_own_folders(writer: SessionWriter, sessions_dir: Path) -> None:
    others = [SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS) for _ in range(2)]
    assert [other.path.name for other in others] == ["2026-11-21_14-03-22_2", "2026-11-21_14-03-22_3"]
    for other in others:
        other.finalise()


def test_complete_session_is_one_file(finished_session: Callable[..., Path]) -> None:
    path = finished_session(100)
    assert [entry.name for entry in path.iterdir()] == [LANDMARKS_FILE]
    with closing(sqlite3.connect(path / LANDMARKS_FILE)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert connection.execute("PRAGMA application_id").fetchone() == (0x44504F53,)
        assert connection.execute("SELECT count(*) FROM frames").fetchone() == (100,)


def test_commits_within_half_a_second_of_capture_time(writer: SessionWriter) -> None:
    uncommitted_since_ns = None
    rng = np.random.default_rng(1)
    for index in range(200):
        frame = make_frame(rng, index)
        before = writer.committed_frames
        writer.write(frame, make_poses(rng, index), 0)
        if uncommitted_since_ns is None:
            uncommitted_since_ns = frame.capture_ns
        assert frame.capture_ns - uncommitted_since_ns <= 500_000_000
        if writer.committed_frames > before:
            assert writer.committed_frames == index + 1
            with SessionReader.open(writer.path) as reader:
                assert reader.frame_count == index + 1
                assert reader.info.state is SessionState.RECORDING
            uncommitted_since_ns = None


def test_commit_on_demand(writer: SessionWriter) -> None:
    rng = np.random.default_rng(1)
    writer.write(make_frame(rng, 0), make_poses(rng, 0), 0)
    writer.write_drops(5, 2, "recorder")
    assert writer.committed_frames == 0
    writer.commit()
    assert writer.committed_frames == 1
    with SessionReader.open(writer.path) as reader:
        assert (reader.frame_count, len(reader.drops())) == (1, 1)


@pytest.mark.parametrize("kind", list(RecordingKind))
def test_keeps_no_frame_in_memory(sessions_dir: Path, kind: RecordingKind) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(), kind)
    rng = np.random.default_rng(1)
    images = []
    for index in range(50):
        frame = make_frame(rng, index)
        writer.write(frame, make_poses(rng, index), 0)
        images.append(weakref.ref(frame.image))
        del frame
    assert [image() for image in images] == [None] * 50
    writer.finalise()


def test_finalised_while_somebody_reads(writer: SessionWriter) -> None:
    record(writer, 30)
    seen = writer.committed_frames
    with SessionReader.open(writer.path) as reader:
        frames = reader.frames()
        next(frames)
        writer.finalise()
        assert len(list(frames)) == seen - 1
    with SessionReader.open(writer.path) as reader:
        assert reader.info.state is SessionState.COMPLETE
        assert len(list(reader.frames())) == 30


def test_knows_its_size(writer: SessionWriter) -> None:
    empty = writer.bytes_written
    assert empty > 0
    record(writer, 120)
    assert writer.bytes_written > empty + 100 * 2000
    writer.finalise()
    assert writer.bytes_written == size_bytes(writer.path)


def test_session_without_frames(sessions_dir: Path) -> None:
    for kind in RecordingKind:
        writer = SessionWriter.create(sessions_dir, make_header(), kind)
        writer.finalise()
        writer.finalise()
        with SessionReader.open(writer.path) as reader:
            assert reader.info.state is SessionState.COMPLETE
            assert (reader.info.duration_s, list(reader.frames()), reader.videos()) == (None, [], ())


@pytest.mark.parametrize(("index", "time_ns"), [(3, 10**9), (2, 10**9), (4, 99_000_000)])
def test_refuses_frames_out_of_order(writer: SessionWriter, index: int, time_ns: int) -> None:
    rng = np.random.default_rng(1)
    writer.write(replace(make_frame(rng, 3), time_ns=100_000_000), FramePoses(()), 0)
    with pytest.raises(ValueError, match="comes after"):
        writer.write(replace(make_frame(rng, index), time_ns=time_ns), FramePoses(()), 0)


def test_refuses_another_size_and_stays_whole(sessions_dir: Path) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.VIDEO)
    record(writer, 5)
    rng = np.random.default_rng(1)
    with pytest.raises(RecordingError, match=f"is 48x64 now, and the session holds {SIZE}"):
        writer.write(make_frame(rng, 50, Size(48, 64)), FramePoses(()), 0)
    writer.finalise()
    with SessionReader.open(writer.path) as reader:
        assert (reader.frame_count, reader.info.state) == (5, SessionState.COMPLETE)


def test_start_needs_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        make_header(started=datetime(2026, 1, 1))  # noqa: DTZ001  # the point of the test


def test_unknown_score(writer: SessionWriter) -> None:
    rng = np.random.default_rng(1)
    person = replace(make_person(rng), score=float("nan"))
    writer.write(make_frame(rng, 0), FramePoses((person,)), 0)
    writer.finalise()
    with SessionReader.open(writer.path) as reader:
        (frame,) = reader.frames()
    assert np.isnan(frame.people[0].score)
