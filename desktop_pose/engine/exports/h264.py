"""Writes pictures as H.264 at a constant rate."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from desktop_pose.core.errors import ExportError
from desktop_pose.core.frames import Image, Size

_ENCODERS = ("libx264", "libopenh264")
_OPTIONS = {"libx264": {"preset": "veryfast", "crf": "20"}}
_BITS_PER_PIXEL = 0.15  # for encoders that are not told a quality: 4 Mbit/s at 1280x720 and 30/s
_SMALLEST_CODED_PX = 16
_THREADS = 2  # their number shows in the file: one chosen by the machine would differ between machines
_BT601, _LIMITED_RANGE = 6, 1  # AVCOL_SPC_SMPTE170M and AVCOL_RANGE_MPEG: what cv2.cvtColor makes


def check_encoder() -> str:
    """Name of the encoder for H.264.

    Raises:
        ExportError: PyAV was built without one.
    """
    for name in _ENCODERS:
        try:
            av.Codec(name, "w")
        except ValueError:  # PyAV's UnknownCodecError
            continue
        return name
    raise ExportError(
        "This machine's PyAV cannot encode H.264", "Install PyAV with pip install --force-reinstall av"
    )


class H264Writer:
    """A new video file, MP4 or Matroska by its suffix. A context manager.

    Args:
        path: File to make.
        size: Size of every picture. Odd sizes, and those below 16, are padded by repeating the last column
            and row: encoders want it so.
        rate_hz: Pictures per second.

    Raises:
        OSError: The file cannot be written.
    """

    def __init__(self, path: Path, size: Size, rate_hz: Fraction) -> None:
        encoder = check_encoder()
        coded = Size(_coded_px(size.width_px), _coded_px(size.height_px))
        self._padding = coded.height_px - size.height_px, coded.width_px - size.width_px
        self._time_base = 1 / rate_hz
        self._count = 0
        with _trouble_told():
            self._container: OutputContainer = av.open(
                f"file:{path}",  # a name like http:a.mp4 is no address
                "w",
                format="matroska" if path.suffix.lower() == ".mkv" else "mp4",
                options={"fflags": "bitexact"},  # no random numbers and no date
            )
        stream = self._container.add_stream(encoder, rate=rate_hz, options=_OPTIONS.get(encoder, {}))
        assert isinstance(stream, VideoStream)
        self._stream = stream
        self._stream.width, self._stream.height = coded.width_px, coded.height_px
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.thread_count = _THREADS
        context.colorspace, context.color_range = _BT601, _LIMITED_RANGE
        if encoder not in _OPTIONS:
            pixels_per_s = coded.width_px * coded.height_px * float(rate_hz)
            self._stream.bit_rate = round(pixels_per_s * _BITS_PER_PIXEL)

    def write(self, picture: Image) -> None:
        """Add a picture.

        Args:
            picture: (height, width, 4) uint8 BGRA; it may be changed again once this returns.

        Raises:
            OSError: The disk does not take it.
        """
        if any(self._padding):
            rows, columns = self._padding
            picture = np.pad(picture, ((0, rows), (0, columns), (0, 0)), mode="edge")
        # OpenCV converts in a fifth of the time FFmpeg's scaler takes, and without the GIL.
        planes = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGRA2YUV_I420), np.uint8)
        frame = av.VideoFrame.from_numpy_buffer(planes, "yuv420p")
        frame.pts, frame.time_base = self._count, self._time_base
        with _trouble_told():
            self._container.mux(self._stream.encode(frame))
        self._count += 1

    def __enter__(self) -> "H264Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is pending and the index; after a failure only close the file."""
        with _trouble_told(is_known=kind is not None):
            try:
                if kind is None:
                    self._container.mux(self._stream.encode(None))
            finally:
                self._container.close()


@contextmanager
def _trouble_told(*, is_known: bool = False) -> Iterator[None]:
    """Turn FFmpeg's failures into the system's; pass over them where one is told of already."""
    try:
        yield
    except (FFmpegError, OSError) as error:
        if not is_known:
            number = error.errno or 0
            raise OSError(number, os.strerror(number) if number > 0 else str(error)) from error


def _coded_px(length_px: int) -> int:
    return max(_SMALLEST_CODED_PX, length_px + length_px % 2)
