"""Tracking a session's video again, and comparing: real sessions and videos, a fake tracker."""

import numpy as np
import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FramePoses, Person
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import PoseModel, RecordingKind, Settings, Smoothing
from desktop_pose.engine.comparison import compare
from desktop_pose.engine.retracking import track_again
from desktop_pose.recording.about import SessionAbout, read_about, write_about
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import LANDMARKS_FILE, VIDEO_FILE, SessionState
from desktop_pose.recording.video_reader import SessionVideo
from desktop_pose.recording.writer import SessionWriter
from tests.engine.support import FakeTracker
from tests.recording.conftest import finished_session, make_frame, make_header, sessions_dir  # noqa: F401

SETTINGS = Settings(model=PoseModel.LITE, smoothing=Smoothing.STRONG, threads=1)


class GreyTracker(FakeTracker):
    """Finds one person whose landmarks say how bright the picture is."""

    def track(self, image, time_ns, probe=None):
        self.times_ns.append(time_ns)
        landmarks = np.full((33, 5), image.mean() / 255, np.float32)
        return FramePoses((Person(0, landmarks, np.zeros((33, 3), np.float32), None, None, 0.5),))


def go_on(done, total):
    return True


def retrack(session, tracker=None, progress=go_on):
    tracker = tracker or GreyTracker()
    return track_again(session, SETTINGS, resources_dir() / "models", lambda: tracker, progress)


def test_the_new_session_has_the_old_video_times_and_marks_and_other_landmarks(
    sessions_dir,  # noqa: F811
):
    rng = np.random.default_rng(3)
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.VIDEO)
    for index in (0, 1, 2, 5, 6):
        writer.write(make_frame(rng, index), FramePoses(()), 2 if index == 5 else 0)
    writer.write_mark(1, 40_000_000, "here")
    writer.finalise()
    write_about(writer.path, SessionAbout("Squats", "a note"))
    before = {path.name: path.read_bytes() for path in writer.path.iterdir()}
    tracker = GreyTracker()

    made = retrack(writer.path, tracker)

    assert tracker.is_closed
    assert {path.name: path.read_bytes() for path in writer.path.iterdir()} == before
    assert (made / VIDEO_FILE).read_bytes() == before[VIDEO_FILE]
    assert read_about(made) == SessionAbout("Squats (again: lite, strong smoothing)", "a note")
    with SessionReader.open(made) as again, SessionReader.open(writer.path) as original:
        assert again.info.state is SessionState.COMPLETE
        assert again.info.started == original.info.started
        assert (again.info.model, original.info.model) == ("lite", "full")
        assert again.header["tracked_from"] == writer.path.name
        assert again.header["settings"]["smoothing"] == "strong"
        assert again.header["settings"]["mirror"] is None
        assert again.marks() == original.marks()
        old, new = list(original.frames()), list(again.frames())
        for name in ("index", "time_ns", "capture_ns", "dropped_before"):
            assert [getattr(frame, name) for frame in new] == [getattr(frame, name) for frame in old]
        assert [round(255 * frame.people[0].landmarks[0, 0]) for frame in new] == pytest.approx(
            [frame.index * 7 % 200 + 21.5 for frame in new], abs=3
        )
        assert all(frame.angles[0] is not None for frame in new)
        with SessionVideo(again, again.timeline()) as video:
            assert video.picture(4).mean() == pytest.approx(6 * 7 + 21.5, abs=3)
    assert not list(sessions_dir.glob(".*"))


def test_nothing_is_left_of_one_that_was_cancelled_or_failed(finished_session, sessions_dir):  # noqa: F811
    class Broken(FakeTracker):
        def track(self, image, time_ns, probe=None):
            raise RecordingError("The fake is broken", "Mend it")

    session = finished_session(20, RecordingKind.VIDEO)
    left = sessions_dir / ".tracking-dead"
    left.mkdir()

    assert retrack(session, progress=lambda done, total: done < 5) is None
    with pytest.raises(RecordingError, match="broken"):
        retrack(session, Broken())

    assert list(sessions_dir.iterdir()) == [session]


def test_a_session_without_video_cannot_be_tracked_again(finished_session):  # noqa: F811
    with pytest.raises(RecordingError, match="has no video"):
        retrack(finished_session(3))
    filmed = finished_session(3, RecordingKind.VIDEO)
    (filmed / VIDEO_FILE).unlink()
    with pytest.raises(RecordingError, match="has no video"):
        retrack(filmed)


def test_skeletons_drawn_into_a_video_are_not_tracked(finished_session):  # noqa: F811
    with pytest.raises(RecordingError, match="drawn in"):
        retrack(finished_session(3, RecordingKind.OVERLAY))


def write_session(folder, people_by_frame, **options):
    """A session without video; `people_by_frame` gives the people of each frame."""
    rng = np.random.default_rng(3)
    writer = SessionWriter.create(folder, make_header(**options), RecordingKind.LANDMARKS)
    for index, people in people_by_frame.items():
        writer.write(make_frame(rng, index), FramePoses(people), 0)
    writer.finalise()
    return writer.path


def person(identity, x, y=0.0, visibility=1.0):
    """Landmarks spread over half the height (24 px of 48), moved by x and y fractions."""
    landmarks = np.zeros((33, 5), np.float32)
    landmarks[:, 0] = 0.2 + x
    landmarks[:, 1] = np.linspace(0.2, 0.7, 33) + y
    landmarks[:, 3] = visibility
    return Person(identity, landmarks, np.zeros((33, 3), np.float32), None, None, 0.5)


def test_the_distance_is_in_per_cent_of_body_height(sessions_dir):  # noqa: F811
    reference = write_session(sessions_dir, dict.fromkeys(range(4), (person(0, 0),)))
    # 0.0375 of 64 px are 2.4 px: a tenth of 24.
    other = write_session(
        sessions_dir, {0: (person(0, 0),), 1: (person(0, 0.0375),), 2: (), 4: (person(0, 0),)}
    )

    found = compare(reference, other, go_on)

    assert found.height_px == pytest.approx(24, rel=1e-4)
    assert found.distances == pytest.approx([0, 10, np.nan], abs=1e-3, nan_ok=True)
    assert found.mean == pytest.approx(5, abs=1e-3)
    assert (found.frames_with_both, found.people_in_reference_only, found.people_in_other_only) == (2, 1, 0)
    assert compare(reference, other, lambda done, total: False) is None


def test_people_are_matched_by_where_they_are_and_what_is_unseen_does_not_count(sessions_dir):  # noqa: F811
    reference = write_session(
        sessions_dir, {0: (person(0, 0), person(1, 0.5), person(2, 0.3, visibility=0.1))}
    )
    other = write_session(sessions_dir, {0: (person(5, 0.5), person(6, 0.0))})

    found = compare(reference, other, go_on)

    assert found.distances.tolist() == [0]
    assert (found.people_in_reference_only, found.people_in_other_only) == (1, 0)


def test_nobody_has_no_distance(sessions_dir):  # noqa: F811
    empty = write_session(sessions_dir, {0: (), 1: ()})
    found = compare(empty, empty, go_on)
    assert (found.mean, found.p95, found.height_px, found.frames_with_both) == (None, None, None, 0)


def test_sessions_of_other_videos_are_refused(sessions_dir, finished_session):  # noqa: F811
    empty = finished_session(0)
    other_shape = SessionWriter.create(sessions_dir, make_header(Size(48, 64)), RecordingKind.LANDMARKS)
    other_shape.finalise()
    with pytest.raises(RecordingError, match="other shapes"):
        compare(empty, other_shape.path, go_on)
    with pytest.raises(RecordingError, match="no frame in common"):
        compare(empty, finished_session(3), go_on)
    (empty / LANDMARKS_FILE).write_bytes(b"x")
    with pytest.raises(RecordingError, match="cannot be read"):
        compare(finished_session(3), empty, go_on)
