"""What every frame source does."""

from typing import Protocol, TypeVar

from desktop_pose.core.errors import DesktopPoseError, SourceError
from desktop_pose.core.frames import Image, SourceInfo

T = TypeVar("T")


def if_open(part: T | None) -> T:
    """`part` of an open source; None, where it is closed, is a bug of the caller."""
    if part is None:
        raise RuntimeError("the source is not open")
    return part


class BadFrameError(DesktopPoseError):
    """This one frame cannot be decoded; the source goes on."""


class FrameSource(Protocol):
    """A source of frames.

    Invariants (tested for every source by one contract class):
      * after `open`, `info` says what is delivered; before, reading it is an error;
      * `grab` is called before each `retrieve`, which may be left out to skip a frame;
      * `media_ns` never decreases, is 0 for the first frame and counts from it; None where each frame comes
        when it happens;
      * once `grab` has returned False it goes on doing so until `rewind`;
      * a picture returned by `retrieve` is never written to again by the source;
      * `close` may be called at any time and more than once; a closed source can be opened again.

    Constructing a source touches nothing: no file, no device, no network.
    """

    @property
    def info(self) -> SourceInfo:
        """What the open source delivers."""

    @property
    def media_ns(self) -> int | None:
        """When the grabbed frame is due, in ns since the first; None where each comes when it happens."""

    @property
    def damage(self) -> SourceError | None:
        """Why a finite source ended before its end; None where it did not, or not yet."""

    def open(self) -> None:
        """Open the source; takes at most 2.5 s.

        Raises:
            SourceError: It is missing, unreadable, empty, silent or in use.
        """

    def grab(self) -> bool:
        """Take the next frame; False at the end of a finite source.

        Blocks until there is one, at most 2.5 s.

        Raises:
            SourceError: The source has failed or fallen silent; it must be closed and opened again.
        """

    def retrieve(self) -> Image:
        """The picture of the frame just grabbed, (height, width, 3) uint8 BGR, turned by the rotation tag.

        Raises:
            BadFrameError: This frame cannot be decoded.
        """

    def rewind(self) -> None:
        """Start again from the first frame; only for sources that are not live."""

    def close(self) -> None:
        """Release the device, file or connection."""
