"""What a camera is, what it can do, and how it is named."""

from dataclasses import dataclass

from desktop_pose.core.frames import Size

_ID_PREFIXES = ("/dev/video", "/dev/v4l/", "\\\\?\\", "avfoundation:", "camera:")


@dataclass(frozen=True, slots=True)
class CameraMode:
    """A combination that the driver offers.

    Attributes:
        size: Size of the pictures.
        fps: Pictures per second.
        fourcc: Format of the pictures, such as MJPG or YUYV.
    """

    size: Size
    fps: float
    fourcc: str


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera of this computer.

    Attributes:
        id: What names it for good, across restarts and other cameras' coming and going.
        index: The number under which it is known at the moment.
        name: What its maker calls it.
        modes: What it can deliver; None where that cannot be asked.
    """

    id: str
    index: int
    name: str
    modes: tuple[CameraMode, ...] | None


@dataclass(frozen=True, slots=True)
class Address:
    """Where OpenCV finds a camera: one of its backends, and the number or path there."""

    backend: int
    device: int | str
    name: str


def is_camera(text: str) -> bool:
    """Whether `text` is written like a camera's number or id, be there such a camera or not."""
    return (text.isascii() and text.isdecimal()) or text.startswith(_ID_PREFIXES)
