"""Title and note: kept beside the session, read whatever the file holds, and nothing recorded is touched."""

import json
import os

import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.recording.about import LONGEST_NOTE, LONGEST_TITLE, SessionAbout, read_about, write_about
from desktop_pose.recording.library import delete
from desktop_pose.recording.session import ABOUT_FILE, LANDMARKS_FILE


def test_what_is_said_is_read_again_and_the_recording_is_untouched(finished_session):
    session = finished_session()
    before = (session / LANDMARKS_FILE).read_bytes()
    about = SessionAbout("Kniebeugen „links“", "Zweite Woche\nmit Schmerz 🦵")

    write_about(session, about)

    assert read_about(session) == about
    assert (session / LANDMARKS_FILE).read_bytes() == before
    assert json.loads((session / ABOUT_FILE).read_text("utf-8"))["title"] == about.title
    if os.name == "posix":
        assert (session / ABOUT_FILE).stat().st_mode & 0o777 == 0o600


def test_titles_are_one_line_and_both_have_an_end():
    about = SessionAbout("  two\nlines  " + "x" * 999, " note " * 9999)

    assert about.title.startswith("two lines x")
    assert len(about.title) == LONGEST_TITLE
    assert len(about.note) == LONGEST_NOTE


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"title": 3, "note": null}', b"\xff\xfe", b"[" * 99_000, b'{"other": ""}'],
)
def test_a_file_that_is_no_such_says_nothing(tmp_path, content):
    (tmp_path / ABOUT_FILE).write_bytes(content)

    assert read_about(tmp_path) == SessionAbout()


def test_texts_that_no_file_can_hold_are_kept_as_far_as_possible(tmp_path):
    write_about(tmp_path, SessionAbout("lone \ud800 half"))

    assert read_about(tmp_path).title == "lone ? half"


def test_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(RecordingError):
        write_about(tmp_path / "gone", SessionAbout("x"))


def test_it_is_deleted_with_the_session(finished_session):
    session = finished_session()
    write_about(session, SessionAbout("x"))

    delete(session)

    assert not session.exists()
