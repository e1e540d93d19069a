"""`sessions` on sessions that were really written."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta

import pytest

from desktop_pose.core import places, settings_file
from desktop_pose.core.own_command import own_command
from desktop_pose.core.settings import RecordingKind, Settings
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import STARTED, make_header, record


@pytest.fixture
def folder(tmp_path):
    """Two complete sessions."""
    folder = tmp_path / "sessions"
    for minutes in (0, 1):
        writer = SessionWriter.create(
            folder, make_header(started=STARTED + timedelta(minutes=minutes)), RecordingKind.LANDMARKS
        )
        record(writer, 20)
        writer.finalise()
    return folder


def test_list_as_json_is_newest_first(program, folder):
    found = program.json("sessions", "list", "--json", "--sessions-dir", folder)
    assert [item["id"] for item in found] == ["2026-11-21_14-04-22", "2026-11-21_14-03-22"]
    for item in found:
        assert {"id", "path", "state", "started", "duration_s"} <= item.keys()
        assert item["state"] == "complete"
        assert item["started"].endswith("+01:00")
        assert item["duration_s"] > 0


@pytest.mark.parametrize("arguments", [["sessions", "--json"], ["sessions", "--json", "list"]])
def test_list_is_what_happens_without_a_word(program, folder, arguments):
    assert len(program.json(*arguments, "--sessions-dir", folder)) == 2


def test_list_for_people(program, folder):
    result = program("sessions", "--sessions-dir", folder)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("2026-11-21_14-04-22")
    assert "complete" in lines[0]


def test_no_sessions(program, tmp_path):
    assert program.json("sessions", "--json", "--sessions-dir", tmp_path / "none") == []
    assert "No sessions" in program("sessions", "--sessions-dir", tmp_path / "none").stdout


def test_show_by_id_and_by_folder(program, folder):
    by_id = program.json("sessions", "show", "2026-11-21_14-03-22", "--json", "--sessions-dir", folder)
    by_folder = program.json("sessions", "show", folder / "2026-11-21_14-03-22", "--json")
    assert by_id == by_folder
    assert (by_id["frames"], by_id["kind"]) == (20, "landmarks")
    assert "started" in program("sessions", "show", folder / "2026-11-21_14-03-22").stdout


def test_repair_of_a_complete_session_changes_nothing(program, folder):
    repaired = program.json("sessions", "repair", "2026-11-21_14-03-22", "--json", "--sessions-dir", folder)
    assert repaired["state"] == "complete"


def test_delete(program, folder):
    result = program("sessions", "delete", "2026-11-21_14-03-22", "--sessions-dir", folder)
    assert result.exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["2026-11-21_14-04-22"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
@pytest.mark.parametrize(
    ("typed", "status", "is_kept"),
    [(b"y\n", 0, False), (b"\n", 1, True), (b"no\n", 1, True), (b"\x04", 1, True), (None, 130, True)],
    ids=["yes", "return", "no", "end of input", "SIGINT"],
)
def test_delete_asks_on_a_terminal(folder, typed, status, is_kept):
    import pty

    session = folder / "2026-11-21_14-03-22"
    ours, theirs = pty.openpty()
    command = [*own_command(), "sessions", "delete", str(session)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # on Linux the end of a terminal is an error
            while chunk := os.read(ours, 1000):
                shown += chunk
                if chunk.endswith(b"[y/N] "):
                    if typed is None:
                        process.send_signal(signal.SIGINT)
                    else:
                        os.write(ours, typed)
    os.close(ours)
    assert process.returncode == status, shown
    assert b"for good?" in shown
    assert session.exists() == is_kept


def test_damaged_session_is_told_and_can_be_deleted(program, folder):
    damaged = folder / "2026-11-21_14-03-22"
    (damaged / "landmarks.sqlite").write_bytes(b"no database at all" * 100)
    listed = program("sessions", "--json", "--sessions-dir", folder)
    assert [item["id"] for item in json.loads(listed.stdout)] == ["2026-11-21_14-04-22"]
    assert str(damaged) in listed.stderr
    assert len(listed.stderr.splitlines()) == 1
    assert program("sessions", "delete", damaged.name, "--sessions-dir", folder).exit_code == 0
    assert not damaged.exists()


@pytest.mark.parametrize("action", ["show", "repair", "delete"])
def test_unknown_session_is_1(program, folder, action):
    result = program("sessions", action, "2020-01-01_00-00-00", "--sessions-dir", folder)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_session_being_recorded_is_listed_so_and_not_deleted(program, tmp_path):
    writer = SessionWriter.create(tmp_path, make_header(), RecordingKind.LANDMARKS)
    try:
        record(writer, 5)
        (item,) = program.json("sessions", "--json", "--sessions-dir", tmp_path)
        assert item["state"] == "recording"
        result = program("sessions", "delete", item["id"], "--sessions-dir", tmp_path)
        assert result.exit_code == 1
        assert "being recorded" in result.stderr
    finally:
        writer.finalise()
    assert writer.path.is_dir()


def test_stored_folder_is_used(program, folder):
    settings_file.save(places.settings_file(), Settings(sessions_dir=str(folder)))
    try:
        assert len(json.loads(program("sessions", "--json").stdout)) == 2
    finally:
        places.settings_file().unlink()
