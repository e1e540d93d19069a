"""The pictures of a session's video, any of them at any time: for playback, thumbnails and tracking again.

The next picture costs one decoding; any other one those from the key frame before it on, at most a second's.
Used on the thread that opened it. PyAV is imported when a video is first opened.
"""

import logging
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_MS
from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Image, Size
from desktop_pose.recording.problems import damaged
from desktop_pose.recording.reader import SessionReader, Timeline

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_AHEAD_MS = 700
"""Up to so far ahead, decoding on costs less than a jump to a key frame: these are about a second apart."""

_UNKNOWN_MS = -1

log = logging.getLogger(__name__)


def presentation_times_ms(timeline: Timeline) -> NDArray[np.int64]:
    """When each frame of `timeline` that has a picture is shown in the video, (n,) int64 milliseconds.

    The inverse of what `VideoWriter` does: rounded, and of two within a millisecond the later one put later.
    """
    times_ns = timeline.times_ns[timeline.video_frames >= 0]
    places = np.arange(times_ns.size)
    rounded = np.rint(times_ns / NS_PER_MS).astype(np.int64)
    latest: NDArray[np.int64] = np.maximum.accumulate(rounded - places)
    return latest + places


class VideoReader:
    """An open video of a session.

    Args:
        path: The file.
        size: Size of the recorded frames: encoders may have padded them.

    Raises:
        RecordingError: It cannot be read.
    """

    def __init__(self, path: Path, size: Size) -> None:
        self._path = path
        self._size = size
        import av

        self._failures = (av.error.FFmpegError, ValueError)
        self._last: VideoFrame | None = None
        self._frames: Iterator[VideoFrame] = iter(())
        try:
            self._container = av.open(f"file:{path}", options={"protocol_whitelist": "file"})
        except (av.error.FFmpegError, OSError) as error:
            raise damaged(path, error) from error
        if not self._container.streams.video:
            self._container.close()
            raise damaged(path, "it holds no video")
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = (
            "SLICE"  # frames in parallel would have to be decoded ahead after each jump
        )
        self._frames = self._decoded()

    def close(self) -> None:
        """Close the file."""
        self._frames = iter(())
        self._last = None
        self._container.close()

    def __enter__(self) -> "VideoReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def picture(self, time_ms: int) -> Image | None:
        """The picture shown at `time_ms` of the video; None where it ends before, or is damaged there.

        Args:
            time_ms: As `presentation_times_ms` gives it.
        """
        try:
            frame = self._frame_at(time_ms)
            return None if frame is None else self._image(frame)
        except self._failures:
            self._last = None
            return None

    def _frame_at(self, time_ms: int) -> "VideoFrame | None":
        last_ms = _UNKNOWN_MS if self._last is None else self._ms(self._last)
        if last_ms == time_ms:
            return self._last
        if not last_ms < time_ms <= last_ms + _AHEAD_MS:
            assert self._stream.time_base is not None
            self._container.seek(int(time_ms / (1000 * self._stream.time_base)), stream=self._stream)
            self._frames = self._decoded()
        for frame in self._frames:
            self._last = frame
            if self._ms(frame) >= time_ms:
                return frame
        return None

    def _decoded(self) -> Iterator["VideoFrame"]:
        for packet in self._container.demux(self._stream):
            if not packet.is_corrupt:
                yield from packet.decode()

    def _ms(self, frame: "VideoFrame") -> int:
        if frame.pts is None or frame.time_base is None:
            raise ValueError("a picture has no time")
        return round(1000 * frame.pts * frame.time_base)

    def _image(self, frame: "VideoFrame") -> Image:
        size = self._size
        if frame.width < size.width_px or frame.height < size.height_px:
            raise ValueError(f"its pictures are smaller than {size}")
        pixels = np.asarray(frame.to_ndarray(format="bgr24", threads=1), np.uint8)
        return np.ascontiguousarray(pixels[: size.height_px, : size.width_px])


class SessionVideo:
    """All pictures of a session, wherever its video goes on in another file. One file is open at a time.

    Args:
        reader: The open session.
        timeline: Its frames.
    """

    def __init__(self, reader: SessionReader, timeline: Timeline) -> None:
        self._files = reader.videos()
        self._starts = [file.first_frame for file in self._files]
        self._numbers = timeline.numbers
        self._times_ms = np.full(timeline.numbers.shape, _UNKNOWN_MS, np.int64)
        self._times_ms[timeline.video_frames >= 0] = presentation_times_ms(timeline)
        self._open: tuple[int, VideoReader | None] | None = None

    def __bool__(self) -> bool:
        return any(file.path.is_file() for file in self._files)

    def __enter__(self) -> "SessionVideo":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file that is open."""
        if self._open is not None and self._open[1] is not None:
            self._open[1].close()
        self._open = None

    def picture(self, place: int) -> Image | None:
        """The picture of the frame at `place` of the timeline; None where there is none, or a damaged one.

        It may be smaller than the session's frames, where the quality of the video had to step down.
        """
        time_ms, file = int(self._times_ms[place]), self.file_of(place)
        if time_ms == _UNKNOWN_MS or file < 1:
            return None
        video = self._video(file - 1)
        return None if video is None else video.picture(time_ms)

    def file_of(self, place: int) -> int:
        """The number, from 1, of the file with the picture of the frame at `place`; 0 where there is none."""
        return bisect_right(self._starts, int(self._numbers[place]))

    def _video(self, file: int) -> VideoReader | None:
        if self._open is None or self._open[0] != file:
            self.close()
            try:
                video = VideoReader(self._files[file].path, self._files[file].size)
            except RecordingError as error:
                log.warning("%s", error)  # landmarks play without
                video = None
            self._open = (file, video)
        return self._open[1]
