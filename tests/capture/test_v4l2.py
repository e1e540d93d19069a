"""The answers of a V4L2 driver.

The structures were filled and printed by a C program that includes the kernel's `linux/videodev2.h`.
"""

import errno
import struct
from pathlib import Path

import pytest

from desktop_pose.capture import v4l2
from desktop_pose.capture.camera_info import CameraMode
from desktop_pose.core.frames import Size

MJPG = b"MJPG"
YUYV = b"YUYV"

FORMATS = [
    "0000000001000000010000004d6f74696f6e2d4a5045470000000000000000000000000000000000000000004d4a5047"
    "00000000000000000000000000000000",
    "0100000001000000000000005955595620343a323a320000000000000000000000000000000000000000000059555956"
    "00000000000000000000000000000000",
]
SIZES = {
    MJPG: [
        "000000004d4a50470100000000050000d0020000000000000000000000000000000000000000000000000000",
        "010000004d4a50470100000080020000e0010000000000000000000000000000000000000000000000000000",
    ],
    # Stepwise, 160x120 to 1920x1080.
    YUYV: ["000000005955595603000000a000000080070000020000007800000038040000020000000000000000000000"],
}
RATES = {
    # 1/30 and 1001/15000 s.
    (MJPG, 1280): [
        "000000004d4a504700050000d002000001000000010000001e0000000000000000000000000000000000000000000000"
        "00000000",
        "010000004d4a504700050000d002000001000000e9030000983a00000000000000000000000000000000000000000000"
        "00000000",
    ],
    # Continuous, 1/60 to 1 s.
    (YUYV, 640): [
        "000000005955595680020000e001000002000000010000003c0000000100000001000000010000000100000000000000"
        "00000000",
    ],
}


class Driver:
    """Answers requests with recorded structures; EINVAL after the last, as the kernel does."""

    def __init__(self, *, calls_until_unplugged: int = 1000) -> None:
        self._calls_left = calls_until_unplugged

    def ioctl(self, request: int, structure: bytearray) -> None:
        self._calls_left -= 1
        if self._calls_left < 0:
            raise OSError(errno.ENODEV, "No such device")
        index, code = struct.unpack_from("=I4s", structure)
        answers = {
            0xC0405602: lambda: FORMATS,
            0xC02C564A: lambda: SIZES[code],
            0xC034564B: lambda: RATES.get((code, struct.unpack_from("=I", structure, 8)[0]), []),
        }[request]()
        if index >= len(answers):
            raise OSError(errno.EINVAL, "Invalid argument")
        answer = bytes.fromhex(answers[index])
        assert len(answer) == len(structure) == request >> 16 & 0x3FFF
        structure[:] = answer


def test_modes():
    assert v4l2.read_modes(Driver().ioctl) == (
        CameraMode(Size(1280, 720), 30.0, "MJPG"),
        CameraMode(Size(1280, 720), 14.985, "MJPG"),
        CameraMode(Size(640, 480), 60.0, "YUYV"),
    )


@pytest.mark.parametrize("calls", range(0, 12, 3))
def test_an_unplugged_camera_is_an_error(calls: int):
    with pytest.raises(OSError, match="No such device"):
        v4l2.read_modes(Driver(calls_until_unplugged=calls).ioctl)


def test_a_driver_that_never_ends_is_not_followed_for_ever():
    def ioctl(request: int, structure: bytearray) -> None:
        if request != v4l2.VIDIOC_ENUM_FMT:
            raise OSError(errno.EINVAL, "Invalid argument")

    assert v4l2.read_modes(ioctl) == ()


def test_a_size_without_rates_has_no_mode():
    def ioctl(request: int, structure: bytearray) -> None:
        if request == v4l2.VIDIOC_ENUM_FRAMEINTERVALS:
            raise OSError(errno.ENOTTY, "Inappropriate ioctl for device")
        Driver().ioctl(request, structure)

    assert v4l2.read_modes(ioctl) == ()


def test_what_is_no_camera_has_no_modes(tmp_path: Path):
    (tmp_path / "video0").touch()
    assert v4l2.modes_of(str(tmp_path / "missing")) is None
    assert v4l2.modes_of(str(tmp_path / "video0")) == ()
