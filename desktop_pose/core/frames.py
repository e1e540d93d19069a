"""A captured frame, and what a source says about itself."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""A picture: (height, width, 3) uint8, blue-green-red, rows from the top."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        if self.width_px < 1 or self.height_px < 1:
            raise ValueError(f"a size has at least one pixel each way, not {self}")

    def __str__(self) -> str:
        return f"{self.width_px}x{self.height_px}"


def size_of(image: Image) -> Size:
    """The size of a picture of shape (height, width, 3)."""
    return Size(image.shape[1], image.shape[0])


class SourceKind(Enum):
    """What kind of thing frames come from."""

    CAMERA = "camera"
    STREAM = "stream"
    FILE = "file"
    FOLDER = "folder"
    DEMO = "demo"

    @property
    def is_live(self) -> bool:
        """Whether frames come when they happen, cannot be asked for again, and the picture is a mirror."""
        return self in (SourceKind.CAMERA, SourceKind.STREAM)


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What an open source truly delivers.

    Attributes:
        kind: The kind of source.
        name: What to call it in the window.
        size: Size of the frames after the file's rotation tag and before the user's rotation.
        nominal_fps: The rate the source claims, per second; None where it claims none.
        frame_count: Number of frames the source claims to hold; None for live and unknown.
    """

    kind: SourceKind
    name: str
    size: Size
    nominal_fps: float | None
    frame_count: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One captured frame.

    Attributes:
        index: Number of the captured frame, from 0; a gap means frames were dropped in between.
        time_ns: Timestamp minus the first frame's: presentation time in files, capture time live.
        capture_ns: `core.clock.monotonic_ns` at the return of the source's `grab`.
        image: The picture, read-only.
    """

    index: int
    time_ns: int
    capture_ns: int
    image: Image

    def __post_init__(self) -> None:
        self.image.flags.writeable = False

    @property
    def size(self) -> Size:
        """Size of the picture."""
        return size_of(self.image)
