"""Any picture of a session's video, by its time."""

import random

import numpy as np
import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording.reader import SessionReader, Timeline
from desktop_pose.recording.session import VIDEO_FILE
from desktop_pose.recording.video import VideoWriter
from desktop_pose.recording.video_reader import SessionVideo, VideoReader, presentation_times_ms
from tests.recording.conftest import SIZE
from tests.support.pictures import number_of, numbered_pictures

MS = 1_000_000
NUMBERED = Size(320, 160)


@pytest.fixture
def video(tmp_path):
    """150 numbered pictures, 40 ms apart: five key frames."""
    writer = VideoWriter(tmp_path / VIDEO_FILE, NUMBERED)
    for number, picture in enumerate(numbered_pictures(NUMBERED, 150)):
        writer.write(picture, number * 40 * MS)
    writer.close()
    return tmp_path / VIDEO_FILE


def test_every_picture_is_found_wherever_one_comes_from(video):
    wanted = [0, 1, 2, 30, 29, 149, 0, 75, 76, 76, 74, *random.Random(5).sample(range(150), 40)]
    with VideoReader(video, NUMBERED) as reader:
        found = [number_of(reader.picture(40 * number)) for number in wanted]

    assert found == wanted


def test_there_is_nothing_after_the_end_and_one_can_go_back(video):
    with VideoReader(video, NUMBERED) as reader:
        assert reader.picture(40 * 150) is None
        assert number_of(reader.picture(40 * 149)) == 149


def test_a_video_cut_short_gives_what_it_has(video):
    video.write_bytes(video.read_bytes()[: video.stat().st_size // 2])
    with VideoReader(video, NUMBERED) as reader:
        assert number_of(reader.picture(40 * 20)) == 20
        assert reader.picture(40 * 140) is None
        assert number_of(reader.picture(40 * 10)) == 10


def test_times_are_those_of_the_writer(tmp_path):
    times_ns = np.array([0, MS // 3, MS // 2, 3 * MS, 3 * MS, 9 * MS], np.int64)
    timeline = Timeline(np.arange(6), times_ns, np.array([0, 1, -1, 2, 3, 4]), np.zeros(6, np.int64))
    writer = VideoWriter(tmp_path / VIDEO_FILE, NUMBERED)
    with_picture = times_ns[timeline.video_frames >= 0]
    for number, picture in enumerate(numbered_pictures(NUMBERED, with_picture.size)):
        writer.write(picture, int(with_picture[number]))
    writer.close()

    times_ms = presentation_times_ms(timeline)

    assert times_ms.tolist() == [0, 1, 3, 4, 9]
    with VideoReader(tmp_path / VIDEO_FILE, NUMBERED) as reader:
        assert [number_of(reader.picture(int(at))) for at in times_ms] == list(range(5))


def test_padding_is_cut_off(tmp_path):
    size = Size(33, 15)
    writer = VideoWriter(tmp_path / VIDEO_FILE, size)
    writer.write(np.full((15, 33, 3), 80, np.uint8), 0)
    writer.close()

    with VideoReader(tmp_path / VIDEO_FILE, size) as reader:
        picture = reader.picture(0)

    assert picture.shape == (15, 33, 3)
    assert abs(int(picture.mean()) - 80) < 4


def test_a_recorded_session_agrees_frame_by_frame(finished_session):
    with SessionReader.open(finished_session(40, RecordingKind.VIDEO)) as session:
        timeline = session.timeline()
        with SessionVideo(session, timeline) as video:
            assert video
            for place, number in enumerate(timeline.numbers):
                assert abs(video.picture(place).mean() - (number * 7 % 200 + 21.5)) < 4


def test_a_session_without_video_has_no_pictures(finished_session):
    path = finished_session(3)
    with SessionReader.open(path) as session, SessionVideo(session, session.timeline()) as video:
        assert not video
        assert video.picture(0) is None


def test_a_damaged_video_has_no_pictures(finished_session):
    path = finished_session(3, RecordingKind.VIDEO)
    (path / VIDEO_FILE).write_bytes(b"no video at all" * 50)
    with SessionReader.open(path) as session, SessionVideo(session, session.timeline()) as video:
        assert video.picture(0) is None
        assert video.picture(2) is None


@pytest.mark.parametrize("content", [b"", b"no video at all" * 50])
def test_what_is_no_video_is_refused(tmp_path, content):
    path = tmp_path / VIDEO_FILE
    path.write_bytes(content)
    with pytest.raises(RecordingError):
        VideoReader(path, SIZE)
