"""JPEGs as OpenCV hands them on: decoded, cut off, damaged, of another size, and from a camera that lies."""

import itertools
from contextlib import suppress

import cv2
import numpy as np
import pytest

from desktop_pose.capture.camera import CameraSource
from desktop_pose.capture.camera_info import Address
from desktop_pose.capture.jpeg import ask_for_jpegs, read_picture
from desktop_pose.capture.protocol import BadFrameError
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Image, Size, size_of
from tests.support.mjpeg_server import MjpegServer
from tests.support.pictures import encode

SIZE = Size(320, 240)


def painting(size: Size = SIZE) -> Image:
    """Soft colours, which 4:2:0 keeps."""
    rows, columns = np.mgrid[: size.height_px, : size.width_px]
    shades = [128 + 100 * np.sin((rows * a + columns * b) / 40) for a, b in ((1, 0), (0, 1), (1, 1))]
    return np.stack(shades, axis=-1).astype(np.uint8)


class V4l2Camera:
    """What OpenCV's capture of a V4L2 camera answers: no such device can be had where tests run."""

    def __init__(self, frames: list[bytes], pictures: list[Image], fourcc: str = "MJPG") -> None:
        self._frames = itertools.cycle(frames)
        self._pictures = itertools.cycle(pictures)
        self._fourcc = fourcc
        self.converts = True
        self._frame = b""

    def getBackendName(self) -> str:  # noqa: N802  # OpenCV's name
        return "V4L2"

    def isOpened(self) -> bool:  # noqa: N802  # OpenCV's name
        return True

    def get(self, key: int) -> float:
        return float(cv2.VideoWriter.fourcc(*self._fourcc)) if key == cv2.CAP_PROP_FOURCC else 30.0

    def set(self, key: int, value: float) -> bool:
        if key == cv2.CAP_PROP_CONVERT_RGB:
            self.converts = bool(value)
        return True

    def grab(self) -> bool:
        self._frame = next(self._frames)
        return True

    def retrieve(self) -> tuple[bool, Image]:
        if self.converts:
            return True, next(self._pictures)
        return True, np.frombuffer(self._frame, np.uint8)[None]

    def release(self) -> None:
        pass


def sent(jpeg: bytes) -> V4l2Camera:
    """A capture that has just grabbed `jpeg`, undecoded."""
    camera = V4l2Camera([jpeg], [])
    assert ask_for_jpegs(camera)  # type: ignore[arg-type]
    camera.grab()
    return camera


def decoded(jpeg: bytes, size: Size | None = SIZE) -> Image | None:
    return read_picture(sent(jpeg), size)  # type: ignore[arg-type]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Opens the camera's source on what answers like a V4L2 device."""

    def opened(camera: V4l2Camera) -> CameraSource:
        monkeypatch.setattr(cv2, "VideoCapture", lambda *_: camera)
        source = CameraSource("7", find=lambda _: (Address(cv2.CAP_V4L2, "/dev/video7", "Seven"),))
        source.open()
        return source

    return opened


class TestPicture:
    @pytest.mark.parametrize("size", [SIZE, None], ids=["expected size", "size unknown"])
    def test_is_what_was_sent(self, size: Size | None):
        picture = decoded(encode(painting(), 95), size)
        assert np.abs(picture.astype(int) - painting()).mean() < 2

    def test_brightness_is_that_of_opencv(self):
        jpeg = encode(painting())
        ours, theirs = decoded(jpeg), cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        brightness = [cv2.cvtColor(each, cv2.COLOR_BGR2GRAY).astype(int) for each in (ours, theirs)]
        assert np.abs(brightness[0] - brightness[1]).max() <= 3

    def test_grey(self):
        grey = cv2.cvtColor(painting(), cv2.COLOR_BGR2GRAY)
        picture = decoded(encode(grey, 95))
        assert picture.shape == (SIZE.height_px, SIZE.width_px, 3)
        assert (picture == picture[..., :1]).all()

    def test_upright_flag_is_left_to_the_user(self):
        jpeg = encode(painting())
        exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
        turned = jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]
        for size in (SIZE, None):
            assert np.array_equal(decoded(turned, size), decoded(jpeg, size))

    @pytest.mark.parametrize("other", [Size(160, 120), Size(640, 480)], ids=str)
    def test_of_another_size_is_given_as_it_is(self, other: Size):
        assert size_of(decoded(encode(painting(other)))) == other

    def test_bytes_after_its_end_do_not_matter(self):
        jpeg = encode(painting())
        assert np.array_equal(decoded(jpeg + bytes(512)), decoded(jpeg))


class TestDamage:
    @pytest.mark.parametrize("size", [SIZE, None], ids=["expected size", "size unknown"])
    @pytest.mark.parametrize("missing", [2, 100, 3000])
    def test_cut_off(self, missing: int, size: Size | None):
        assert decoded(encode(painting())[:-missing], size) is None

    def test_inside(self, capfd: pytest.CaptureFixture[str]):
        jpeg = bytearray(encode(painting()))
        jpeg[-1500:-1000] = bytes(500)
        assert size_of(decoded(bytes(jpeg))) == SIZE
        capfd.readouterr()  # libjpeg's own word on it

    @pytest.mark.parametrize("rubbish", [b"\xff", bytes(300), b"\xff\xd8" + bytes(300)], ids=len)
    def test_no_jpeg(self, rubbish: bytes):
        assert decoded(rubbish) is None

    def test_a_header_that_claims_a_gigantic_picture(self):
        jpeg = encode(painting())
        size = SIZE.height_px.to_bytes(2, "big") + SIZE.width_px.to_bytes(2, "big")
        assert decoded(jpeg.replace(size, b"\xff\xdc\xff\xdc")) is None


class TestCamera:
    def test_its_jpegs_are_decoded_here(self, at):
        camera = V4l2Camera([encode(painting())], [])
        source = at(camera)
        assert not camera.converts
        assert source.info.size == SIZE
        source.grab()
        assert np.array_equal(source.retrieve(), decoded(encode(painting())))

    def test_a_bad_first_one_changes_nothing(self, at):
        jpeg = encode(painting())
        camera = V4l2Camera([jpeg[:500], jpeg], [])
        assert at(camera).info.size == SIZE
        assert not camera.converts

    def test_one_that_sends_something_else_is_left_to_opencv(self, at):
        camera = V4l2Camera([b"no JPEG at all"], [painting()])
        source = at(camera)
        assert camera.converts
        source.grab()
        assert np.array_equal(source.retrieve(), painting())

    def test_one_that_sends_other_pictures_is_left_to_opencv(self, at):
        camera = V4l2Camera([b""], [painting()], fourcc="YUYV")
        at(camera)
        assert camera.converts

    def test_frames_that_cannot_be_decoded_end_it(self, at):
        jpeg = encode(painting())
        source = at(V4l2Camera([jpeg, *[jpeg[:500]] * 20], []))

        def read() -> None:
            while source.grab():
                with suppress(BadFrameError):
                    source.retrieve()

        with pytest.raises(SourceError, match="sends pictures that cannot be decoded"):
            read()


def test_a_stream_gives_its_jpegs(server: MjpegServer):
    capture = cv2.VideoCapture(server.url, cv2.CAP_FFMPEG)
    assert ask_for_jpegs(capture)
    assert capture.grab()
    taken, jpeg = capture.retrieve()
    assert taken
    assert bytes(jpeg.reshape(-1)[:3]) == b"\xff\xd8\xff"
    capture.release()


def test_a_video_file_has_none(numbered_video):
    capture = cv2.VideoCapture(str(numbered_video), cv2.CAP_FFMPEG)
    assert not ask_for_jpegs(capture)
    capture.release()
