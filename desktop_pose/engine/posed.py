"""A frame after inference."""

from dataclasses import dataclass

from desktop_pose.core.frames import Frame
from desktop_pose.core.poses import FramePoses


@dataclass(frozen=True, slots=True, eq=False)
class PosedFrame:
    """A frame with the people in it.

    Attributes:
        frame: The captured frame.
        poses: Who is in it.
        has_picture: Whether the picture of `frame` is there; else it only has its size.
    """

    frame: Frame
    poses: FramePoses
    has_picture: bool = True
