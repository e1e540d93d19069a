"""The frames that rows are given, of every kind of source."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from desktop_pose.capture.opening import create_source, kind_of
from desktop_pose.core.errors import MeasuringError, SourceError
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import Rotation
from desktop_pose.engine.measuring import footage as module
from desktop_pose.engine.measuring.footage import open_footage
from tests.support.mjpeg_server import MjpegServer
from tests.support.pictures import number_of, numbered_pictures
from tests.support.videos import write_video

SIZE = Size(320, 240)


def unasked():
    """Nobody gives up."""


def opened(text, rotation=Rotation.NONE, tick=unasked):
    kind = kind_of(text)
    return open_footage(create_source(text), rotation, tick, is_live=kind is not None and kind.is_live)


def numbers(footage, places):
    """The numbers that the pictures in the file show."""
    frames = np.fromfile(footage.file, np.uint8).reshape(-1, footage.size.height_px, footage.size.width_px, 3)
    return [number_of(frames[place]) for place, _ in places]


def test_a_video_is_given_a_stretch_at_a_time_and_begins_again(tmp_path):
    clip = write_video(tmp_path / "clip.mp4", numbered_pictures(SIZE, 7))
    with opened(str(clip)) as footage:
        assert footage.size == SIZE
        first = footage.next_frames(5)
        assert numbers(footage, first) == [0, 1, 2, 3, 4]
        second = footage.next_frames(5)
        assert numbers(footage, second) == [5, 6, 0, 1, 2]
        times = [time_ns for _, time_ns in (*first, *second)]
        assert times[:7] == [number * 40_000_000 for number in range(7)]
        assert all(later > earlier for earlier, later in pairwise(times))
        folder = footage.file.parent
    assert not folder.exists()


def test_of_a_fast_clip_every_second_frame(tmp_path):
    times_ms = [round(number * 1000 / 60) for number in range(20)]
    clip = write_video(tmp_path / "fast.mp4", numbered_pictures(SIZE, 20), times_ms=times_ms)
    with opened(str(clip)) as footage:
        places = footage.next_frames(4)
        shown = numbers(footage, places)
    assert np.diff(shown).tolist() == [2, 2, 2]
    assert np.diff([time_ns for _, time_ns in places]) == pytest.approx(33_333_333, abs=1_000_000)


def test_a_folder_of_images_turned(tmp_path):
    for number, picture in enumerate(numbered_pictures(SIZE, 3)):
        cv2.imwrite(str(tmp_path / f"{number}.png"), picture)
    with opened(str(tmp_path), Rotation.RIGHT) as footage:
        footage.next_frames(2)
        assert footage.size == Size(240, 320)
        frames = np.fromfile(footage.file, np.uint8).reshape(2, 320, 240, 3)
        assert number_of(np.rot90(frames[1])) == 1


def test_of_a_stream_two_seconds_are_kept_and_given_there_and_back(monkeypatch):
    monkeypatch.setattr(module, "KEPT_FRAMES", 4)
    with MjpegServer(size=SIZE, fps=60) as server, opened(server.url) as footage:
        server.kill()  # nothing is captured any more
        places = footage.next_frames(5) + footage.next_frames(4)
        assert [place for place, _ in places] == [0, 1, 2, 3, 2, 1, 0, 1, 2]
        assert len(set(numbers(footage, places))) == 4
        assert len({time_ns for _, time_ns in places}) == 9


def test_waiting_for_a_stream_can_be_given_up(monkeypatch):
    def give_up():
        raise InterruptedError

    with pytest.raises(InterruptedError), opened("http://127.0.0.1:9/none", tick=give_up):
        pass


@pytest.mark.parametrize("text", ["missing.mp4", "/", "tel://1"])
def test_what_is_no_source_is_told_of(text, tmp_path):
    with pytest.raises(SourceError), opened(text):
        pass


def test_no_room_is_told_of(tmp_path, monkeypatch):
    clip = write_video(tmp_path / "clip.mp4", numbered_pictures(SIZE, 3))
    with opened(str(clip)) as footage:
        footage.file.parent.rmdir()
        with pytest.raises(MeasuringError, match="cannot be kept"):
            footage.next_frames(1)
