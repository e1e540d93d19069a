"""What the window does with recorded sessions: real jobs on real sessions."""

import os
import shutil

import numpy as np
import pytest
from PySide6.QtCore import QObject

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.settings import RecordingKind
from desktop_pose.engine.library import Library
from desktop_pose.engine.thumbnails import GROUND, THUMBNAIL_SIZE, ThumbnailCache
from desktop_pose.recording.about import SessionAbout, read_about
from desktop_pose.recording.session import LANDMARKS_FILE, SessionState
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import finished_session, make_header, record, sessions_dir  # noqa: F401


@pytest.fixture
def library(qapp, tmp_path, sessions_dir):  # noqa: F811
    parent = QObject()
    made = Library(sessions_dir, tmp_path / "cache", parent)
    yield made
    assert made.wait(monotonic_ns() + 5 * NS_PER_S)


def result_of(qtbot, job):
    with qtbot.waitSignal(job.succeeded, timeout=10_000) as caught:
        pass
    return caught.args[0]


def pixels_of(image):
    return np.frombuffer(image.bits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3]


def test_sessions_are_listed_described_and_listed_again(library, qtbot, finished_session):  # noqa: F811
    session = finished_session(5)
    (entry,) = result_of(qtbot, library.list_entries())
    assert (entry.path, entry.about) == (session, SessionAbout())

    changed = result_of(qtbot, library.describe(session, SessionAbout("squats", "left knee")))

    assert changed.about == read_about(session) == SessionAbout("squats", "left knee")
    assert result_of(qtbot, library.list_entries()) == (changed,)


def test_interrupted_sessions_are_repaired(library, qtbot, finished_session, sessions_dir):  # noqa: F811
    whole = finished_session(5)
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS)
    record(writer, 30)
    writer.commit()
    shutil.copytree(writer.path, sessions_dir / "interrupted")
    writer.finalise()

    outcome = result_of(qtbot, library.repair([whole, sessions_dir / "interrupted", sessions_dir / "none"]))

    assert outcome.done == (whole, sessions_dir / "interrupted")
    assert ["There is no session" in str(problem) for problem in outcome.problems] == [True]
    states = {entry.path.name: entry.info.state for entry in result_of(qtbot, library.list_entries())}
    assert states["interrupted"] is SessionState.RECOVERED


@pytest.mark.skipif(os.name != "posix", reason="the trash of Windows and macOS is not the tests' to fill")
def test_sessions_go_to_the_trash_unless_they_are_recorded(
    library,
    qtbot,
    finished_session,  # noqa: F811
    sessions_dir,  # noqa: F811
):
    session = finished_session(5)
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS)
    result_of(qtbot, library.look_into((session,)))

    outcome = result_of(qtbot, library.move_to_trash([session, writer.path]))
    writer.finalise()

    assert outcome.done == (session,)
    assert "is being recorded" in str(outcome.problems[0])
    assert not session.exists()
    assert not list(library._previews._folder.iterdir())


def test_previews_show_the_skeleton_or_the_picture(finished_session):  # noqa: F811
    cache = ThumbnailCache(None)
    plain = cache.preview(finished_session(40))
    filmed = cache.preview(finished_session(40, RecordingKind.VIDEO))

    assert plain.people == filmed.people == 2
    corner = pixels_of(plain.image)[0, 0]
    assert corner.tolist() == list(GROUND)
    assert (plain.image.width(), plain.image.height()) == (THUMBNAIL_SIZE.width_px, THUMBNAIL_SIZE.height_px)
    rows, columns = np.nonzero(pixels_of(plain.image).max(axis=2) > 150)  # bright: not a hair of a line
    assert max(np.ptp(rows) / THUMBNAIL_SIZE.height_px, np.ptp(columns) / THUMBNAIL_SIZE.width_px) > 0.7
    assert filmed.image.width() == 144  # 4 to 3
    grey = 13 * 7 % 200 + 21.5
    assert abs(np.median(pixels_of(filmed.image)) - grey) < 12


def test_previews_are_kept_until_the_session_changes(tmp_path, finished_session):  # noqa: F811
    cache = ThumbnailCache(tmp_path / "cache")
    session = finished_session(20)
    made = cache.preview(session)
    (kept,) = (tmp_path / "cache").iterdir()
    if os.name == "posix":
        assert kept.stat().st_mode & 0o777 == 0o600
        assert kept.parent.stat().st_mode & 0o777 == 0o700
    written = kept.stat().st_mtime_ns

    again = cache.preview(session)

    assert again.people == made.people
    assert (pixels_of(again.image) == pixels_of(made.image)).all()
    assert kept.stat().st_mtime_ns == written
    os.utime(session / LANDMARKS_FILE, ns=(1, 1))
    cache.preview(session)
    assert kept.stat().st_mtime_ns != written
    kept.write_bytes(b"no picture")
    assert cache.preview(session).people == made.people


def test_previews_go_with_their_sessions(tmp_path, finished_session, sessions_dir):  # noqa: F811
    cache = ThumbnailCache(tmp_path / "cache")
    first, second = finished_session(10), finished_session(10)
    for session in (first, second):
        cache.preview(session)

    cache.forget_all_but(tmp_path / "other folder", [])
    assert len(list((tmp_path / "cache").iterdir())) == 2
    cache.forget_all_but(sessions_dir, [first])
    assert len(list((tmp_path / "cache").iterdir())) == 1
    cache.forget([first])
    assert not list((tmp_path / "cache").iterdir())


def test_previews_that_cannot_be_removed_are_no_failure(tmp_path, finished_session, sessions_dir):  # noqa: F811
    cache = ThumbnailCache(tmp_path / "cache")
    session = finished_session(10)
    cache.preview(session)
    (kept,) = (tmp_path / "cache").iterdir()
    kept.unlink()
    kept.mkdir()
    cache.forget([session])
    cache.forget_all_but(sessions_dir, [])
    assert kept.is_dir()


def test_there_is_nothing_to_see_of_empty_and_damaged_sessions(tmp_path, finished_session):  # noqa: F811
    cache = ThumbnailCache(tmp_path / "cache")
    empty, damaged = finished_session(0), finished_session(5)
    (damaged / LANDMARKS_FILE).write_bytes(b"nonsense")

    assert (cache.preview(empty).image, cache.preview(empty).people) == (None, 0)
    assert (cache.preview(damaged).image, cache.preview(damaged).people) == (None, None)
    assert cache.preview(tmp_path / "gone").image is None
