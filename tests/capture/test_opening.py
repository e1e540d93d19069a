"""What the user may write for a source."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_pose.capture.camera import CameraSource
from desktop_pose.capture.image_folder import ImageFolder
from desktop_pose.capture.opening import create_source, kind_of
from desktop_pose.capture.stream import StreamSource
from desktop_pose.capture.video_file import VideoFile
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import SourceKind
from tests.capture.conftest import unprivileged


@pytest.mark.parametrize(
    ("text", "kind", "source"),
    [
        ("demo", SourceKind.DEMO, VideoFile),
        ("0", SourceKind.CAMERA, CameraSource),
        ("/dev/video0", SourceKind.CAMERA, CameraSource),
        ("/dev/v4l/by-id/usb-Maker_Camera-video-index0", SourceKind.CAMERA, CameraSource),
        ("http://127.0.0.1:8080/video", SourceKind.STREAM, StreamSource),
        ("HTTPS://host/video", SourceKind.STREAM, StreamSource),
        ("rtsp://user:secret@host/video", SourceKind.STREAM, StreamSource),
        ("rtmp://host/video", SourceKind.STREAM, StreamSource),
        ("udp://@:5000", SourceKind.STREAM, StreamSource),
        ("tcp://[::1]:5000", SourceKind.STREAM, StreamSource),
    ],
)
def test_words_numbers_and_addresses(text: str, kind: SourceKind, source: type):
    assert kind_of(text) is kind
    assert isinstance(create_source(text), source)


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "video.mp4").touch()
    (tmp_path / "7").touch()
    monkeypatch.chdir(tmp_path)
    assert kind_of(str(tmp_path)) is SourceKind.FOLDER
    assert isinstance(create_source(str(tmp_path)), ImageFolder)
    for text in ("video.mp4", "./7", str(tmp_path / "video.mp4")):
        assert kind_of(text) is SourceKind.FILE
        assert isinstance(create_source(text), VideoFile)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("missing.mp4", "There is no file or folder 'missing.mp4'"),
        ("", "There is no file or folder ''"),
        ("a\0b", "There is no file or folder"),
        ("-1", "There is no file or folder '-1'"),
        ("ftp://host/video.mp4", "Streams by ftp cannot be read"),
        ("http://", "names no host"),
        ("http:///video", "names no host"),
        ("rtsp://[::1/video", "names no host"),
        (os.devnull, "is neither a file nor a folder|There is no file"),
    ],
)
def test_anything_else_is_refused(text: str, message: str):
    with pytest.raises(SourceError, match=message):
        create_source(text)


def test_a_folder_that_bars_the_way(open_folder: Path):
    secret = open_folder / "secret"
    secret.mkdir()
    (secret / "video.mp4").touch()
    secret.chmod(0)
    with unprivileged():
        assert kind_of(str(secret / "video.mp4")) is None
        with pytest.raises(SourceError, match="There is no file"):
            create_source(str(secret / "video.mp4"))
    secret.chmod(0o700)


def test_rate_of_a_folder(numbered_images: Path):
    source = create_source(str(numbered_images), fps=12)
    source.open()
    assert source.info.nominal_fps == 12


def test_the_demo_is_named_so():
    source = create_source("demo")
    source.open()
    assert (source.info.kind, source.info.name) == (SourceKind.DEMO, "Demo")
    source.close()


def test_libraries_are_imported_when_they_are_needed():
    code = (
        "import sys; from desktop_pose.capture.opening import create_source;"
        "create_source('0'); create_source('http://host/video'); assert 'av' not in sys.modules;"
        "create_source('demo'); assert 'av' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_environment_is_set_before_opencv_and_left_to_the_user():
    code = (
        "import desktop_pose.capture, os, sys; assert 'cv2' not in sys.modules;"
        "print(os.environ['OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT'], os.environ['OPENCV_LOG_LEVEL'])"
    )
    environment = {**os.environ, "OPENCV_LOG_LEVEL": "INFO"}
    environment.pop("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", None)
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, timeout=60, env=environment, capture_output=True, text=True
    )
    assert done.stdout.split() == ["1", "INFO"]
