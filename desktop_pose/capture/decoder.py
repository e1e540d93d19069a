"""The frames of a video file by PyAV, up to the end of the file or to the first damage.

Nothing but the file itself is read: a playlist that names other files or addresses is refused them.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from desktop_pose.capture.cut_off import is_cut_off
from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.errors import SourceError

_log = logging.getLogger(__name__)

_REMEDY = "Choose another file, or convert it to MP4 or Matroska"

_TEXT_ART = frozenset({"tty", "bin", "adf", "idf", "xbin"})
"""Formats under which FFmpeg draws any text file as a video."""

_MAX_BROKEN_START = 250
"""Packets that may be undecodable before the first frame: a recording that begins between two key frames."""


class VideoDecoder:
    """An open video file.

    Args:
        path: The file.
        threads: Threads that decode; more than one decodes as many frames ahead.

    Attributes:
        fps: The rate the file states, per second; None where it states none.
        frame_count: The number of frames the file states, or that follows from its duration.
        first_frame: The first frame, which `next_frame` gives again.
        damage: Why the file ended before its end; None where it did not, or not yet.

    Raises:
        SourceError: The file is missing, unreadable, or no video.
    """

    def __init__(self, path: Path, threads: int) -> None:
        self._path = path
        self._container = _opened(path)
        self._delivered = 0
        self._discarded = 0
        self._is_damaged = False
        self.damage: SourceError | None = None
        self._frames: Iterator[VideoFrame] = iter(())
        self._first: VideoFrame | None = None
        try:
            self._stream = _video_stream(path, self._container)
            self._stream.thread_type = "NONE" if threads == 1 else "FRAME"
            self._stream.codec_context.thread_count = threads
            self.first_frame = self._begin()
        except SourceError:
            self._container.close()
            raise
        rate = self._stream.average_rate or self._stream.guessed_rate
        self.fps = float(rate) if rate else None
        self.frame_count = self._claimed_count()

    def next_frame(self) -> VideoFrame | None:
        """The next frame in order of presentation; None at the end."""
        frame, self._first = self._first, None
        return frame or next(self._frames, None)

    def rewind(self) -> bool:
        """Go back to the first frame; False where the file cannot, and must be opened again."""
        try:
            self._container.seek(self._stream.start_time or 0, stream=self._stream)
            return self._begin().pts == self.first_frame.pts
        except (FFmpegError, SourceError):
            return False

    def close(self) -> None:
        """Close the file."""
        self._frames = iter(())
        self._first = None
        self._container.close()

    def _begin(self) -> VideoFrame:
        """Decode the first frame and keep it for `next_frame`."""
        self._delivered = self._discarded = 0
        self._is_damaged = False
        self._frames = self._decoded()
        self._first = next(self._frames, None)
        if self._first is None:
            raise SourceError(f"{self._path} holds no picture that can be decoded", _REMEDY)
        return self._first

    def _decoded(self) -> Iterator[VideoFrame]:
        """The frames; after damage, those that the decoder still holds."""
        packets = self._sound_packets()
        broken, last = 0, None
        while not self._is_damaged:
            try:
                packet = next(packets, None)
                if packet is None:
                    break
                frames = packet.decode()
            except FFmpegError:
                broken += 1
                self._is_damaged = self._delivered > 0 or broken > _MAX_BROKEN_START
                continue
            for last in frames:
                self._delivered += 1
                yield last
        for last in self._held_back() if self._is_damaged else ():
            self._delivered += 1
            yield last
        if last is not None and (self._is_damaged or self._ends_early(last)):
            self.damage = SourceError(
                f"{self._path} is damaged: it ends after {self._delivered} frames",
                "Use a whole copy of the file to have the rest",
            )
            _log.warning("%s", self.damage)

    def _sound_packets(self) -> "Iterator[Packet[VideoStream]]":
        """The packets without the last if that is cut off.

        Others that are marked as corrupt are passed on, for transport streams mark what only follows a gap.
        """
        doubtful = None
        for packet in self._container.demux(self._stream):
            if packet.size == 0 and packet.dts is not None:
                continue  # AVI's sign for a frame that was dropped; the decoder would take it for the end
            self._discarded += packet.is_discard
            is_end = packet.size == 0
            if doubtful is not None and not is_end:
                yield doubtful
            self._is_damaged = doubtful is not None and is_end
            if self._is_damaged:
                return
            doubtful = packet if packet.is_corrupt else None
            if doubtful is None:
                yield packet

    def _held_back(self) -> list[VideoFrame]:
        try:
            return self._stream.codec_context.decode(None)
        except FFmpegError:
            return []

    def _ends_early(self, last: VideoFrame) -> bool:
        """Whether the file states more than it gave, by its count or, without one, its sizes or duration."""
        # An edit list discards frames: of a file trimmed without encoding, those back to the key frame.
        missing = self._stream.frames - self._discarded - self._delivered
        if self._stream.frames == 0 and is_cut_off(self._path):
            return True
        is_duration_of_sound = len(self._container.streams) > 1
        if self._stream.frames > 0 or self._container.duration is None or is_duration_of_sound:
            return missing > max(2, self._stream.frames // 100)
        end_ns = self._container.duration * NS_PER_S // av.time_base
        start_ns = (self._container.start_time or 0) * NS_PER_S // av.time_base
        return end_ns - ((presentation_ns(last) or 0) - start_ns) > max(NS_PER_S, end_ns // 20)

    def _claimed_count(self) -> int | None:
        if self._stream.frames > 0:
            return self._stream.frames
        if self._container.duration is None or self.fps is None:
            return None
        return max(1, round(self._container.duration * self.fps / av.time_base))


def presentation_ns(frame: VideoFrame) -> int | None:
    """The frame's own timestamp; None where it has none."""
    if frame.pts is None or frame.time_base is None:
        return None
    return round(frame.pts * frame.time_base * NS_PER_S)


def _opened(path: Path) -> InputContainer:
    if not path.exists():
        raise SourceError(f"There is no file {path}", "Check the name and the folder")
    if not path.is_file():
        raise SourceError(f"{path} is no file", "Choose a video file")
    try:
        return av.open(f"file:{path}", options={"protocol_whitelist": "file"})
    except PermissionError as error:
        raise SourceError(f"{path} may not be read", "Ask its owner for permission") from error
    except (FFmpegError, OSError) as error:
        raise SourceError(f"{path} is no video, or is damaged at its start", _REMEDY) from error


def _video_stream(path: Path, container: InputContainer) -> VideoStream:
    stream = next((each for each in container.streams.video if not _is_cover(each)), None)
    if stream is None or container.format.name in _TEXT_ART:
        raise SourceError(f"{path} holds no video", _REMEDY)
    return stream


def _is_cover(stream: VideoStream) -> bool:
    """Whether the stream is the cover picture of a piece of music."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
