"""What waits for the recorder: few frames with their pictures, many without."""

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from desktop_pose.core.frames import Frame
from desktop_pose.core.poses import FramePoses
from desktop_pose.engine.mailbox import CountedQueue
from desktop_pose.engine.posed import PosedFrame

PICTURES = 30
"""Frames that may wait with their pictures: one second of a usual camera, 83 MB of 720p at the worst."""

CAPACITY = 600
"""Frames that may wait at all: twenty seconds of landmarks, a few megabytes, for a disk that stalls."""


class RecordQueue(CountedQueue[PosedFrame]):
    """Takes frames as long as their landmarks find room; pictures are left out before that.

    So a video that takes too long, or a disk that stalls, costs pictures and not landmarks.

    Attributes:
        keeps_pictures: Whether pictures are wanted at all; set by who takes them out.
    """

    def __init__(self, lock: "threading.RLock", on_drop: Callable[[PosedFrame], None]) -> None:
        super().__init__(lock, CAPACITY, on_drop)
        self.keeps_pictures = True

    def put(self, item: PosedFrame) -> bool:
        """Put `item` in, maybe without its picture; False if there was no room and it is dropped."""
        with self._lock:
            has_room = self.keeps_pictures and len(self._items) < PICTURES
            poses = item.poses if item.poses.mask is None else replace(item.poses, mask=None)
            return super().put(_lean(item.frame, poses, has_picture=has_room))


def _lean(frame: Frame, poses: FramePoses, *, has_picture: bool) -> PosedFrame:
    if has_picture:
        return PosedFrame(frame, poses)
    # Three bytes in the shape of the picture: its size is still known.
    nothing = np.broadcast_to(np.zeros(3, np.uint8), frame.image.shape)
    return PosedFrame(replace(frame, image=nothing), poses, has_picture=False)
