"""The cameras of this computer, and where OpenCV finds them."""

import sys

from desktop_pose.capture.camera_info import Address, Camera
from desktop_pose.core.errors import SourceError

if sys.platform == "linux":
    from desktop_pose.capture import linux_cameras as system
else:
    from desktop_pose.capture import other_cameras as system


def list_cameras() -> tuple[Camera, ...]:
    """The cameras that are connected, by number; asks each for its modes, so not for the window's thread."""
    return system.list_cameras()


def addresses(text: str) -> tuple[Address, ...]:
    """Where OpenCV finds the camera of a number or id, the best way first.

    Raises:
        SourceError: There is no such camera, or this user may not use it.
    """
    found = system.addresses(text)
    if not found:
        raise SourceError(
            f"There is no camera {text}",
            "Connect it, or choose another; the command desktop-pose devices lists them",
        )
    return found
