"""Folders of images, in the order people number them, at a rate of their own.

Every picture must have the size of the first that can be decoded; another size is a `BadFrameError`.
"""

import os
import re
from pathlib import Path

import cv2
import numpy as np

from desktop_pose.capture.protocol import BadFrameError, if_open
from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Image, SourceInfo, SourceKind, size_of
from desktop_pose.core.sources import shown_name

DEFAULT_FPS = 30

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


class ImageFolder:
    """The images of a folder as a video.

    Args:
        path: The folder; folders in it are not looked into.
        fps: Images per second.
    """

    def __init__(self, path: Path, *, fps: int = DEFAULT_FPS) -> None:
        self._path = path
        self._fps = fps
        self._images: tuple[Path, ...] = ()
        self._info: SourceInfo | None = None
        self._position = -1

    @property
    def info(self) -> SourceInfo:
        """What the open folder holds."""
        return if_open(self._info)

    @property
    def media_ns(self) -> int | None:
        """Time of the grabbed image since the first."""
        return max(0, min(self._position, len(self._images) - 1)) * NS_PER_S // self._fps

    @property
    def damage(self) -> SourceError | None:
        """None: an image that cannot be read ends nothing."""
        return None

    def open(self) -> None:
        """List the folder, and find the size in its first good image.

        Raises:
            SourceError: It is missing, unreadable, or without an image.
        """
        self.close()
        images = _listed(self._path)
        first = next((image for image in map(_decoded, images) if image is not None), None)
        if first is None:
            raise SourceError(
                f"The folder {self._path} holds no image that can be read",
                "Choose a folder of JPEG, PNG, BMP, WebP or TIFF files",
            )
        self._images = images
        self._info = SourceInfo(
            SourceKind.FOLDER, shown_name(self._path), size_of(first), float(self._fps), len(images)
        )

    def grab(self) -> bool:
        """Step to the next image; False after the last."""
        if_open(self._info)
        self._position = min(self._position + 1, len(self._images))
        return self._position < len(self._images)

    def retrieve(self) -> Image:
        """The image just stepped to, turned by its EXIF orientation.

        Raises:
            BadFrameError: It cannot be read, or is not of the size of the first.
        """
        path = self._images[self._position]
        image = _decoded(path)
        if image is None:
            raise BadFrameError(f"{path} cannot be read as an image", "Remove it or write it again")
        if size_of(image) != self.info.size:
            raise BadFrameError(
                f"{path} is {size_of(image)} and not {self.info.size} like the first",
                "Give all images of a folder one size",
            )
        return image

    def rewind(self) -> None:
        """Start again from the first image."""
        if_open(self._info)
        self._position = -1

    def close(self) -> None:
        """Forget the list of images."""
        self._images = ()
        self._info = None
        self._position = -1


def natural_order(name: str) -> tuple[list[str | int], str]:
    """A sort key by which `frame2` comes before `frame10`."""
    pieces = re.split(r"(\d+)", name.casefold())
    return [int(piece) if piece.isdecimal() else piece for piece in pieces], name


def _listed(folder: Path) -> tuple[Path, ...]:
    try:
        names = [
            entry.name
            for entry in os.scandir(folder)
            if Path(entry.name).suffix.lower() in SUFFIXES and entry.is_file()
        ]
    except FileNotFoundError as error:
        raise SourceError(f"There is no folder {folder}", "Check the name") from error
    except OSError as error:
        raise SourceError(f"The folder {folder} cannot be read", "Ask its owner for permission") from error
    return tuple(folder / name for name in sorted(names, key=natural_order))


def _decoded(path: Path) -> Image | None:
    """The image in a file, read by Python because OpenCV cannot open every path on Windows."""
    try:
        image = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error):
        return None
    return None if image is None else np.asarray(image, np.uint8)
