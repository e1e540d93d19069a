"""Disks that are full, gone or read-only: one sentence, and what was committed stays."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.errors import ExportError, RecordingError
from desktop_pose.core.settings import RecordingKind
from desktop_pose.engine.exports import EXPORTERS, export
from desktop_pose.recording.library import find_session, list_sessions, repair
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import SessionState
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import IS_ROOT_ON_LINUX, make_frame, make_header, make_poses, record


def write_until_refused(writer: SessionWriter) -> RecordingError:
    rng = np.random.default_rng(4)
    try:
        for index in range(1, 20_000):
            writer.write(make_frame(rng, index), make_poses(rng, index), 0)
    except RecordingError as error:
        return error
    pytest.fail("the recording was never refused")


@pytest.mark.parametrize("kind", list(RecordingKind))
def test_disk_that_fills_up(small_disk: Path, kind: RecordingKind) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_100_000))
    writer = SessionWriter.create(small_disk / "sessions", make_header(), kind)
    error = write_until_refused(writer)
    assert error.message == f"The disk of {writer.path} is full" or "video.mkv is full" in error.message
    assert "Free some space" in error.hint
    committed = writer.committed_frames
    assert committed > 40
    with pytest.raises(RecordingError, match="is full"):
        writer.finalise()
    (info,) = list_sessions(small_disk / "sessions")
    assert info.state is SessionState.INTERRUPTED
    with SessionReader.open(info.path) as reader:
        assert len(list(reader.frames())) == committed

    ballast.unlink()
    info = repair(info)
    assert (info.state, info.frame_count) == (SessionState.RECOVERED, committed)


def test_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("not a folder")
    with pytest.raises(RecordingError, match="is a file"):
        SessionWriter.create(tmp_path / "sessions", make_header(), RecordingKind.LANDMARKS)


def test_no_room_to_begin(small_disk: Path) -> None:
    with (small_disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError:
            pass
    with pytest.raises(RecordingError, match="is full"):
        SessionWriter.create(small_disk / "sessions", make_header(), RecordingKind.LANDMARKS)
    assert list((small_disk / "sessions").glob("*")) == []


@pytest.mark.parametrize("format_name", EXPORTERS)
def test_export_to_a_full_disk_leaves_nothing(sessions_dir: Path, small_disk: Path, format_name: str) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS)
    record(writer, 900)
    writer.finalise()
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(2 * 1024 * 1024 - 8192))
    with SessionReader.open(writer.path) as reader, pytest.raises(ExportError, match="is full"):
        export(reader, small_disk / "out", format_name)
    assert list(small_disk.iterdir()) == [ballast]


def test_disk_made_read_only(small_disk: Path) -> None:
    writer = SessionWriter.create(small_disk / "sessions", make_header(), RecordingKind.LANDMARKS)
    record(writer, 40)
    writer.finalise()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(RecordingError, match="cannot be written to"):
        SessionWriter.create(small_disk / "sessions", make_header(), RecordingKind.LANDMARKS)
    info = find_session(writer.path.name, small_disk / "sessions")
    with SessionReader.open(info.path) as reader:
        assert len(list(reader.frames())) == 40
        with pytest.raises(ExportError, match="cannot be written to"):
            export(reader, small_disk / "out.csv", "csv")


def test_interrupted_session_on_a_read_only_disk(sessions_dir: Path, small_disk: Path) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS)
    record(writer, 40)
    copy = small_disk / "copy"
    shutil.copytree(writer.path, copy, ignore=shutil.ignore_patterns("*-shm"))
    writer.finalise()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(RecordingError, match="cannot be opened where it is") as refusal:
        SessionReader.open(copy)
    assert "copy the folder" in refusal.value.hint
    assert list_sessions(small_disk) == ()


@pytest.mark.skipif(sys.platform == "win32" or IS_ROOT_ON_LINUX, reason="permissions do not bind this user")
def test_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(RecordingError, match="cannot be written to"):
        SessionWriter.create(tmp_path / "sessions", make_header(), RecordingKind.LANDMARKS)
    tmp_path.chmod(0o700)


def test_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "sessions"):
        with pytest.raises(RecordingError) as refusal:
            SessionWriter.create(place, make_header(), RecordingKind.LANDMARKS)
        assert str(place) in refusal.value.message


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete files that are open")
@pytest.mark.parametrize("kind", list(RecordingKind))
def test_folder_that_vanishes(sessions_dir: Path, kind: RecordingKind) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(), kind)
    rng = np.random.default_rng(4)
    writer.write(make_frame(rng, 0), make_poses(rng, 0), 0)
    shutil.rmtree(writer.path)
    assert "gone or cannot be reached" in write_until_refused(writer).message
    assert writer.committed_frames < 15
    with pytest.raises(RecordingError, match="gone or cannot be reached"):
        writer.finalise()
    writer.finalise()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete files that are open")
def test_folder_that_vanishes_before_the_end(sessions_dir: Path) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS)
    record(writer, 3)
    shutil.rmtree(sessions_dir)
    with pytest.raises(RecordingError, match="gone or cannot be reached"):
        writer.finalise()
