"""The frames that all rows are given: in a file, which the processes of the rows read.

A video file or a folder of images is decoded a stretch at a time, and begins again at its end. Of a camera or
stream two seconds are kept, and given forwards and backwards: every row gets the same frames, and nothing is
captured or decoded while rows are measured.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Protocol

import numpy as np

from desktop_pose.capture.protocol import BadFrameError, FrameSource
from desktop_pose.capture.rotation import rotated, rotated_size
from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.errors import MeasuringError, SourceError
from desktop_pose.core.frames import Image, Size, size_of
from desktop_pose.core.settings import Rotation
from desktop_pose.engine.measuring.figures import RATE_HZ

log = logging.getLogger(__name__)

KEPT_FRAMES = 60
"""Of a live source: two seconds."""

_SETTLING_FRAMES = 10
"""Cameras find their exposure in the first frames."""

_OPENING_NS = 4 * NS_PER_S
"""The live picture may need 2.5 s to let go of a camera."""

_PAUSE_S = 0.25

_KEEPING_NS = 4 * NS_PER_S
"""A slow stream gives fewer frames."""

_STEP_NS = int(NS_PER_S / RATE_HZ)

Places = tuple[tuple[int, int], ...]
"""Of each frame, its place in the file and its time in nanoseconds."""


class Footage(Protocol):
    """The frames of one source.

    Attributes:
        file: Holds the frames as `row_process.Turn` says.
        size: Of every frame.
    """

    file: Path
    size: Size

    def next_frames(self, count: int) -> Places:
        """So many frames more, which are in the file until this is called again.

        Raises:
            SourceError: The source has failed.
            MeasuringError: There is no room for them.
        """


@contextmanager
def open_footage(
    source: FrameSource, rotation: Rotation, tick: Callable[[], object], *, is_live: bool
) -> Iterator[Footage]:
    """The frames of `source`, turned by `rotation`; nothing is left behind.

    Args:
        source: Not yet opened.
        rotation: How its picture is turned first.
        tick: Called again and again while a live source is waited for; what it raises ends the waiting.
        is_live: Whether it is a camera or stream.

    Raises:
        SourceError: The source cannot be opened, or has no frame.
        MeasuringError: There is no room for the frames.
    """
    with _folder() as folder, closing(source):
        file = FrameFile(Path(folder) / "frames")
        if is_live:
            _open_patiently(source, tick)
            yield KeptFootage(source, rotation, file, tick)
        else:
            source.open()
            yield DecodedFootage(source, rotation, file)


class FrameFile:
    """A file of frames of one size, which others read while it is written to elsewhere.

    Attributes:
        path: The file, which exists from the first `write` on.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, place: int, image: Image) -> None:
        """Put `image` in place of the frame at `place`.

        Raises:
            MeasuringError: There is no room for it.
        """
        try:
            self.path.touch()
            with self.path.open("r+b") as file:
                file.seek(place * image.nbytes)
                file.write(np.ascontiguousarray(image).data)
        except OSError as error:
            raise _no_room(error) from error


class DecodedFootage:
    """Of a file or folder: decoded a stretch at a time; after its end it begins again.

    Of a clip with many more than 30 frames a second, every second or so many: as a camera would see it.
    """

    def __init__(self, source: FrameSource, rotation: Rotation, file: FrameFile) -> None:
        self.file = file.path
        self.size = rotated_size(source.info.size, rotation)
        self._source = source
        self._rotation = rotation
        self._frames = file
        self._step = max(round((source.info.nominal_fps or RATE_HZ) / RATE_HZ), 1)
        self._offset_ns = 0  # of the round through the file
        self._last_ns = -1

    def next_frames(self, count: int) -> Places:
        """So many frames more; see `Footage`."""
        return tuple((place, self._write_next(place)) for place in range(count))

    def _write_next(self, place: int) -> int:
        image = self._next_picture()
        self._frames.write(place, image)
        time_ns = self._offset_ns + (self._source.media_ns or 0)
        self._last_ns = max(time_ns, self._last_ns + 1)
        return self._last_ns

    def _next_picture(self) -> Image:
        image = self._grabbed()
        if image is None:
            self._source.rewind()
            self._offset_ns = self._last_ns + _STEP_NS
            image = self._grabbed()
        if image is None:
            raise SourceError(f"There is no frame in {self._source.info.name}", "Choose another video")
        return image

    def _grabbed(self) -> Image | None:
        """The next frame that can be decoded and has the right size; None at the end."""
        while all(self._source.grab() for _ in range(self._step)):
            try:
                image = rotated(self._source.retrieve(), self._rotation)
            except BadFrameError:
                continue
            if size_of(image) == self.size:
                return image
        return None


class KeptFootage:
    """Of a camera or stream: two seconds, then forwards and backwards in turn."""

    def __init__(
        self, source: FrameSource, rotation: Rotation, file: FrameFile, tick: Callable[[], object]
    ) -> None:
        self.file = file.path
        self.size = rotated_size(source.info.size, rotation)
        self._given = 0
        self._kept = 0
        end_ns = monotonic_ns() + _KEEPING_NS
        seen = 0
        while self._kept < KEPT_FRAMES and (monotonic_ns() < end_ns or self._kept < 1) and source.grab():
            tick()
            seen += 1
            if seen <= _SETTLING_FRAMES:
                continue
            try:
                image = rotated(source.retrieve(), rotation)
            except BadFrameError:
                continue
            if size_of(image) == self.size:
                file.write(self._kept, image)
                self._kept += 1
        source.close()

    def next_frames(self, count: int) -> Places:
        """So many frames more; see `Footage`."""
        numbers = range(self._given, self._given + count)
        self._given += count
        return tuple((_there_and_back(number, self._kept), number * _STEP_NS) for number in numbers)


def _there_and_back(number: int, kept: int) -> int:
    """The place of frame `number` of `kept` that are given forwards, backwards, and so on."""
    if kept == 1:
        return 0
    place = number % (2 * kept - 2)
    return min(place, 2 * kept - 2 - place)


def _open_patiently(source: FrameSource, tick: Callable[[], object]) -> None:
    """Open it, again if need be: the live picture may not yet have let go of the same camera."""
    deadline_ns = monotonic_ns() + _OPENING_NS
    pause = Event()
    while True:
        tick()
        try:
            source.open()
        except SourceError as error:
            if monotonic_ns() > deadline_ns:
                raise
            log.info("Is opened again: %s", error)
            pause.wait(_PAUSE_S)
        else:
            return


def _folder() -> AbstractContextManager[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="desktop-pose-frames-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> MeasuringError:
    return MeasuringError(
        f"The frames to measure with cannot be kept in {tempfile.gettempdir()} ({error.strerror})",
        "Free space there, or choose a smaller picture",
    )
