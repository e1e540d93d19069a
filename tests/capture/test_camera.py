"""Cameras; where there is none, OpenCV reads the loopback stream through the camera's own code."""

from pathlib import Path

import cv2
import pytest

from desktop_pose.capture.camera import CameraSource
from desktop_pose.capture.camera_info import Address
from desktop_pose.core.errors import SourceError
from tests.capture.conftest import SMALL
from tests.support.mjpeg_server import MjpegServer

NOWHERE = Address(cv2.CAP_FFMPEG, "/nowhere/video.mp4", "Nowhere")


def at(*addresses: Address) -> CameraSource:
    return CameraSource("7", find=lambda text: addresses)


def loopback(server: MjpegServer) -> Address:
    return Address(cv2.CAP_FFMPEG, server.url, "Loopback")


def grab_all(source: CameraSource) -> None:
    while source.grab():
        pass


def test_name_and_size_are_those_of_the_device(server: MjpegServer):
    source = at(loopback(server))
    source.open()
    assert source.info.name == "Loopback"
    assert source.info.size == SMALL
    source.close()


def test_the_second_backend_is_tried(server: MjpegServer):
    source = at(NOWHERE, loopback(server))
    source.open()
    assert source.info.name == "Loopback"
    assert source.grab()
    source.close()


def test_gone_and_back(server: MjpegServer):
    source = at(loopback(server))
    source.open()
    server.kill()
    with pytest.raises(SourceError, match="The camera Loopback has gone"):
        grab_all(source)
    source.close()
    with pytest.raises(SourceError, match="cannot be opened"):
        source.open()
    server.restart()
    source.open()
    assert source.grab()
    source.close()


def test_none_of_its_backends_opens_it():
    with pytest.raises(SourceError, match="The camera Nowhere cannot be opened"):
        at(NOWHERE).open()


def test_no_such_camera():
    with pytest.raises(SourceError, match="There is no camera 987"):
        CameraSource("987").open()


def test_a_device_that_gives_no_picture(tmp_path: Path, numbered_video: Path):
    # A video that OpenCV opens by its index, and that holds no frame.
    content = numbered_video.read_bytes()
    hollow = tmp_path / "hollow.mp4"
    start = content.index(b"mdat") + 4
    end = content.index(b"moov") - 4
    hollow.write_bytes(content[:start] + bytes(end - start) + content[end:])
    address = Address(cv2.CAP_FFMPEG, str(hollow), "Hollow")
    with pytest.raises(SourceError, match="The camera Hollow"):
        at(address).open()
