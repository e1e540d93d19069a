"""What every pose backend does, and what it is told at its start."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop_pose.core.clock import NO_PROBE, NS_PER_MS, Probe
from desktop_pose.core.frames import Image
from desktop_pose.core.poses import FramePoses, Person
from desktop_pose.core.settings import Backend, PoseModel, Smoothing
from desktop_pose.core.skip import EVERY_FRAME, Skip

MAX_AGE_NS = 200 * NS_PER_MS


@dataclass(frozen=True, slots=True)
class TrackerOptions:
    """What a tracker is made for; a change of any of these makes a new tracker.

    Attributes:
        backend: Which implementation runs the models.
        model: Which landmark model.
        threads: Threads of the interpreter, at least 1; MediaPipe always takes 1.
        smoothing: How landmarks are smoothed over time.
        people: How many people are followed at most, at least 1.
        search_every: Frames from one run of the detector to the next while somebody is followed, but fewer
            than `people`; MediaPipe runs it on each of these frames.
        mask: Whether to say which pixels show the people.
        skip: On which frames the models run.
        max_age_ns: With adaptive skipping the longest time a pose is carried on; also how often the detector
            looks while nobody is in view.
        model_file: A landmark model of the user's own instead of `model`; LiteRT only.
    """

    backend: Backend = Backend.LITERT
    model: PoseModel = PoseModel.FULL
    threads: int = 1
    smoothing: Smoothing = Smoothing.MEDIAPIPE
    people: int = 1
    search_every: int = 10
    mask: bool = False
    skip: Skip = EVERY_FRAME
    max_age_ns: int = MAX_AGE_NS
    model_file: Path | None = None


class PoseTracker(Protocol):
    """Follows people from frame to frame. One thread at a time may use it."""

    def track(self, image: Image, time_ns: int, probe: Probe = NO_PROBE) -> FramePoses:
        """Everybody found in `image`, in the order of their ids.

        Args:
            image: (height, width, 3) uint8, blue-green-red, any strides, never written to.
            time_ns: Time of the frame, later than the previous one's.
            probe: Hears the laps `detector`, `crop`, `landmarks`, `decode` and `mask`.

        Raises:
            InputError: The frame or its time is none of these; the tracker is as if it had not been given.
        """

    def lock_on(self, person_id: int | None) -> None:
        """Follow this person and nobody else from the next frame on; None: everybody again.

        Somebody not known any more cannot be locked on: that opens the lock. When the person is lost, whoever
        is found first near that place is locked on: within a second with the same id, later with a new one.
        """

    def adopt(self, people: tuple[Person, ...], first_free_id: int, locked_id: int | None = None) -> None:
        """Go on where another tracker stopped.

        Args:
            people: Whom to follow; where more than are allowed, the first of them or the one locked on.
            first_free_id: The lowest id that newcomers may get.
            locked_id: The one of them to be locked on.
        """

    def reset(self) -> None:
        """Forget everybody, as after a jump in time; ids already given are not used again."""

    def close(self) -> None:
        """Free the interpreter. Nothing else may be called afterwards, except `close`."""
