"""The list of all sessions, whatever state they are in."""

import shutil

import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.recording.about import SessionAbout, write_about
from desktop_pose.recording.catalogue import read_catalogue, read_entry
from desktop_pose.recording.session import LANDMARKS_FILE, SessionState


def go_on(done, total):
    return True


def test_no_folder_is_an_empty_list(sessions_dir):
    assert read_catalogue(sessions_dir, go_on) == ()


def test_a_folder_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="cannot be read"):
        read_catalogue(tmp_path / "file", go_on)


def test_sound_and_damaged_sessions_with_what_the_user_says(finished_session, sessions_dir):
    sound, damaged = finished_session(), finished_session()
    (damaged / LANDMARKS_FILE).write_bytes(b"nonsense")
    write_about(sound, SessionAbout("first", "good"))
    (sessions_dir / "holiday").mkdir()

    first, second = read_catalogue(sessions_dir, go_on)

    assert (first.path, first.about.title, first.info.state) == (sound, "first", SessionState.COMPLETE)
    assert (second.path, second.info) == (damaged, None)
    assert "cannot be read" in str(second.problem)
    assert second.started is None
    assert read_entry(sound) == first


def test_reading_tells_how_far_it_is_and_can_be_given_up(finished_session, sessions_dir):
    first = finished_session(3)
    for number in range(49):
        shutil.copytree(first, sessions_dir / f"copy {number}")
    told = []

    entries = read_catalogue(sessions_dir, lambda done, total: told.append((done, total)) or True)

    assert len(entries) == 50
    assert told == [(0, 50), (20, 50), (40, 50)]
    assert read_catalogue(sessions_dir, lambda done, total: done == 0) is None
