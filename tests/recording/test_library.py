"""Sessions listed, found, repaired, deleted."""

import logging
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording.library import delete, find_interrupted, find_session, list_sessions, repair
from desktop_pose.recording.session import LANDMARKS_FILE, SessionState
from desktop_pose.recording.writer import SessionWriter
from tests.capture.conftest import unprivileged
from tests.recording.conftest import make_header, record


def test_no_folder_no_sessions(tmp_path: Path) -> None:
    assert list_sessions(tmp_path / "none") == ()


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(RecordingError, match="cannot be read"):
        list_sessions(tmp_path / "file")


def test_newest_first_by_true_time(sessions_dir: Path) -> None:
    zones = {"2026-01-01T12:00:00": 0, "2026-01-01T12:30:00": 2, "2026-01-01T06:10:00": -6}
    for text, hours in zones.items():
        started = datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=hours)))
        SessionWriter.create(sessions_dir, make_header(started=started), RecordingKind.LANDMARKS).finalise()
    ids = [info.id for info in list_sessions(sessions_dir)]
    assert ids == ["2026-01-01_06-10-00", "2026-01-01_12-00-00", "2026-01-01_12-30-00"]


def test_damaged_and_foreign_folders_do_not_hide_the_rest(
    finished_session: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = finished_session(), finished_session()
    (bad / LANDMARKS_FILE).write_bytes(b"not a session")
    (good.parent / "holiday pictures").mkdir()
    (good.parent / "notes.txt").write_text("x")
    with caplog.at_level(logging.WARNING):
        assert [info.path for info in list_sessions(good.parent)] == [good]
    assert str(bad) in caplog.text


def test_found_by_id_and_by_folder(
    finished_session: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = finished_session()
    expected = find_session(path.name, path.parent)
    assert (expected.id, expected.path, expected.state) == (path.name, path, SessionState.COMPLETE)
    assert find_session(str(path), Path("/nowhere")) == expected
    monkeypatch.chdir(path)
    assert find_session(".", Path("/nowhere")).id == path.name


@pytest.mark.parametrize("text", ["", ".", "..", "nothing", "../x", "a\0b"])
def test_unknown_session(
    sessions_dir: Path, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecordingError, match="There is no session"):
        find_session(text, sessions_dir)


def test_a_session_that_may_not_be_entered_is_told_and_hides_none() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for child in ("2026-01-01_12-00-00", "2026-01-02_12-00-00"):
            (folder / child).mkdir(mode=0o700)
        with unprivileged():
            assert find_interrupted(folder) == list_sessions(folder) == ()
            with pytest.raises(RecordingError, match="may not be read"):
                find_session("2026-01-01_12-00-00", folder)
            with pytest.raises(RecordingError, match="There is no session"):
                find_session("x" * 300, folder)


def test_repair_leaves_a_complete_session_alone(finished_session: Callable[..., Path]) -> None:
    path = finished_session()
    before = (path / LANDMARKS_FILE).read_bytes()
    info = find_session(path.name, path.parent)
    assert repair(info) == info
    assert (path / LANDMARKS_FILE).read_bytes() == before


def test_repair_of_what_was_completed_meanwhile(sessions_dir: Path) -> None:
    """The list the user looks at may be old."""
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS)
    record(writer, 20)
    (seen,) = list_sessions(sessions_dir)
    writer.finalise()
    assert seen.state is SessionState.RECORDING
    assert repair(seen).state is SessionState.COMPLETE


def test_delete_takes_only_what_is_ours(finished_session: Callable[..., Path]) -> None:
    plain, with_notes = finished_session(20, RecordingKind.VIDEO), finished_session(20)
    (with_notes / "notes.txt").write_text("keep me")
    delete(plain)
    assert not plain.exists()
    delete(with_notes)
    assert [entry.name for entry in with_notes.iterdir()] == ["notes.txt"]
    assert list_sessions(plain.parent) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps such folders, and links are for few")
def test_delete_of_the_folder_one_is_in(finished_session: Callable[..., Path], monkeypatch) -> None:
    session = finished_session(3)
    monkeypatch.chdir(session)
    delete(Path())
    assert not session.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps such folders, and links are for few")
def test_delete_by_a_link_takes_both(finished_session: Callable[..., Path], tmp_path: Path) -> None:
    session, link = finished_session(3), tmp_path / "link"
    link.symlink_to(session)
    delete(link)
    assert not session.exists()
    assert not link.is_symlink()


def test_delete_of_what_is_gone(finished_session: Callable[..., Path]) -> None:
    path = finished_session()
    delete(path)
    with pytest.raises(RecordingError, match="gone"):
        delete(path)
