"""Cameras on Windows and macOS, as `cv2_enumerate_cameras` lists them; their modes cannot be asked."""

import sys
from collections.abc import Mapping, Sequence
from typing import Protocol

import cv2
import cv2_enumerate_cameras

from desktop_pose.capture.camera_info import Address, Camera

MAC_PREFIX = "avfoundation:"

NAME_PREFIX = "camera:"
"""For virtual cameras that have no path."""

_BACKENDS = (
    # Media Foundation first; DirectShow knows cameras that it does not, virtual ones above all.
    (cv2.CAP_MSMF, cv2.CAP_DSHOW) if sys.platform == "win32" else (cv2.CAP_AVFOUNDATION,)
)


class Found(Protocol):
    """What `cv2_enumerate_cameras` tells of a camera."""

    @property
    def index(self) -> int:
        """Number within its backend."""

    @property
    def name(self) -> str:
        """The maker's name."""

    @property
    def path(self) -> str | None:
        """Device path on Windows, unique id on macOS."""


Listing = Mapping[int, Sequence[Found]]
"""By backend of OpenCV, the preferred one first, the cameras it knows."""


def list_cameras() -> tuple[Camera, ...]:
    """The connected cameras by number."""
    return cameras_in(_listing())


def addresses(text: str) -> tuple[Address, ...]:
    """Where OpenCV finds the camera of a number or id, the best way first; empty where there is none."""
    return addresses_in(_listing(), text)


def cameras_in(listing: Listing) -> tuple[Camera, ...]:
    """Each camera once, under the first backend that knows it."""
    cameras: dict[str, Camera] = {}
    for found in listing.values():
        for each in found:
            camera = Camera(_id_of(each), len(cameras), each.name, None)
            cameras.setdefault(_device(camera.id), camera)
    return tuple(cameras.values())


def addresses_in(listing: Listing, text: str) -> tuple[Address, ...]:
    """Where the camera of a number or id is found, by backend."""
    wanted = next((each.id for each in cameras_in(listing) if text in (str(each.index), each.id)), text)
    return tuple(
        Address(backend, each.index, each.name)
        for backend, found in listing.items()
        for each in found
        if _device(_id_of(each)) == _device(wanted)
    )


def _listing() -> Listing:
    return {backend: cv2_enumerate_cameras.enumerate_cameras(backend) for backend in _BACKENDS}


def _id_of(found: Found) -> str:
    if found.path is None:
        return NAME_PREFIX + found.name
    return found.path if found.path.startswith("\\\\?\\") else MAC_PREFIX + found.path


def _device(camera_id: str) -> str:
    r"""The part of a Windows path that both backends share: `\\?\usb#vid_…#…` before the class `#{…}`."""
    return camera_id.partition("#{")[0].lower()
