"""A recording put aside in temporary files, for formats that have to go through it more than once.

How many people there are, the rate, the number of frames: much shows only at the end, and what comes straight
from a tracker comes once. The files have no name (where the system can do that), lie on the disk of the
output, and are mapped: memory does not grow with the length of the recording.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person
from desktop_pose.core.topology import LANDMARK_COUNT
from desktop_pose.recording.exporters.columns import COLUMN_COUNT, recorded_values
from desktop_pose.recording.exporters.protocol import Progress, Teller
from desktop_pose.recording.recorded import RecordedFrame, RecordedPoses
from desktop_pose.recording.session import Json

_FRAME = np.dtype(
    [
        ("index", "<i8"),
        ("time_ns", "<i8"),
        ("dropped_before", "<i8"),
        ("first_row", "<i8"),
        ("people", "<i4"),
        ("reused", "?"),
    ]
)
_ROW = np.dtype([("frame", "<i8"), ("person", "<i8"), ("score", "<f8")])
_VALUES = np.dtype(("<f4", (LANDMARK_COUNT, COLUMN_COUNT)))

_BUFFER_BYTES = 1 << 20


class Spool:
    """A recording that can be gone through again and again. Made by `spooled`.

    Attributes:
        size: Size of the pictures.
        header: What is known of the recording.
        frames: One record a frame: `index`, `time_ns`, `dropped_before`, `reused`, the `first_row` of its
            people and how many `people` there are. Read-only.
        rows: One record a frame and person: the number of the `frame` (0 for the first recorded), `person`,
            `score`. Read-only.
        values: (rows, 33, 8) float32, read-only: landmarks as the model's fractions, and world landmarks, as
            `columns.recorded_values` gives them; NaN where unknown.
        people: Ids of all people, sorted.
    """

    def __init__(
        self, recorded: RecordedPoses, frames: NDArray[Any], rows: NDArray[Any], values: NDArray[np.float32]
    ) -> None:
        self.size: Size = recorded.size
        self.header: dict[str, Json] = recorded.header
        self.frames = frames
        self.rows = rows
        self.values = values
        self.people: tuple[int, ...] = tuple(np.unique(rows["person"]).tolist())

    def people_at(self, number: int) -> tuple[Person, ...]:
        """The people of the frame with this number, with the values chosen as their smoothed ones."""
        first = int(self.frames["first_row"][number])
        return tuple(self._person(row) for row in range(first, first + int(self.frames["people"][number])))

    def _person(self, row: int) -> Person:
        values = self.values[row]
        return Person(
            id=int(self.rows["person"][row]),
            landmarks=np.array(values[:, :5], np.float32),
            world=np.array(values[:, 5:], np.float32),
            raw_landmarks=None,
            raw_world=None,
            score=float(self.rows["score"][row]),
        )


@contextmanager
def spooled(
    recorded: RecordedPoses, folder: Path, *, raw: bool, progress: Progress, share: float
) -> Iterator[Spool]:
    """`recorded`, put aside in `folder` while the context lasts.

    Args:
        recorded: What to put aside.
        folder: Where there is room.
        raw: Whether to keep the landmarks from before smoothing, instead of the smoothed ones.
        progress: Hears of the frames, of each as this `share` of a frame.
        share: The part of the whole export's work that is done with this, 0 to 1.

    Raises:
        OSError: There is no room.
        CancelledError: `progress` returned False.
    """
    with ExitStack() as stack:
        files = [
            stack.enter_context(
                tempfile.TemporaryFile(
                    "w+b", _BUFFER_BYTES, prefix=".desktop-pose.", suffix=".partial", dir=folder
                )
            )
            for _ in range(3)
        ]
        _put_aside(recorded, files, raw=raw, teller=Teller(lambda done: progress(int(share * done))))
        frames, rows, values = (
            _mapped(file, dtype) for file, dtype in zip(files, (_FRAME, _ROW, _VALUES), strict=True)
        )
        yield Spool(recorded, frames, rows, values)


def _put_aside(recorded: RecordedPoses, files: list[IO[bytes]], *, raw: bool, teller: Teller) -> None:
    frames, rows, values = files
    row_count = 0
    number = -1
    for number, frame in enumerate(recorded.frames()):
        frames.write(_frame_bytes(frame, row_count))
        for person in frame.people:
            rows.write(np.array((number, person.id, person.score), _ROW).tobytes())
            values.write(recorded_values(person, raw=raw).tobytes())
            row_count += 1
        teller.tell(number + 1)
    teller.insist(number + 1)


def _frame_bytes(frame: RecordedFrame, first_row: int) -> bytes:
    fields = (frame.index, frame.time_ns, frame.dropped_before, first_row, len(frame.people), frame.reused)
    return np.array(fields, _FRAME).tobytes()


def _mapped(file: IO[bytes], dtype: np.dtype[Any]) -> NDArray[Any]:
    file.flush()
    count = file.tell() // dtype.itemsize
    if count == 0:
        return np.empty((0, *dtype.shape), dtype.base)  # nothing cannot be mapped
    mapped = np.memmap(file, dtype.base, "r", shape=(count, *dtype.shape))
    return mapped.view(np.ndarray)
