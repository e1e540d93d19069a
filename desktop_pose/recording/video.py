"""Writes the video of a session, and mends one whose program died.

Matroska in clusters of half a second, each flushed to disk, so that a killed recording can be read to within
half a second of its end. Frames carry their own times, in Matroska's milliseconds. Nothing is kept in memory
but the picture being encoded.

PyAV and OpenCV are imported when a video is first written or mended: landmarks alone pay for neither.
"""

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_MS
from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Image, Size
from desktop_pose.recording.problems import writing_failed

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

_TIME_BASE = Fraction(1, 1000)
"""Matroska as FFmpeg writes it knows milliseconds only; `landmarks.sqlite` has the nanoseconds."""

_CONTAINER_OPTIONS = {"cluster_time_limit": "500", "flush_packets": "1"}
_X264_OPTIONS = {"preset": "ultrafast", "tune": "zerolatency", "crf": "23"}
_MPEG4_BITS_PER_PIXEL_AND_FRAME = 0.15  # 4 Mbit/s at 1280x720 and 30 frames/s
_KEY_FRAME_INTERVAL = 30  # seeking decodes at most so many frames
_NOMINAL_FPS = 30  # the encoder wants to hear one; the frames' own times are what counts
_SMALLEST_CODED_PX = 16  # x264 refuses pictures smaller than a macroblock
_BUFFERS = 3  # the encoder may still read the picture before last
_BT601, _LIMITED_RANGE = 6, 1  # AVCOL_SPC_SMPTE170M and AVCOL_RANGE_MPEG: what cv2.cvtColor makes


class VideoWriter:
    """Encodes frames of one size into a new Matroska file, on the calling thread.

    Args:
        path: File to make, private to the user.
        size: Size of every frame. Odd sizes, and those below 16, are padded by repeating the last column and
            row: encoders want it so.

    Raises:
        RecordingError: The file cannot be made.
    """

    def __init__(self, path: Path, size: Size) -> None:
        import av
        import cv2

        self._path = path
        self._size = size
        self._coded = Size(_coded_px(size.width_px), _coded_px(size.height_px))
        self._last_ms = -1
        self.frame_count = 0
        rows = self._coded.height_px * 3 // 2
        self._buffers = [np.empty((rows, self._coded.width_px), np.uint8) for _ in range(_BUFFERS)]
        self._av, self._cv2 = av, cv2
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._container: OutputContainer | None = av.open(
                str(path), "w", format="matroska", options=_CONTAINER_OPTIONS
            )
            self._stream = self._add_stream(self._container)
        except (OSError, av.error.FFmpegError) as error:
            raise self._failed(error) from error

    @property
    def encoder(self) -> str:
        """Name of the encoder in use."""
        return self._stream.codec_context.codec.name

    def write(self, image: Image, time_ns: int) -> None:
        """Add a frame of the size given at the start.

        Args:
            image: The picture; it may be changed again once this returns.
            time_ns: Its time since the start of the recording. Within a millisecond of the frame before, it
                is put one millisecond later.

        Raises:
            RecordingError: The disk does not take it.
        """
        assert self._container is not None
        frame = self._av.VideoFrame.from_numpy_buffer(self._as_i420(image), "yuv420p")
        self._last_ms = max(round(time_ns / NS_PER_MS), self._last_ms + 1)
        frame.pts, frame.time_base = self._last_ms, _TIME_BASE
        try:
            self._container.mux(self._stream.encode(frame))
        except (OSError, self._av.error.FFmpegError) as error:
            raise self._failed(error) from error
        self.frame_count += 1

    def close(self) -> None:
        """Write what is pending, the index and the duration. May be called more than once.

        Raises:
            RecordingError: The disk does not take it; what is on it can be mended with `remux`.
        """
        container, self._container = self._container, None
        if container is None:
            return
        try:
            try:
                container.mux(self._stream.encode(None))
            finally:
                container.close()
        except (OSError, self._av.error.FFmpegError) as error:
            raise self._failed(error) from error

    def _add_stream(self, container: "OutputContainer") -> "VideoStream":
        try:
            self._av.Codec("libx264", "w")
        except ValueError:  # PyAV's UnknownCodecError: built without it, as some distributions do
            stream = container.add_stream("mpeg4", rate=_NOMINAL_FPS)
            pixels = self._coded.width_px * self._coded.height_px
            stream.bit_rate = round(pixels * _NOMINAL_FPS * _MPEG4_BITS_PER_PIXEL_AND_FRAME)
        else:
            stream = container.add_stream("libx264", rate=_NOMINAL_FPS, options=_X264_OPTIONS)
        stream.width, stream.height = self._coded.width_px, self._coded.height_px
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = _TIME_BASE
        context.gop_size = _KEY_FRAME_INTERVAL
        context.thread_count = 1  # the work stays on the thread whose cost is shown
        context.colorspace, context.color_range = _BT601, _LIMITED_RANGE
        return stream

    def _as_i420(self, image: Image) -> NDArray[np.uint8]:
        # OpenCV converts in a fifth of the time FFmpeg's scaler takes, and without the GIL.
        padding = self._coded.height_px - image.shape[0], self._coded.width_px - image.shape[1]
        if any(padding):
            image = np.pad(image, ((0, padding[0]), (0, padding[1]), (0, 0)), mode="edge")
        image = np.ascontiguousarray(image)  # a turned picture may be a view
        buffer = self._buffers[self.frame_count % _BUFFERS]
        self._cv2.cvtColor(image, self._cv2.COLOR_BGR2YUV_I420, dst=buffer)
        return buffer

    def _failed(self, error: Exception) -> RecordingError:
        return writing_failed(_as_os_error(error), self._path)


def _coded_px(length_px: int) -> int:
    return max(_SMALLEST_CODED_PX, length_px + length_px % 2)


def remux(damaged: Path, mended: Path) -> int:
    """Number of frames that `damaged`, a video cut short, holds; they are copied to `mended` with an index.

    The frames are copied as they are, not decoded. Where there is none, `mended` is not made.

    Raises:
        RecordingError: `mended` cannot be written.
    """
    import av

    count = 0
    try:
        with av.open(str(damaged)) as source:
            if not source.streams.video:
                return 0
            original = source.streams.video[0]
            os.close(os.open(mended, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            with av.open(str(mended), "w", format="matroska") as target:
                stream = target.add_stream_from_template(original)
                for packet in _packets(source, original):
                    packet.stream = stream
                    target.mux(packet)
                    count += 1
    except (av.error.InvalidDataError, av.error.EOFError):
        count = 0  # killed before the first cluster was on disk: not even a header to copy
    except (OSError, av.error.FFmpegError) as error:
        mended.unlink(missing_ok=True)
        raise writing_failed(_as_os_error(error), mended) from error
    if count == 0:
        mended.unlink(missing_ok=True)
    return count


def _packets(source: "InputContainer", stream: "VideoStream") -> Iterator["Packet[VideoStream]"]:
    """The whole packets of a video cut short, up to where it was cut."""
    import av

    packets = source.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.InvalidDataError, av.error.EOFError):
            return
        if packet.dts is not None and not packet.is_corrupt:
            yield packet


def _as_os_error(error: Exception) -> OSError:
    if isinstance(error, OSError):
        return error
    number = getattr(error, "errno", None)
    return OSError(number, os.strerror(number) if number and number > 0 else str(error))
