"""The stand-in for a camera must itself be true."""

import re
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import cv2
import numpy as np
import pytest

from desktop_pose.core.frames import Size, size_of
from tests.support.mjpeg_server import MjpegServer
from tests.support.pictures import clip_pictures, number_of, numbered_pictures


def first_picture(url: str) -> np.ndarray:
    with urllib.request.urlopen(url, timeout=5) as answer:
        assert answer.headers.get_content_type() == "multipart/x-mixed-replace"
        answer.readline()
        length = 0
        while line := answer.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return cv2.imdecode(np.frombuffer(answer.read(length), np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize("size", [Size(160, 120), Size(1280, 720)])
def test_numbers_can_be_read_again(size: Size):
    assert [number_of(picture) for picture in numbered_pictures(size, 300)] == list(range(300))


@pytest.mark.parametrize("crop", [False, True])
@pytest.mark.parametrize("size", [Size(320, 180), Size(90, 160), Size(50, 160), Size(101, 77)])
def test_clips_fit_the_size(demo_clip: Path, size: Size, crop: bool):
    picture = next(clip_pictures(demo_clip, size, crop))
    assert size_of(picture) == size
    if size != Size(90, 160):  # the clip's own shape
        has_bars = not picture[0].any() or not picture[:, 0].any()
        assert has_bars is not crop


def test_serves_several_and_ends_its_threads():
    threads_before = set(threading.enumerate())
    with MjpegServer(size=Size(160, 120), fps=50, max_frames=10) as server:
        assert size_of(first_picture(server.url)) == Size(160, 120)
        assert size_of(first_picture(server.url)) == Size(160, 120)
    assert set(threading.enumerate()) <= threads_before


def test_keeps_its_port():
    with MjpegServer(size=Size(160, 120), max_frames=10) as server:
        url = server.url
        server.kill()
        with pytest.raises(OSError, match="refused"):
            first_picture(url)
        server.restart()
        assert server.url == url
        first_picture(url)


def test_runs_as_a_process(demo_clip: Path):
    command = [
        sys.executable,
        "-m",
        "tests.support.mjpeg_server",
        "--clip",
        str(demo_clip),
        "--size",
        "160x90",
    ]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        url = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/video\.mjpg", url)
        assert size_of(first_picture(url)) == Size(160, 90)
        process.communicate("quit\n", timeout=10)
    assert process.returncode == 0
