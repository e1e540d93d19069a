"""What was tracked, frame by frame, wherever it comes from: a session, or a tracker at work on a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FloatArray, Person
from desktop_pose.recording.session import Json


@dataclass(frozen=True, slots=True, eq=False)
class RecordedFrame:
    """One frame of a recording, without its picture.

    Attributes:
        index: Number of the captured frame, from 0; a gap means frames were dropped.
        time_ns: Time since the first frame.
        reused: Whether the poses were predicted or held instead of inferred.
        dropped_before: Number of captured frames lost since the frame before.
        people: In the order of their ids; `next_roi` is None.
        angles: Joint angles of each of `people` as recorded, (n,) float32 degrees; None where none are.
        capture_ns: The computer's monotonic clock at its capture; None where that is not known.
        source_ns: Time by the source's own count; None where that is not known.
    """

    index: int
    time_ns: int
    reused: bool
    dropped_before: int
    people: tuple[Person, ...]
    angles: tuple[FloatArray | None, ...] = ()
    capture_ns: int | None = None
    source_ns: int | None = None


def ages_ns(times_ns: NDArray[np.int64], is_reused: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How long before each frame the models last looked: 0 where they looked at it.

    Args:
        times_ns: (n,) times of the frames, never falling.
        is_reused: (n,) whether the poses were predicted or held; the models are taken to have looked at the
            first frame.
    """
    looked: NDArray[np.intp] = np.maximum.accumulate(np.where(is_reused, 0, np.arange(times_ns.size)))
    return times_ns - times_ns[looked]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment the user marked, with a note that may be empty."""

    number: int
    time_ns: int
    note: str


class RecordedPoses(Protocol):
    """A recording that can be exported."""

    @property
    def size(self) -> Size:
        """Size of the frames the landmarks are fractions of."""

    @property
    def header(self) -> dict[str, Json]:
        """What is known of the recording, keys as in `docs/session-format.md`; may be empty."""

    @property
    def frame_count(self) -> int | None:
        """Number of frames; None where it shows only at the end."""

    def marks(self) -> tuple[Mark, ...]:
        """What the user marked, in order.

        Raises:
            RecordingError: What is recorded turns out to be damaged.
        """

    def frames(self) -> Iterator[RecordedFrame]:
        """All frames in order. None is kept once the next is asked for.

        Raises:
            RecordingError: What is recorded turns out to be damaged.
        """


class TrackedPoses:
    """Frames straight from a tracker, to be exported once without a session.

    Args:
        size: Size of the frames after every rotation.
        frames: The frames in order; taken one at a time as they are written.
        header: What is known of them; leave out what differs between two runs, and the files are identical.
        frame_count: Number of frames, if it is known before the end.
    """

    def __init__(
        self,
        size: Size,
        frames: Iterable[RecordedFrame],
        header: dict[str, Json] | None = None,
        frame_count: int | None = None,
    ) -> None:
        self.size = size
        self.header: dict[str, Json] = header or {}
        self.frame_count = frame_count
        self._frames = frames

    def marks(self) -> tuple[Mark, ...]:
        """None: nobody marks anything while a file is tracked."""
        return ()

    def frames(self) -> Iterator[RecordedFrame]:
        """The frames given; a second time there are none left if they came from an iterator."""
        return iter(self._frames)
