"""The modes of a camera by V4L2's ioctls: which formats, sizes and rates its driver offers.

Structures and numbers are those of the kernel's `videodev2.h`. Nothing here opens a device by itself except
`modes_of`; the rest works on bytes.
"""

import errno
import os
import struct
from collections.abc import Callable, Iterator

from desktop_pose.capture.camera_info import CameraMode
from desktop_pose.core.frames import Size

Ioctl = Callable[[int, bytearray], None]
"""Fills the structure for a request, or raises OSError: EINVAL where an enumeration ends."""

VIDIOC_ENUM_FMT = 0xC0405602
VIDIOC_ENUM_FRAMESIZES = 0xC02C564A
VIDIOC_ENUM_FRAMEINTERVALS = 0xC034564B

_BUF_TYPE_VIDEO_CAPTURE = 1
_DISCRETE = 1  # the others, continuous and stepwise, share one structure

# index, type, flags, description, pixelformat, mbus_code, reserved
_FMTDESC = struct.Struct("=III32sII12x")
# index, pixel_format, type, then width and height, or their minimum, maximum and step; reserved
_FRMSIZEENUM = struct.Struct("=III6I8x")
# index, pixel_format, width, height, type, then a fraction, or minimum, maximum and step; reserved
_FRMIVALENUM = struct.Struct("=IIIII6I8x")

COMMON_SIZES = (Size(640, 480), Size(1280, 720), Size(1920, 1080), Size(3840, 2160))
"""What is named of a range of sizes, which no list could hold."""

_ENDS = (errno.EINVAL, errno.ENOTTY)
"""After the last entry, and where a driver has no such enumeration at all."""

_MAX_ENTRIES = 256
"""No driver lists more; one that never ends its enumeration is not followed for ever."""


def modes_of(device: str) -> tuple[CameraMode, ...] | None:
    """The modes of the camera at a device path; None where it cannot be asked."""
    import fcntl  # exists on Unix only

    try:
        descriptor = os.open(device, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return read_modes(lambda request, structure: _call(fcntl.ioctl, descriptor, request, structure))
    except OSError:
        return None  # unplugged while it was asked
    finally:
        os.close(descriptor)


def _call(ioctl: Callable[..., object], descriptor: int, request: int, structure: bytearray) -> None:
    ioctl(descriptor, request, structure, True)


def read_modes(ioctl: Ioctl) -> tuple[CameraMode, ...]:
    """Every format, size and rate, in the driver's order.

    Raises:
        OSError: The device has gone.
    """
    return tuple(
        CameraMode(size, fps, fourcc)
        for code, fourcc in _formats(ioctl)
        for size in _sizes(ioctl, code)
        for fps in _rates(ioctl, code, size)
    )


def _formats(ioctl: Ioctl) -> Iterator[tuple[int, str]]:
    def request(index: int) -> bytearray:
        return bytearray(_FMTDESC.pack(index, _BUF_TYPE_VIDEO_CAPTURE, 0, b"", 0, 0))

    for structure in _enumerated(ioctl, VIDIOC_ENUM_FMT, request):
        code = _FMTDESC.unpack(structure)[4]
        yield code, struct.pack("=I", code).decode("ascii", "replace").rstrip()


def _sizes(ioctl: Ioctl, code: int) -> Iterator[Size]:
    def request(index: int) -> bytearray:
        return bytearray(_FRMSIZEENUM.pack(index, code, *[0] * 7))

    for structure in _enumerated(ioctl, VIDIOC_ENUM_FRAMESIZES, request):
        _, _, kind, *numbers = _FRMSIZEENUM.unpack(structure)
        if kind == _DISCRETE:
            yield Size(numbers[0], numbers[1])
            continue
        min_width, max_width, _, min_height, max_height, _ = numbers
        for size in COMMON_SIZES:
            if min_width <= size.width_px <= max_width and min_height <= size.height_px <= max_height:
                yield size
        return


def _rates(ioctl: Ioctl, code: int, size: Size) -> Iterator[float]:
    def request(index: int) -> bytearray:
        return bytearray(_FRMIVALENUM.pack(index, code, size.width_px, size.height_px, *[0] * 7))

    for structure in _enumerated(ioctl, VIDIOC_ENUM_FRAMEINTERVALS, request):
        _, _, _, _, kind, numerator, denominator, *_ = _FRMIVALENUM.unpack(structure)
        if numerator > 0:
            # Of a range this is the shortest interval, so the highest rate.
            yield round(denominator / numerator, 3)
        if kind != _DISCRETE:
            return


def _enumerated(ioctl: Ioctl, request: int, structure_at: Callable[[int], bytearray]) -> Iterator[bytearray]:
    """The structures of an enumeration, by index, up to the driver's end of it."""
    for index in range(_MAX_ENTRIES):
        structure = structure_at(index)
        try:
            ioctl(request, structure)
        except OSError as error:
            if error.errno in _ENDS:
                return
            raise
        yield structure
