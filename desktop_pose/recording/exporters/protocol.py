"""What every exporter does, and how it hears that it is no longer wanted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from desktop_pose.core.clock import NS_PER_MS, monotonic_ns
from desktop_pose.recording.recorded import RecordedFrame, RecordedPoses

Progress = Callable[[int], bool]
"""Hears the number of frames done, ten times a second and at the end; returns False to cancel."""

_PROGRESS_EVERY_NS = 100 * NS_PER_MS


class CancelledError(Exception):
    """The caller's `Progress` wants no more of the export. Never leaves `export`."""


class Exporter(Protocol):
    """Writes recordings in one format.

    Invariants (tested for every exporter by one contract class):
      * the same recording gives the same bytes;
      * frames are taken one at a time, and by `watched`, so that the export can be cancelled;
      * landmarks, times and counts read back equal what was recorded, within the digits the format states.

    Attributes:
        name: The word for it on the command line.
        suffix: What its files end in, with the dot.
        description: A few words for the window.
    """

    name: str
    suffix: str
    description: str

    def write(self, recorded: RecordedPoses, out: Path, *, raw: bool, progress: Progress) -> None:
        """Write `recorded` to the new file `out`.

        Args:
            recorded: What to write.
            out: File to make; the caller gives it its final name, or removes it after a failure.
            raw: Whether to write landmarks from before smoothing; unknown where the backend gave none.
            progress: Hears how far it is.

        Raises:
            OSError: The file cannot be written.
            RecordingError: What is recorded turns out to be damaged.
            CancelledError: `progress` returned False.
        """


def watched(recorded: RecordedPoses, progress: Progress) -> Iterator[RecordedFrame]:
    """The frames of `recorded`, with `progress` told of them.

    Raises:
        CancelledError: `progress` returned False.
    """
    done = 0
    told_ns = monotonic_ns()
    for frame in recorded.frames():
        yield frame
        done += 1
        now_ns = monotonic_ns()
        if now_ns - told_ns >= _PROGRESS_EVERY_NS:
            told_ns = now_ns
            _tell(progress, done)
    _tell(progress, done)


def _tell(progress: Progress, done: int) -> None:
    if not progress(done):
        raise CancelledError
