"""Decodes a file ahead of who works on its frames: on a thread of its own, a few frames at most.

The thread is the only one that touches the source between the making of a `Prefetch` and its end. What goes
wrong in it is raised where the frames are taken.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from desktop_pose.capture.protocol import BadFrameError, FrameSource
from desktop_pose.capture.rotation import rotated
from desktop_pose.core.clock import monotonic_ns
from desktop_pose.core.frames import Image
from desktop_pose.core.settings import Rotation

_AHEAD = 3
"""Frames that wait: enough for a key frame that takes as long as three others, and 8 MB of 720p."""

_PATIENCE_S = 0.1  # until a thread that waits for room looks whether it is still wanted


@dataclass(frozen=True, slots=True, eq=False)
class DecodedFrame:
    """A frame of the file.

    Attributes:
        index: Its number, from 0.
        time_ns: Its presentation time since the first.
        image: The turned picture; None where it cannot be decoded.
        work_ns: What decoding and turning it took.
    """

    index: int
    time_ns: int
    image: Image | None
    work_ns: int


class Prefetch:
    """The frames of an open source in order, decoded ahead. Iterate once; close in any case.

    Args:
        source: An open file that nobody else uses meanwhile.
        rotation: How every picture is turned.
        started: Hears the system's number of the thread.
    """

    def __init__(
        self, source: FrameSource, rotation: Rotation, started: Callable[[int], None] = lambda _id: None
    ) -> None:
        self._source = source
        self._rotation = rotation
        self._queue: queue.Queue[DecodedFrame | BaseException | None] = queue.Queue(_AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="prefetch", daemon=True)
        self._thread.start()
        if self._thread.native_id is not None:
            started(self._thread.native_id)

    def __iter__(self) -> Iterator[DecodedFrame]:
        """The frames up to the end of the file.

        Raises:
            SourceError: The source has failed.
        """
        while (item := self._queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    def close(self) -> None:
        """End the thread; the source may then be used or closed. May be called more than once."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        last: BaseException | None = None
        try:
            for frame in self._decoded():
                if not self._put(frame):
                    return
        except BaseException as error:  # noqa: BLE001  # the thread's boundary: raised again by who takes frames
            last = error
        self._put(last)

    def _decoded(self) -> Iterator[DecodedFrame]:
        index = 0
        while True:
            began_ns = monotonic_ns()
            if not self._source.grab():
                return
            time_ns = self._source.media_ns or 0
            try:
                image = rotated(self._source.retrieve(), self._rotation)
            except BadFrameError:
                image = None
            yield DecodedFrame(index, time_ns, image, monotonic_ns() - began_ns)
            index += 1

    def _put(self, item: DecodedFrame | BaseException | None) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=_PATIENCE_S)
            except queue.Full:
                continue
            return True
        return False
