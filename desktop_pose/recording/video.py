"""Writes a video file of a session, and mends one whose program died.

Matroska in clusters of half a second, each flushed to disk, so that a killed recording can be read to within
half a second of its end. Frames carry their own times, in Matroska's milliseconds. Nothing is kept in memory
but the picture being encoded.

PyAV and OpenCV are imported when a video is first written or mended: landmarks alone pay for neither.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_MS
from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Image, Size
from desktop_pose.core.settings import VideoQuality
from desktop_pose.recording.encoders import TIME_BASE, EncoderSettings, best_encoder, open_context
from desktop_pose.recording.problems import writing_failed

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

_CONTAINER_OPTIONS = {"cluster_time_limit": "500", "flush_packets": "1"}
_SMALLEST_CODED_PX = 16  # x264 refuses pictures smaller than a macroblock
_BUFFERS = 3  # the encoder may still read the picture before last


class VideoWriter:
    """Encodes pictures of one size into a new Matroska file, on the calling thread.

    Args:
        path: File to make, private to the user.
        size: Size of the pictures in the file. Odd sizes, and those below 16, are padded by repeating the
            last column and row: encoders want it so.
        quality: As the user wants it.
        is_reduced: Whether about half the bit rate must do.
        after_ms: All pictures are later than this: when the file before ended.

    Attributes:
        frame_count: Number of pictures written.
        last_ms: When the newest picture is shown.

    Raises:
        RecordingError: The file cannot be made.
    """

    def __init__(
        self,
        path: Path,
        size: Size,
        quality: VideoQuality = VideoQuality.MEDIUM,
        *,
        is_reduced: bool = False,
        after_ms: int = -1,
    ) -> None:
        import av
        import cv2

        self.path = path
        self.size = size
        self.frame_count = 0
        self._quality = quality
        self._coded = Size(_coded_px(size.width_px), _coded_px(size.height_px))
        self.last_ms = after_ms
        rows = self._coded.height_px * 3 // 2
        self._buffers = [np.empty((rows, self._coded.width_px), np.uint8) for _ in range(_BUFFERS)]
        self._av, self._cv2 = av, cv2
        settings = EncoderSettings(best_encoder(self._coded), self._coded, quality, is_reduced=is_reduced)
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._container: OutputContainer | None = av.open(
                f"file:{path}", "w", format="matroska", options=_CONTAINER_OPTIONS
            )
            self._stream: VideoStream = self._container.add_stream(settings.name, options=settings.options)  # type: ignore[assignment]  # of video, as its encoder
            settings.apply(self._stream.codec_context)
        except (OSError, av.error.FFmpegError) as error:
            raise self._failed(error) from error
        self._encoder: VideoCodecContext = self._stream.codec_context

    @property
    def encoder(self) -> str:
        """FFmpeg's name of the encoder in use."""
        return self._stream.codec_context.codec.name

    def write(self, image: Image, time_ns: int) -> None:
        """Add a picture, which is brought to the size of the file if it has another one.

        Args:
            image: Blue, green, red, and maybe a fourth channel that is left out; it may be changed again once
                this returns.
            time_ns: Its time since the start of the recording. Within a millisecond of the picture before, it
                is put one millisecond later.

        Raises:
            RecordingError: The disk does not take it.
        """
        assert self._container is not None
        pixel_format = self._stream.codec_context.pix_fmt or "yuv420p"
        frame = self._av.VideoFrame.from_numpy_buffer(self._as_i420(image), pixel_format)
        self.last_ms = max(round(time_ns / NS_PER_MS), self.last_ms + 1)
        frame.pts, frame.time_base = self.last_ms, TIME_BASE
        try:
            self._mux(self._encoder.encode(frame))
        except (OSError, self._av.error.FFmpegError) as error:
            raise self._failed(error) from error
        self.frame_count += 1

    def reduce_bit_rate(self) -> bool:
        """Whether from now on about half the bit rate does; False where that takes another file.

        The next picture is a key frame of another encoder, whose parameter sets must be those the file began
        with.

        Raises:
            RecordingError: The disk does not take what was pending.
        """
        settings = EncoderSettings(self.encoder, self._coded, self._quality, is_reduced=True)
        try:
            fresh = open_context(settings)
            if not fresh.extradata or fresh.extradata != self._stream.codec_context.extradata:
                return False
            self._mux(self._encoder.encode(None))
        except (OSError, self._av.error.FFmpegError) as error:
            raise self._failed(error) from error
        self._encoder = fresh
        return True

    def close(self) -> None:
        """Write what is pending, the index and the duration. May be called more than once.

        Raises:
            RecordingError: The disk does not take it; what is on it can be mended with `remux`.
        """
        container = self._container
        if container is None:
            return
        try:
            try:
                if self.frame_count:
                    self._mux(self._encoder.encode(None))
            finally:
                self._container = None
                container.close()
        except (OSError, self._av.error.FFmpegError) as error:
            raise self._failed(error) from error

    def _mux(self, packets: "list[Packet[VideoStream]]") -> None:
        assert self._container is not None
        for packet in packets:
            packet.stream = self._stream
            self._container.mux(packet)

    def _as_i420(self, image: Image) -> NDArray[np.uint8]:
        # OpenCV converts in a fifth of the time FFmpeg's scaler takes, and without the GIL.
        width, height = self.size.width_px, self.size.height_px
        if image.shape[:2] != (height, width):
            image = np.asarray(
                self._cv2.resize(image, (width, height), interpolation=self._cv2.INTER_AREA), np.uint8
            )
        padding = self._coded.height_px - height, self._coded.width_px - width
        if any(padding):
            image = np.pad(image, ((0, padding[0]), (0, padding[1]), (0, 0)), mode="edge")
        image = np.ascontiguousarray(image)  # a turned picture may be a view
        buffer = self._buffers[self.frame_count % _BUFFERS]
        has_fourth = image.shape[2] == 4  # channels
        conversion = self._cv2.COLOR_BGRA2YUV_I420 if has_fourth else self._cv2.COLOR_BGR2YUV_I420
        self._cv2.cvtColor(image, conversion, dst=buffer)
        return buffer

    def _failed(self, error: Exception) -> RecordingError:
        return writing_failed(_as_os_error(error), self.path)


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
        with av.open(f"file:{damaged}") as source:
            if not source.streams.video:
                return 0
            original = source.streams.video[0]
            os.close(os.open(mended, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            with av.open(f"file:{mended}", "w", format="matroska") as target:
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
