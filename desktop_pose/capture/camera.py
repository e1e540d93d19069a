"""Cameras, read through OpenCV.

The backend is V4L2 on Linux, Media Foundation or else DirectShow on Windows, AVFoundation on macOS.
`grab` takes the frame, `retrieve` decodes it.
"""

from collections.abc import Callable

import cv2

from desktop_pose.capture import devices
from desktop_pose.capture.camera_info import Address
from desktop_pose.capture.jpeg import ask_for_jpegs, ask_for_pictures, read_picture
from desktop_pose.capture.live import Ending, LiveSource
from desktop_pose.core.clock import NS_PER_MS, monotonic_ns
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Image, Size, SourceInfo, SourceKind, size_of

DEFAULT_SIZE = Size(1280, 720)
DEFAULT_FPS = 30
"""Many cameras start with a small uncompressed picture unless they are asked for another."""

_FIRST_ATTEMPTS = 5
_ATTEMPTS_AT_JPEGS = 3
"""The first JPEG of a camera is often cut off; one that sends no good one is left to OpenCV."""

_FIRST_PICTURE_MS = 1500
"""After this long no further attempt is made; one attempt takes up to the time-out of 1 s."""

_MAX_FPS = 1000.0


class CameraSource(LiveSource):
    """A camera.

    Args:
        text: Its number or stable id.
        size: Size to ask for; the driver gives the nearest it has.
        fps: Rate to ask for.
        find: Tells where OpenCV finds the camera.
    """

    def __init__(
        self,
        text: str,
        *,
        size: Size | None = None,
        fps: int | None = None,
        find: Callable[[str], tuple[Address, ...]] = devices.addresses,
    ) -> None:
        super().__init__()
        self._text = text
        self._size = size or DEFAULT_SIZE
        self._fps = fps or DEFAULT_FPS
        self._find = find
        self._name = f"camera {text}"

    def _connect(self) -> tuple[cv2.VideoCapture, SourceInfo]:
        is_opened = False
        for address in self._find(self._text):
            self._name = address.name
            capture = cv2.VideoCapture(address.device, address.backend)
            is_opened = is_opened or capture.isOpened()
            picture = self._first_picture(capture) if capture.isOpened() else None
            if picture is not None:
                fps = float(capture.get(cv2.CAP_PROP_FPS))
                claimed_fps = fps if 0 < fps <= _MAX_FPS else None
                return capture, SourceInfo(SourceKind.CAMERA, self._name, size_of(picture), claimed_fps)
            capture.release()
        what = "gives no picture" if is_opened else "cannot be opened"
        raise SourceError(
            f"The camera {self._name} {what}",
            "Close other programs that use it, or unplug it and plug it in again",
        )

    def _first_picture(self, capture: cv2.VideoCapture) -> Image | None:
        """The first good picture, whose size is the true one whatever the driver says."""
        # Only with MJPG asked for first do USB cameras offer large pictures at full rate.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size.width_px)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size.height_px)
        capture.set(cv2.CAP_PROP_FPS, self._fps)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        gives_jpegs = ask_for_jpegs(capture)
        asked_ns = monotonic_ns()
        for attempt in range(_FIRST_ATTEMPTS):
            if monotonic_ns() - asked_ns > _FIRST_PICTURE_MS * NS_PER_MS:
                break
            if attempt == _ATTEMPTS_AT_JPEGS and gives_jpegs:
                ask_for_pictures(capture)
            picture = read_picture(capture, None) if capture.grab() else None
            if picture is not None:
                return picture
        return None

    def _explain(self, ending: Ending) -> SourceError:
        what, hint = {
            Ending.GONE: ("has gone", "Plug it in again"),
            Ending.SILENT: ("has sent nothing for a second", "Unplug it and plug it in again"),
            Ending.UNREADABLE: ("sends pictures that cannot be decoded", "Try another cable or port"),
        }[ending]
        return SourceError(f"The camera {self._name} {what}", hint)
