"""Follows one person from frame to frame, as MediaPipe's pose landmarker does.

The detector runs only while nobody is followed; the region of the next frame comes from the unsmoothed
auxiliary landmarks of this one. Frames in which the landmark model sees nobody show nobody, and the detector
runs again from the next frame on. Differs from MediaPipe in one thing: the smoothing of a new person knows
nothing of the one before (there it goes on from that one's visibility and world landmarks, however long ago).

Source: MediaPipe `tasks/cc/vision/pose_landmarker/pose_landmarker_graph.cc` (v0.10.31).
"""

from typing import Protocol

from desktop_pose.core.clock import NO_PROBE, NS_PER_S, Probe
from desktop_pose.core.frames import Image, Size, size_of
from desktop_pose.core.poses import FramePoses, Person, Roi
from desktop_pose.core.settings import Smoothing
from desktop_pose.pose.identity import Identity
from desktop_pose.pose.input_check import InputCheck
from desktop_pose.pose.landmarks import DecodedPose
from desktop_pose.pose.roi import Region, region_of_roi
from desktop_pose.pose.smoothing import PoseSmoother
from desktop_pose.pose.states import Event, State, after

_REST_AFTER_NS = 1 * NS_PER_S
"""Somebody followed for so long is not likely lost at once: the detector's 25 MB are worth more than the
50 ms that making it anew takes."""


class PoseNetworks(Protocol):
    """The two models, whatever runs them."""

    def detect(self, image: Image) -> list[Region]:
        """Regions of the people in the picture, the most certain first."""

    def observe(self, image: Image, region: Region, probe: Probe) -> DecodedPose | None:
        """The person in the region; laps `crop` and `landmarks`."""

    def rest_detector(self) -> None:
        """Free what only `detect` needs; the next `detect` makes it anew."""

    def close(self) -> None:
        """Free the interpreters; may be called again."""


class RoiTracker:
    """A `PoseTracker` that follows one person by regions of interest.

    Args:
        networks: The models; the tracker owns them and closes them.
        smoothing: How landmarks are smoothed over time.
    """

    def __init__(self, networks: PoseNetworks, smoothing: Smoothing) -> None:
        self._networks = networks
        self._smoothing = smoothing
        self._input = InputCheck()
        self._state = State.SEARCHING
        self._region: Region | None = None
        self._adopted: Roi | None = None  # not yet in fractions: the size of the picture is not known
        self._identity = Identity()
        self._smoother = PoseSmoother(self._smoothing)
        self._smoothed_id: int | None = None
        self._is_detector_resting = False
        self._searched_ns: int | None = None  # the last search, or the first frame after a take-over

    def track(self, image: Image, time_ns: int, probe: Probe = NO_PROBE) -> FramePoses:
        """Everybody found in `image`; see `PoseTracker`."""
        self._input.check(image, time_ns)
        size = size_of(image)
        is_searching = self._state is State.SEARCHING
        if is_searching:
            region = self._found(image, probe)
            self._searched_ns, self._is_detector_resting = time_ns, False
        else:
            self._let_detector_rest(time_ns)
            region = self._region if self._adopted is None else region_of_roi(self._adopted, size)
        pose = None if region is None else self._networks.observe(image, region, probe)
        people = () if pose is None else (self._person(pose, time_ns, size),)
        self._proceed(None if pose is None else pose.next_region)
        probe.lap("decode")
        return FramePoses(people, detector_ran=is_searching)

    def adopt(self, people: tuple[Person, ...], first_free_id: int) -> None:
        """Go on where another tracker stopped; see `PoseTracker`.

        A person without a region (of a backend that gives none) is searched for, and keeps the id.
        """
        person = people[0] if people else None
        self._identity.adopt(None if person is None else person.id, first_free_id)
        self._region, self._adopted = None, None if person is None else person.next_roi
        self._smoothed_id = None
        self._state = after(self._state, Event.RESET if self._adopted is None else Event.ADOPTED)

    def reset(self) -> None:
        """Forget everybody; see `PoseTracker`."""
        self._input.restart()
        self._state = after(self._state, Event.RESET)
        self._region = self._adopted = None
        self._identity.forget()

    def close(self) -> None:
        """Free the interpreters; may be called again."""
        self._state = after(self._state, Event.CLOSE)
        self._networks.close()

    def _let_detector_rest(self, time_ns: int) -> None:
        if self._searched_ns is None:
            self._searched_ns = time_ns
        if not self._is_detector_resting and time_ns - self._searched_ns > _REST_AFTER_NS:
            self._networks.rest_detector()
            self._is_detector_resting = True

    def _found(self, image: Image, probe: Probe) -> Region | None:
        regions = self._networks.detect(image)
        probe.lap("detector")
        return regions[0] if regions else None

    def _person(self, pose: DecodedPose, time_ns: int, size: Size) -> Person:
        landmarks, world = pose.landmarks, pose.world
        person_id = self._identity.seen(time_ns)
        if person_id != self._smoothed_id:
            self._smoother, self._smoothed_id = PoseSmoother(self._smoothing), person_id
        if self._smoothing is not Smoothing.OFF:
            landmarks, world = self._smoother.apply(pose, time_ns, size)
        return Person(
            id=person_id,
            landmarks=landmarks,
            world=world,
            raw_landmarks=pose.landmarks,
            raw_world=pose.world,
            score=pose.score,
            next_roi=None if pose.next_region is None else pose.next_region.roi(size),
        )

    def _proceed(self, region: Region | None) -> None:
        """Take the step of the state table that this frame calls for."""
        self._state = after(self._state, Event.ABSENT if region is None else Event.PRESENT)
        self._region, self._adopted = region, None
        if region is None:
            self._smoother.lose()
