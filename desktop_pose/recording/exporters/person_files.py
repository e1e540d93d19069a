"""What the formats with a constant rate and one file a person have in common."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.recording.exporters.always import AlwaysThere
from desktop_pose.recording.exporters.formats import Format
from desktop_pose.recording.exporters.protocol import ExportOptions, NewFiles, Progress, Teller
from desktop_pose.recording.exporters.resampling import ConstantRate
from desktop_pose.recording.exporters.spool import spooled
from desktop_pose.recording.recorded import RecordedPoses
from desktop_pose.recording.session import Json

_SHARE = 0.6
"""Of the work, to put the recording aside: less for a session, nearly all for a tracker."""


class Samples:
    """One person at a constant rate.

    Attributes:
        rate_hz: Samples per second.
        count: Number of samples.
        person: Who it is; None where nobody was seen in the whole recording.
        header: What is known of the recording.
    """

    def __init__(
        self, rate: ConstantRate, person: int | None, header: dict[str, Json], tell: Callable[[float], None]
    ) -> None:
        self.rate_hz = rate.rate_hz
        self.count = rate.count
        self.person = person
        self.header = header
        self._rate = rate
        self._tell = tell

    def chunks(self, begin: float = 0.0, end: float = 1.0) -> Iterator[NDArray[np.float64]]:
        """The values of all samples, some at a time: (n, 33, 8), see `ConstantRate.person`.

        Args:
            begin: How much of the person's work is done before, 0 to 1.
            end: How much of it is done after.
        """
        done = 0
        for values in self._rate.person(self.person):
            yield values
            done += len(values)
            self._tell(begin + (end - begin) * done / self.count)

    def rows(self) -> Iterator[tuple[float, NDArray[np.float64]]]:
        """Each sample's time in seconds and its values, (33, 8)."""
        number = 0
        for chunk in self.chunks():
            times_s = self._rate.times_ns(number, len(chunk)) / NS_PER_S
            yield from zip(times_s.tolist(), chunk, strict=True)
            number += len(chunk)


class PersonFiles(AlwaysThere):
    """Writes a file for each person, at a constant rate."""

    format: Format

    def write(
        self, recorded: RecordedPoses, files: NewFiles, options: ExportOptions, progress: Progress
    ) -> None:
        """Write one new file a person; see `Exporter`."""
        with spooled(recorded, files.folder, raw=options.raw, progress=progress, share=_SHARE) as spool:
            rate = ConstantRate(spool, options.rate_hz, self.format.title)
            teller = Teller(progress)
            frames = len(spool.frames)
            people: tuple[int | None, ...] = spool.people or (None,)

            for number, person in enumerate(people):

                def tell(done: float, before: int = number) -> None:
                    teller.tell(frames * (_SHARE + (1 - _SHARE) * (before + done) / len(people)))

                path = files.new(person if len(people) > 1 else None)
                self.write_person(path, Samples(rate, person, spool.header, tell))
            teller.insist(frames)

    @abstractmethod
    def write_person(self, path: Path, samples: Samples) -> None:
        """Write one person to the new file `path`.

        Raises:
            OSError: It cannot be written.
            ExportError: What is recorded cannot be written in this format.
        """
