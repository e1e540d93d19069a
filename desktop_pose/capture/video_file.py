"""Video files: presentation times, the rotation tag, and an end at the first damage.

`grab` decodes, `retrieve` converts to BGR and turns.
"""

from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame

from desktop_pose.capture.decoder import VideoDecoder, presentation_ns
from desktop_pose.capture.media_clock import MediaClock
from desktop_pose.capture.protocol import BadFrameError, if_open
from desktop_pose.capture.rotation import rotated, rotated_size
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Image, Size, SourceInfo, SourceKind, size_of
from desktop_pose.core.settings import Rotation
from desktop_pose.core.sources import shown_name


class VideoFile:
    """A video file, from its first frame to its end or to the first damage.

    Args:
        path: The file.
        kind: FILE, or DEMO for the shipped clip.
        name: What to call it; the file's name unless given.
        decode_threads: Threads that decode. More than one decodes ahead, which suits work without a window.
    """

    def __init__(
        self,
        path: Path,
        *,
        kind: SourceKind = SourceKind.FILE,
        name: str | None = None,
        decode_threads: int = 1,
    ) -> None:
        self._path = path
        self._kind = kind
        self._name = shown_name(path) if name is None else name
        self._decode_threads = decode_threads
        self._decoder: VideoDecoder | None = None
        self._info: SourceInfo | None = None
        self._rotation = Rotation.NONE
        self._frame: VideoFrame | None = None
        self._clock = MediaClock()

    @property
    def info(self) -> SourceInfo:
        """What the open file holds."""
        return if_open(self._info)

    @property
    def media_ns(self) -> int | None:
        """Presentation time of the grabbed frame since the first; 0 before the first `grab`."""
        return self._clock.now_ns

    @property
    def damage(self) -> SourceError | None:
        """Why the file ended before its end; None where it did not, or not yet."""
        return None if self._decoder is None else self._decoder.damage

    def open(self) -> None:
        """Open the file and decode its first frame.

        Raises:
            SourceError: It is missing, unreadable, or no video.
        """
        self.close()
        decoder = VideoDecoder(self._path, self._decode_threads)
        first = decoder.first_frame
        self._decoder = decoder
        self._clock = MediaClock(decoder.fps)
        self._rotation = _rotation_of(first)
        size = rotated_size(Size(first.width, first.height), self._rotation)
        self._info = SourceInfo(self._kind, self._name, size, decoder.fps, decoder.frame_count)

    def grab(self) -> bool:
        """Decode the next frame; False at the end, or where the file is damaged."""
        frame = if_open(self._decoder).next_frame()
        if frame is None:
            return False
        self._frame = frame
        self._clock.advance(presentation_ns(frame))
        return True

    def retrieve(self) -> Image:
        """The picture of the frame just grabbed, turned by the rotation tag.

        Raises:
            BadFrameError: It is not of the size of the first.
        """
        if self._frame is None:
            raise RuntimeError("no frame was grabbed")
        # By default the conversion starts a thread for each core, which costs more than it saves.
        pixels = self._frame.to_ndarray(format="bgr24", threads=1)
        image = rotated(np.asarray(pixels, np.uint8), self._rotation)
        if size_of(image) != self.info.size:
            raise BadFrameError(
                f"The picture changes from {self.info.size} to {size_of(image)} within {self._name}",
                "Convert the video to one size",
            )
        return image

    def rewind(self) -> None:
        """Start again from the first frame.

        Raises:
            SourceError: The file had to be opened again and cannot.
        """
        decoder = if_open(self._decoder)
        self._frame = None
        self._clock = MediaClock(decoder.fps)
        if not decoder.rewind():
            self.open()

    def close(self) -> None:
        """Close the file."""
        if self._decoder is not None:
            self._decoder.close()
        self._decoder = None
        self._info = None
        self._frame = None
        self._clock = MediaClock()


def _rotation_of(frame: VideoFrame) -> Rotation:
    """The clockwise turn that the display matrix asks for, to the nearest quarter."""
    # PyAV gives the angle anticlockwise, from -180 to 180.
    return Rotation(str(-90 * round(frame.rotation / 90) % 360))
