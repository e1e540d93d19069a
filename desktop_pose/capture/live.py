"""What cameras and streams have in common: an OpenCV capture that, once it fails, has failed for good.

A failed capture may go on calling itself open, so nothing is read from it again: it is
closed and opened anew. A frame that cannot be decoded is no failure, although `grab` reports both alike.
"""

from abc import ABC, abstractmethod
from enum import Enum, auto

import cv2

from desktop_pose.capture.jpeg import read_picture
from desktop_pose.capture.protocol import BadFrameError, if_open
from desktop_pose.core.clock import NS_PER_MS, NS_PER_S, monotonic_ns
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Image, SourceInfo, size_of

SILENCE_NS = round(0.9 * NS_PER_S)
"""A read that fails after this long has run into the time-out of 1 s."""

INSTANT_NS = NS_PER_MS
MAX_INSTANT_IN_A_ROW = 10
"""So many reads that fail so fast were answered by nobody: the connection or device has gone."""

MAX_BAD_IN_A_ROW = 15
MAX_BAD_NS = NS_PER_S
"""So many frames, or so long, without one picture is a failure as well."""


class Ending(Enum):
    """Why a live source gives no more frames."""

    GONE = auto()
    SILENT = auto()
    UNREADABLE = auto()


class LiveSource(ABC):
    """A source that is read through OpenCV and delivers frames when they happen."""

    def __init__(self) -> None:
        self._capture: cv2.VideoCapture | None = None
        self._info: SourceInfo | None = None
        self._failure: SourceError | None = None
        self._bad_ahead = 0
        self._is_frame_ahead = False
        self._is_bad = False
        self._bad_in_a_row = 0

    @abstractmethod
    def _connect(self) -> tuple[cv2.VideoCapture, SourceInfo]:
        """A capture that gives pictures, and what it delivers.

        Raises:
            SourceError: There is none; whatever was opened is released.
        """

    @abstractmethod
    def _explain(self, ending: Ending) -> SourceError:
        """What to tell the user about `ending`."""

    @property
    def info(self) -> SourceInfo:
        """What the open source delivers."""
        return if_open(self._info)

    @property
    def media_ns(self) -> int | None:
        """None: the time of a live frame is that of its capture."""
        return None

    @property
    def damage(self) -> SourceError | None:
        """None: a live source has no end."""
        return None

    def open(self) -> None:
        """Connect, anew where there is a connection already.

        Raises:
            SourceError: It is missing, silent, in use, or forbidden.
        """
        self.close()
        self._capture, self._info = self._connect()

    def grab(self) -> bool:
        """Take the next frame.

        Raises:
            SourceError: There is none; the source must be closed and opened again.
        """
        if self._failure is not None:
            raise self._failure
        if self._bad_ahead == 0 and not self._is_frame_ahead:
            self._fetch()
        self._is_bad = self._bad_ahead > 0
        if self._is_bad:
            self._bad_ahead -= 1
        else:
            self._is_frame_ahead = False
        return True

    def retrieve(self) -> Image:
        """The picture of the frame just grabbed.

        Raises:
            BadFrameError: There is none in it, or it is not of the size the source was opened with.
        """
        size = self.info.size
        picture = None if self._is_bad else read_picture(self._opened, size)
        if picture is None:
            self._count_bad()
            raise BadFrameError("A frame arrived that is no picture", "Check the cable or the network")
        self._bad_in_a_row = 0
        if size_of(picture) != size:
            self._failure = SourceError(
                f"The picture has changed from {size} to {size_of(picture)}", "The source is opened again"
            )
            raise BadFrameError(self._failure.message, self._failure.hint)
        return picture

    def rewind(self) -> None:
        """Not for live sources."""
        raise RuntimeError("a live source cannot be rewound")

    def close(self) -> None:
        """Release the device or connection."""
        if self._capture is not None:
            self._capture.release()
        self._capture = None
        self._info = None
        self._failure = None
        self._bad_ahead = 0
        self._is_frame_ahead = False
        self._is_bad = False
        self._bad_in_a_row = 0

    @property
    def _opened(self) -> cv2.VideoCapture:
        return if_open(self._capture)

    def _fetch(self) -> None:
        """Take a frame from OpenCV; the reads that fail before it were frames that cannot be decoded.

        A lost connection is told from those by what follows: failure upon failure, at once.
        """
        first_ns = monotonic_ns()
        instant = bad = 0
        while True:
            asked_ns = monotonic_ns()
            if self._opened.grab():
                break
            now_ns = monotonic_ns()
            bad += 1
            instant = instant + 1 if now_ns - asked_ns < INSTANT_NS else 0
            if now_ns - asked_ns >= SILENCE_NS:
                raise self._fail(Ending.SILENT)
            if instant >= MAX_INSTANT_IN_A_ROW:
                raise self._fail(Ending.GONE)
            if bad >= MAX_BAD_IN_A_ROW or now_ns - first_ns >= MAX_BAD_NS:
                raise self._fail(Ending.UNREADABLE)
        self._bad_ahead = bad
        self._is_frame_ahead = True

    def _count_bad(self) -> None:
        self._bad_in_a_row += 1
        if self._bad_in_a_row >= MAX_BAD_IN_A_ROW:
            self._fail(Ending.UNREADABLE)

    def _fail(self, ending: Ending) -> SourceError:
        self._failure = self._explain(ending)
        return self._failure
