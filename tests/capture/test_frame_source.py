"""The contract of `FrameSource`, held by every source."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from desktop_pose.capture.camera import CameraSource
from desktop_pose.capture.camera_info import Address
from desktop_pose.capture.image_folder import ImageFolder
from desktop_pose.capture.opening import create_source
from desktop_pose.capture.protocol import FrameSource
from desktop_pose.capture.stream import StreamSource
from desktop_pose.capture.video_file import VideoFile
from desktop_pose.core.frames import Size, SourceKind, size_of
from tests.capture.conftest import SMALL
from tests.support.mjpeg_server import MjpegServer
from tests.support.pictures import numbered_pictures
from tests.support.videos import turn, write_video


@dataclass(frozen=True)
class Made:
    """A source, and what is known of it beforehand."""

    source: FrameSource
    kind: SourceKind
    size: Size
    frame_count: int | None
    fps: float | None


@contextmanager
def video(folder: Path) -> Iterator[Made]:
    path = write_video(folder / "video.mp4", numbered_pictures(SMALL, 12))
    yield Made(VideoFile(path), SourceKind.FILE, SMALL, 12, 25)


@contextmanager
def threaded_video(folder: Path) -> Iterator[Made]:
    path = write_video(folder / "video.mkv", numbered_pictures(SMALL, 12))
    yield Made(VideoFile(path, decode_threads=2), SourceKind.FILE, SMALL, 12, 25)


@contextmanager
def turned_video(folder: Path) -> Iterator[Made]:
    path = turn(write_video(folder / "video.mp4", numbered_pictures(SMALL, 12)), 90)
    yield Made(VideoFile(path), SourceKind.FILE, Size(240, 320), 12, 25)


@contextmanager
def image_folder(folder: Path) -> Iterator[Made]:
    for number, picture in enumerate(numbered_pictures(SMALL, 12)):
        cv2.imwrite(str(folder / f"image{number}.png"), picture)
    yield Made(ImageFolder(folder, fps=25), SourceKind.FOLDER, SMALL, 12, 25)


@contextmanager
def demo(folder: Path) -> Iterator[Made]:
    yield Made(create_source("demo"), SourceKind.DEMO, Size(720, 1280), 98, 30)


@contextmanager
def stream(folder: Path) -> Iterator[Made]:
    with MjpegServer(size=SMALL, fps=100, max_frames=200) as server:
        yield Made(StreamSource(server.url), SourceKind.STREAM, SMALL, None, None)


@contextmanager
def camera(folder: Path) -> Iterator[Made]:
    with MjpegServer(size=SMALL, fps=100, max_frames=200) as server:
        source = CameraSource("0", find=lambda text: (Address(cv2.CAP_FFMPEG, server.url, "Loopback"),))
        yield Made(source, SourceKind.CAMERA, SMALL, None, 25)


FINITE = (video, threaded_video, turned_video, image_folder, demo)
LIVE = (stream, camera)


@pytest.fixture
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Made]:
    with request.param(tmp_path) as made:
        yield made
        made.source.close()


each_source = pytest.mark.parametrize("made", FINITE + LIVE, indirect=True)
each_finite = pytest.mark.parametrize("made", FINITE, indirect=True)
each_live = pytest.mark.parametrize("made", LIVE, indirect=True)


class TestFrameSource:
    @each_source
    def test_is_of_no_use_before_it_is_opened(self, made: Made):
        with pytest.raises(RuntimeError):
            _ = made.source.info
        with pytest.raises(RuntimeError):
            made.source.grab()
        with pytest.raises(RuntimeError):
            made.source.rewind()
        made.source.close()

    @each_source
    def test_says_what_it_delivers(self, made: Made):
        made.source.open()
        info = made.source.info
        assert (info.kind, info.size, info.frame_count) == (made.kind, made.size, made.frame_count)
        assert info.nominal_fps == made.fps
        assert info.name

    @each_source
    def test_delivers_pictures_of_that_size(self, made: Made):
        made.source.open()
        for _ in range(3):
            assert made.source.grab()
            picture = made.source.retrieve()
            assert picture.dtype == np.uint8
            assert picture.ndim == 3
            assert size_of(picture) == made.source.info.size

    @each_source
    def test_leaves_pictures_alone_that_it_has_given(self, made: Made):
        made.source.open()
        made.source.grab()
        first = made.source.retrieve()
        copy = first.copy()
        later = []
        for _ in range(8):
            made.source.grab()
            later.append(made.source.retrieve())
        made.source.close()
        assert np.array_equal(first, copy)
        assert not any(np.shares_memory(first, picture) for picture in later)

    @each_source
    def test_gives_the_same_picture_twice(self, made: Made):
        made.source.open()
        made.source.grab()
        assert np.array_equal(made.source.retrieve(), made.source.retrieve())

    @each_source
    def test_closes_twice_and_opens_again(self, made: Made):
        made.source.open()
        made.source.grab()
        made.source.close()
        made.source.close()
        with pytest.raises(RuntimeError):
            _ = made.source.info
        made.source.open()
        assert made.source.grab()
        assert size_of(made.source.retrieve()) == made.size

    @each_source
    def test_opens_anew_while_it_is_open(self, made: Made):
        made.source.open()
        made.source.grab()
        made.source.open()
        assert made.source.grab()
        assert made.source.media_ns in (0, None)

    @each_finite
    def test_counts_time_from_its_first_frame(self, made: Made):
        made.source.open()
        times_ns = []
        while made.source.grab():
            times_ns.append(made.source.media_ns)
        expected_ns = [number / made.fps * 1e9 for number in range(made.frame_count)]
        # Matroska keeps whole milliseconds.
        assert times_ns == pytest.approx(expected_ns, abs=0.6e6)
        assert times_ns[0] == 0
        assert times_ns == sorted(times_ns)

    @each_finite
    def test_stays_at_its_end(self, made: Made):
        made.source.open()
        while made.source.grab():
            pass
        assert not made.source.grab()
        assert not made.source.grab()

    @each_finite
    def test_lets_frames_be_skipped(self, made: Made):
        made.source.open()
        pictures = []
        while made.source.grab():
            pictures.append(made.source.retrieve())
        made.source.rewind()
        for _ in range(6):
            made.source.grab()
        assert np.array_equal(made.source.retrieve(), pictures[5])

    @each_finite
    @pytest.mark.parametrize("frames_before", [0, 1, 5, 1000])
    def test_rewinds_from_anywhere(self, made: Made, frames_before: int):
        made.source.open()
        made.source.grab()
        first = made.source.retrieve()
        for _ in range(frames_before):
            made.source.grab()
        made.source.rewind()
        assert made.source.grab()
        assert made.source.media_ns == 0
        assert np.array_equal(made.source.retrieve(), first)
        count = 1
        while made.source.grab():
            count += 1
        assert count == made.frame_count

    @each_live
    def test_live_has_no_media_time_and_no_beginning(self, made: Made):
        made.source.open()
        made.source.grab()
        assert made.source.media_ns is None
        with pytest.raises(RuntimeError):
            made.source.rewind()
