"""Cameras on Linux: V4L2 devices, named for good by udev's links."""

import os
from collections.abc import Iterable
from pathlib import Path

import cv2
import cv2_enumerate_cameras

from desktop_pose.capture import v4l2
from desktop_pose.capture.camera_info import Address, Camera
from desktop_pose.core.errors import SourceError

STABLE_FOLDERS = (Path("/dev/v4l/by-id"), Path("/dev/v4l/by-path"))
SYSFS = Path("/sys/class/video4linux")


def list_cameras() -> tuple[Camera, ...]:
    """The connected cameras by number; those this user may not use are listed without modes."""
    names = {int(found.index): found.name for found in cv2_enumerate_cameras.enumerate_cameras(cv2.CAP_V4L2)}
    devices = {index: f"/dev/video{index}" for index in sorted(names)}
    return tuple(
        Camera(stable_id(device), index, names[index] or device, v4l2.modes_of(device))
        for index, device in devices.items()
        if is_allowed(device) or is_first_node(device)
    )


def addresses(text: str) -> tuple[Address, ...]:
    """Where OpenCV finds the camera of a number, stable id or device path; empty where there is none.

    Raises:
        SourceError: This user may not use it.
    """
    device = os.path.realpath(f"/dev/video{text}" if text.isdecimal() else text)
    if not Path(device).exists():
        return ()
    if not is_allowed(device):
        raise SourceError(
            f"This user may not use the camera {text}",
            "Add yourself to the group video (sudo usermod -aG video $USER), log out and in again",
        )
    return (Address(cv2.CAP_V4L2, device, name_of(device)),)


def stable_id(device: str, folders: Iterable[Path] = STABLE_FOLDERS) -> str:
    """The path that names the camera at `device` after a restart as well; `device` where there is none."""
    for folder in folders:
        try:
            links = sorted(folder.iterdir())
        except OSError:
            continue  # udev makes the folder only where there is a camera of that sort
        for link in links:
            if os.path.realpath(link) == os.path.realpath(device):
                return str(link)
    return device


def is_allowed(device: str) -> bool:
    """Whether this user may open the camera."""
    return os.access(device, os.R_OK | os.W_OK, effective_ids=True)


def name_of(device: str, sysfs: Path = SYSFS) -> str:
    """What the driver calls the camera; its path where that is not told."""
    try:
        return (sysfs / Path(device).name / "name").read_text("utf-8", "replace").strip() or device
    except OSError:
        return device


def is_first_node(device: str, sysfs: Path = SYSFS) -> bool:
    """Whether this is the node that gives pictures; a camera's later nodes give metadata."""
    try:
        return (sysfs / Path(device).name / "index").read_text("ascii").strip() == "0"
    except OSError:
        return True
