"""What every exporter does, what it can be asked for, and how it hears that it is no longer wanted."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop_pose.core.clock import NS_PER_MS, monotonic_ns
from desktop_pose.core.frames import Image
from desktop_pose.core.topology import ANGLE_NAMES
from desktop_pose.recording.exporters.formats import Format
from desktop_pose.recording.recorded import RecordedFrame, RecordedPoses

Progress = Callable[[int], bool]
"""Hears the number of frames done, ten times a second and at the end; returns False to cancel."""

Pictures = Callable[[], Generator[tuple[int, Image]]]
"""Begins anew to give pictures in order, each with the index of its frame; some frames may have none."""

HIGHEST_RATE_HZ = 1000


def joint_of(angle: str) -> str:
    """The name of a joint angle without its side."""
    return angle.removeprefix("left_").removeprefix("right_")


CHARTS: tuple[str, ...] = tuple(dict.fromkeys(map(joint_of, ANGLE_NAMES)))
"""What charts there are below an annotated video: one a joint, for both sides."""
MOST_CHARTS = 4

_PROGRESS_EVERY_NS = 100 * NS_PER_MS


class CancelledError(Exception):
    """The caller's `Progress` wants no more of the export. Never leaves `export`."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What may be chosen of an export besides its format.

    Attributes:
        raw: Landmarks from before smoothing; unknown where the backend gave none.
        rate_hz: Frames per second of formats with a constant rate; None: the median rate, rounded.
        people: Ids of the people to export; None for all.
        angles: Whether formats that show pictures write joint angles on them.
        charts: Of `CHARTS`, which ones formats that show pictures draw below them, at most `MOST_CHARTS`.
        pictures: Where formats that show pictures get them; None where there are none.
    """

    raw: bool = False
    rate_hz: float | None = None
    people: frozenset[int] | None = None
    angles: bool = False
    charts: tuple[str, ...] = ()
    pictures: Pictures | None = None

    def __post_init__(self) -> None:
        if self.rate_hz is not None and not 0 < self.rate_hz <= HIGHEST_RATE_HZ:
            raise ValueError(
                f"a rate is above 0 and at most {HIGHEST_RATE_HZ} per second, not {self.rate_hz}"
            )
        if len(self.charts) > MOST_CHARTS or not set(self.charts) <= set(CHARTS):
            raise ValueError(f"charts are at most {MOST_CHARTS} of {CHARTS}, not {self.charts}")


class NewFiles(Protocol):
    """The files of one export, which get their names when it is complete."""

    @property
    def folder(self) -> Path:
        """Where they will lie: the disk for what has to be put aside meanwhile."""

    def new(self, person: int | None = None) -> Path:
        """An empty file to write: the only one, or the one for `person` of several."""


class Exporter(Protocol):
    """Writes recordings in one format.

    Invariants (tested for every exporter by one contract class):
      * the same recording gives the same bytes;
      * frames are taken one at a time, and by `watched`, so that the export can be cancelled;
      * landmarks, times and counts read back equal what was recorded, within the digits the format states.
    """

    @property
    def format(self) -> Format:
        """What it writes."""

    def check(self) -> None:
        """Make sure that the format can be written here.

        Raises:
            ExportError: A library it needs is not installed.
        """

    def write(
        self, recorded: RecordedPoses, files: NewFiles, options: ExportOptions, progress: Progress
    ) -> None:
        """Write `recorded` to new files.

        Args:
            recorded: What to write; its frames can be taken once.
            files: Files to make; the caller gives them their final names, or removes them after a failure.
            options: What of it, and how.
            progress: Hears how far it is.

        Raises:
            OSError: A file cannot be written.
            ExportError: What is recorded cannot be written in this format.
            RecordingError: What is recorded turns out to be damaged.
            CancelledError: `progress` returned False.
        """


class Teller:
    """Tells `progress`, not more often than it wants to hear."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told_ns = monotonic_ns()

    def tell(self, done: float) -> None:
        """Say that so many frames are done, unless something was said just before.

        Raises:
            CancelledError: The export is no longer wanted.
        """
        now_ns = monotonic_ns()
        if now_ns - self._told_ns >= _PROGRESS_EVERY_NS:
            self._told_ns = now_ns
            self.insist(done)

    def insist(self, done: float) -> None:
        """Say that so many frames are done.

        Raises:
            CancelledError: The export is no longer wanted.
        """
        if not self._progress(int(done)):
            raise CancelledError


def watched(recorded: RecordedPoses, progress: Progress) -> Iterator[RecordedFrame]:
    """The frames of `recorded`, with `progress` told of them.

    Raises:
        CancelledError: `progress` returned False.
    """
    done = 0
    teller = Teller(progress)
    for frame in recorded.frames():
        yield frame
        done += 1
        teller.tell(done)
    teller.insist(done)
