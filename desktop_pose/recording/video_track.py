"""The pictures of a session being recorded: one video file, or several where quality had to step down.

A disk or processor that cannot keep up gets less to do before a picture is lost: first about half the bit
rate, within the same file where the encoder allows it, then pictures of half the width and height, then of a
quarter, each in a file of its own. Quality never goes up again: what made it go down is still there.
"""

from dataclasses import dataclass
from pathlib import Path

from desktop_pose.core.frames import Image, Size
from desktop_pose.core.settings import VideoQuality
from desktop_pose.recording.session import VIDEO_FILES
from desktop_pose.recording.video import VideoWriter


@dataclass(frozen=True, slots=True)
class VideoStep:
    """How much less than wanted is recorded of each picture.

    Attributes:
        divisor: Width and height are divided by it.
        is_reduced: Whether about half the bit rate has to do.
        words: The same for the user.
    """

    divisor: int
    is_reduced: bool
    words: str


STEPS = (
    VideoStep(1, is_reduced=False, words="full quality"),
    VideoStep(1, is_reduced=True, words="a lower bit rate"),
    VideoStep(2, is_reduced=True, words="half the resolution"),
    VideoStep(4, is_reduced=True, words="a quarter of the resolution"),
)
"""From what is wanted to the least. Each new file needs a name: `VIDEO_FILES`."""


@dataclass(frozen=True, slots=True)
class VideoPlace:
    """Where a picture is.

    Attributes:
        video: Number of the file, from 1.
        picture: Number of the picture, from 0, through all files.
    """

    video: int
    picture: int


class VideoTrack:
    """Writes the pictures of a session into as many files as it takes.

    Args:
        folder: The session's.
        size: Size of the pictures.
        quality: As the user wants it.
    """

    def __init__(self, folder: Path, size: Size, quality: VideoQuality) -> None:
        self._folder = folder
        self._size = size
        self._quality = quality
        self._step = 0
        self._files = 0
        self._pictures = 0
        self._last_ms = -1
        self._writer: VideoWriter | None = None

    @property
    def step(self) -> VideoStep:
        """What is recorded of each picture at present."""
        return STEPS[self._step]

    @property
    def current(self) -> VideoWriter | None:
        """The file being written; None before the first picture and after a step that needs a new one."""
        return self._writer

    def write(self, image: Image, time_ns: int) -> VideoPlace:
        """Add a picture; where it is.

        Raises:
            RecordingError: The disk does not take it.
        """
        if self._writer is None:
            path = self._folder / VIDEO_FILES[self._files]
            self._files += 1
            self._writer = VideoWriter(
                path,
                self._coded_size(),
                self._quality,
                is_reduced=self.step.is_reduced,
                after_ms=self._last_ms,
            )
        self._writer.write(image, time_ns)
        self._last_ms = self._writer.last_ms
        self._pictures += 1
        return VideoPlace(self._files, self._pictures - 1)

    def step_down(self) -> bool:
        """Record less of each picture from the next one on; False where there is no less.

        Raises:
            RecordingError: The disk does not take the end of the file so far.
        """
        if self._step + 1 == len(STEPS):
            return False
        self._step += 1
        if self._writer is not None and not (self.step.divisor == 1 and self._writer.reduce_bit_rate()):
            self.close()
        return True

    def close(self) -> None:
        """Finish the file being written. May be called more than once.

        Raises:
            RecordingError: The disk does not take it.
        """
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def _coded_size(self) -> Size:
        divisor = self.step.divisor
        return Size(max(1, self._size.width_px // divisor), max(1, self._size.height_px // divisor))
