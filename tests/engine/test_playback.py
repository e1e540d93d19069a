"""Playback with its real thread, on real sessions."""

import numpy as np
import pytest
from PySide6.QtCore import QObject

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.frames import Size
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import RecordingKind, Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.options import EngineOptions
from desktop_pose.engine.playback import Playback
from desktop_pose.engine.stages.playback import PlaybackStatus
from desktop_pose.engine.state import EngineState
from desktop_pose.recording.session import LANDMARKS_FILE
from tests.engine.support import FakeSource, FakeTracker
from tests.recording.conftest import INTERVAL_NS, finished_session, sessions_dir  # noqa: F401

VIEW = Size(64, 48)


class Desk:
    """A playback, and a window that takes each picture."""

    def __init__(self, qtbot):
        self.qtbot = qtbot
        self.parent = QObject()
        self.playback = Playback(self.parent)
        self.playback.set_view(VIEW)
        self.pictures = []
        self.playback.picture_ready.connect(self._take)

    def _take(self):
        picture = self.playback.take_picture()
        if picture is not None:
            self.pictures.append(picture)

    def open(self, folder):
        with self.qtbot.waitSignal(self.playback.opened, timeout=10_000):
            self.playback.open(folder)
        self.wait_for_frame(0)
        return self

    @property
    def frame(self):
        return self.playback.status.frame

    def wait_for_frame(self, number):
        self.wait(lambda: self.frame == number)

    def wait(self, condition):
        self.qtbot.waitUntil(condition, timeout=10_000)


@pytest.fixture
def desk(qapp, qtbot):
    made = Desk(qtbot)
    yield made
    made.playback.close()
    assert made.playback.wait(monotonic_ns() + 5 * NS_PER_S)


def pixels_of(picture):
    image = picture.image
    return np.frombuffer(image.bits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3]


def test_it_begins_at_the_first_frame_and_stands(desk, finished_session):  # noqa: F811
    desk.open(finished_session(30))

    summary = desk.playback.summary
    assert (summary.frame_count, summary.has_video) == (30, False)
    assert summary.last_ns == 31 * INTERVAL_NS  # two of 32 frames were lost
    assert desk.playback.status == PlaybackStatus(0, 0, is_playing=False)
    desk.wait(lambda: len(desk.pictures) == 1)
    assert desk.pictures[0].frame_index == 0


def test_pictures_are_those_of_the_video(desk, finished_session):  # noqa: F811
    desk.open(finished_session(40, RecordingKind.VIDEO))
    assert desk.playback.summary.has_video
    for number in (25, 3, 4, 41):
        desk.playback.seek(number * INTERVAL_NS)
        desk.wait(lambda number=number: bool(desk.pictures) and desk.pictures[-1].frame_index == number)
        assert abs(np.median(pixels_of(desk.pictures[-1])) - (number * 7 % 200 + 21.5)) < 12


def test_steps_go_over_frames_that_were_lost_and_end_at_the_ends(desk, finished_session):  # noqa: F811
    desk.open(finished_session(30))
    desk.playback.step(9)
    desk.wait_for_frame(9)
    desk.playback.step(1)
    desk.wait_for_frame(11)  # frame 10 was lost
    desk.playback.step(-1)
    desk.wait_for_frame(9)
    desk.playback.step(-100)
    desk.wait_for_frame(0)
    desk.playback.step(1000)
    desk.wait_for_frame(31)
    desk.playback.step(-1)
    desk.playback.step(-1)
    desk.wait_for_frame(29)


def test_it_plays_to_the_end_and_then_from_the_start(desk, finished_session):  # noqa: F811
    desk.open(finished_session(20))
    desk.playback.set_speed(2.0)
    desk.playback.play()
    desk.wait_for_frame(20)
    desk.wait(lambda: not desk.playback.status.is_playing)
    assert len(desk.pictures) > 3

    desk.playback.play()
    desk.wait(lambda: desk.frame < 20)
    desk.playback.pause()
    desk.wait(lambda: not desk.playback.status.is_playing)
    frame = desk.frame
    desk.qtbot.wait(100)
    assert desk.frame == frame


def test_the_position_follows_the_clock_at_the_speed_chosen(desk, finished_session):  # noqa: F811
    desk.open(finished_session(60))
    desk.playback.set_speed(0.5)
    started_ns = monotonic_ns()
    desk.playback.play()
    desk.wait(lambda: desk.frame >= 8)
    position_ns = desk.playback.status.position_ns
    assert position_ns <= 0.5 * (monotonic_ns() - started_ns)
    with pytest.raises(ValueError, match="speed"):
        desk.playback.set_speed(5.0)


def test_a_seek_goes_to_the_frame_before_that_time(desk, finished_session):  # noqa: F811
    desk.open(finished_session(30))
    desk.playback.seek(7 * INTERVAL_NS + INTERVAL_NS // 2)
    desk.wait_for_frame(7)
    assert desk.playback.status.position_ns == 7 * INTERVAL_NS
    desk.playback.seek(-5)
    desk.wait_for_frame(0)
    desk.playback.seek(99 * NS_PER_S)
    desk.wait_for_frame(31)


def test_raw_landmarks_are_shown_where_wanted(desk, finished_session):  # noqa: F811
    desk.open(finished_session(5))
    smooth = desk.playback.newest.poses.people[0]
    desk.playback.set_raw(True)
    desk.wait(lambda: desk.playback.newest.poses.people[0].landmarks is not smooth.landmarks)

    raw = desk.playback.newest.poses.people[0]
    assert (raw.landmarks == smooth.raw_landmarks).all()


def test_people_are_as_old_as_when_they_were_recorded(desk, finished_session):  # noqa: F811
    desk.open(finished_session(5))
    assert desk.playback.newest.poses.age_ns == 0
    desk.playback.step(2)  # the first frame on which the model had not run
    desk.wait_for_frame(2)
    assert desk.playback.newest.poses.age_ns == INTERVAL_NS


def test_nothing_is_rendered_while_nobody_can_see_it(desk, finished_session):  # noqa: F811
    desk.playback.set_view(None)
    with desk.qtbot.waitSignal(desk.playback.opened, timeout=10_000):
        desk.playback.open(finished_session(5))
    desk.qtbot.wait(50)
    assert desk.pictures == []
    desk.playback.set_view(Size(128, 96))
    desk.wait(lambda: len(desk.pictures) > 0)
    assert desk.pictures[0].image.width() == 128


def test_a_session_without_frames_can_be_opened(desk, finished_session):  # noqa: F811
    with desk.qtbot.waitSignal(desk.playback.opened, timeout=10_000):
        desk.playback.open(finished_session(0))
    desk.playback.play()
    desk.playback.step(1)
    desk.wait(lambda: not desk.playback.status.is_playing)
    assert desk.playback.summary.last_ns == 0


def test_a_damaged_session_is_told_and_closed(desk, finished_session):  # noqa: F811
    damaged = finished_session(5)
    (damaged / LANDMARKS_FILE).write_bytes(b"nonsense")
    with desk.qtbot.waitSignal(desk.playback.failed, timeout=10_000) as caught:
        desk.playback.open(damaged)

    assert "cannot be read" in str(caught.args[0])
    assert not desk.playback.is_open


def test_another_session_takes_the_place_of_the_first(desk, finished_session):  # noqa: F811
    first, second = finished_session(30), finished_session(10)
    desk.open(first)
    desk.playback.seek(20 * INTERVAL_NS)
    desk.wait_for_frame(20)

    desk.open(second)

    assert desk.playback.summary.info.path == second
    desk.playback.close()
    assert desk.playback.status == PlaybackStatus()
    assert desk.playback.take_picture() is None


@pytest.fixture
def controller(qapp, tmp_path, sessions_dir):  # noqa: F811
    source = FakeSource(fps=60)
    made = Controller(
        Settings(source="http://127.0.0.1/fake", threads=1),
        EngineOptions(resources_dir() / "models", None, sessions_dir),
        make_source=lambda text, size, fps: source,
        make_tracker=lambda options, *folders, **more: FakeTracker(options),
    )
    made.set_view(VIEW)
    yield made
    assert made.shut_down()


def test_a_playback_takes_the_place_of_the_source_and_the_other_way_round(
    controller,
    qtbot,
    tmp_path,
    finished_session,  # noqa: F811
):
    with qtbot.waitSignal(controller.source_opened):
        controller.start()
    with qtbot.waitSignal(controller.playback.opened):
        controller.play(finished_session(30))
    assert controller.state is EngineState.STOPPED
    qtbot.waitUntil(lambda: controller.playback.status.frame == 0)
    assert controller.take_picture().frame_index == 0
    with qtbot.waitSignal(controller.problem_raised) as caught:
        controller.start_recording(RecordingKind.LANDMARKS)
    assert str(caught.args[0]) == "A session is being played. Go back to the live picture to record."
    with qtbot.waitSignal(controller.save_snapshot(tmp_path / "shot.png").succeeded):
        pass
    assert (tmp_path / "shot.png").stat().st_size > 100

    with qtbot.waitSignals([controller.source_opened, controller.playback.closed]):
        controller.start()
    assert controller.state is EngineState.RUNNING
    assert not controller.playback.is_open


def test_a_recording_is_not_broken_off_by_a_playback(controller, qtbot, finished_session):  # noqa: F811
    with qtbot.waitSignal(controller.source_opened):
        controller.start()
    controller.start_recording(RecordingKind.LANDMARKS)
    with qtbot.waitSignal(controller.problem_raised) as caught:
        controller.play(finished_session(3))

    assert "End the recording first" in str(caught.args[0])
    assert controller.recorder.status.is_recording
    assert not controller.playback.is_open
