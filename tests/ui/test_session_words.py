from pathlib import Path

from desktop_pose.core.errors import RecordingError
from desktop_pose.recording.about import SessionAbout
from desktop_pose.recording.catalogue import CatalogueEntry
from desktop_pose.recording.session import SessionState
from desktop_pose.ui.session_words import in_one_line, length_in_words, name_of, started_in_words
from tests.ui.test_export_dialog import session

DAMAGED = CatalogueEntry(
    Path("/s/broken"), SessionAbout(), problem=RecordingError("It is damaged", "Delete it")
)


def test_a_session_is_called_by_its_title_or_else_by_its_folder():
    assert (
        name_of(session("a", SessionState.COMPLETE, "2026-11-21T14:03:22+01:00", title="Squats")) == "Squats"
    )
    assert name_of(session("a", SessionState.COMPLETE, "2026-11-21T14:03:22+01:00")) == "a"


def test_a_line_holds_what_tells_sessions_apart():
    entry = session("a", SessionState.RECOVERED, "2026-11-21T14:03:22+01:00", 61.0, "Squats")
    assert in_one_line(entry) == f"Squats – {started_in_words(entry)}, 1:01, recovered"


def test_sessions_without_a_title_are_told_apart_to_the_second():
    entry = session("2026-11-21_14-03-22", SessionState.COMPLETE, "2026-11-21T14:03:22+01:00", 61.0)
    assert in_one_line(entry) == "2026-11-21_14-03-22, 1:01"


def test_a_long_title_leaves_room_for_the_rest():
    line = in_one_line(session("a", SessionState.COMPLETE, "2026-11-21T14:03:22+01:00", 61.0, "long " * 40))
    assert len(line) < 100
    assert line.endswith(", 1:01")


def test_of_a_damaged_session_only_the_folder_is_known():
    assert in_one_line(DAMAGED) == "broken"
    assert started_in_words(DAMAGED) == length_in_words(DAMAGED) == ""
