"""Follows people by regions of interest: one person exactly as MediaPipe's pose landmarker does.

The region of a person's next frame comes from the unsmoothed auxiliary landmarks of this one. The detector
runs on every frame while nobody is followed, on every tenth while fewer are than allowed, and never while as
many are. Somebody in whose region the landmark model sees nobody is missing from then on.

With one person this differs from MediaPipe in one thing: the smoothing of a new person knows nothing of the
one before (there it goes on from that one's visibility and world landmarks, however long ago). With several,
MediaPipe runs the detector on every frame until there are as many as allowed, lets what that finds take the
place of the regions followed, smooths nothing, and gives no ids; see `docs/people.md`.

Source: MediaPipe `tasks/cc/vision/pose_landmarker/pose_landmarker_graph.cc` (v0.10.31).
"""

from typing import Protocol

from desktop_pose.core.clock import NO_PROBE, NS_PER_S, Probe
from desktop_pose.core.frames import Image, Size, size_of
from desktop_pose.core.poses import FramePoses, MaskArray, Person, Roi
from desktop_pose.core.settings import Smoothing
from desktop_pose.pose.identity import Identities
from desktop_pose.pose.input_check import InputCheck
from desktop_pose.pose.landmarks import DecodedPose
from desktop_pose.pose.lock import Lock
from desktop_pose.pose.mask import picture_mask
from desktop_pose.pose.matching import place_of
from desktop_pose.pose.merging import Merger
from desktop_pose.pose.roi import SAME_PERSON_IOU, Region, overlap, region_of_roi
from desktop_pose.pose.sighting import Sighting
from desktop_pose.pose.smoothing import PoseSmoother
from desktop_pose.pose.states import Event, State, after

SEARCH_EVERY = 10
"""Frames from one search for more people to the next."""

_REST_AFTER_NS = 1 * NS_PER_S
"""People followed for so long are not likely lost at once: the detector's 22 MB are worth more than the
40 ms that making it anew takes."""


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
    """A `PoseTracker` that follows people by regions of interest.

    Args:
        networks: The models; the tracker owns them and closes them.
        smoothing: How landmarks are smoothed over time.
        people: How many people are followed at most, at least 1.
        search_every: Frames from one search to the next while fewer are followed, but some.
        is_mask_wanted: Whether to say which pixels show the people; `networks` then give masks.
    """

    def __init__(
        self,
        networks: PoseNetworks,
        smoothing: Smoothing,
        people: int = 1,
        search_every: int = SEARCH_EVERY,
        *,
        is_mask_wanted: bool = False,
    ) -> None:
        self._networks = networks
        self._is_mask_wanted = is_mask_wanted
        self._smoothing = smoothing
        self._input = InputCheck()
        self._people = people
        self._search_every = search_every
        self._state = State.SEARCHING
        self._regions: dict[int, Region] = {}
        self._smoothers: dict[int, PoseSmoother] = {}
        self._identities = Identities(people)
        self._merger = Merger(self._identities)
        self._lock = Lock()
        self._handed_over: tuple[Person, ...] = ()  # not yet known: the size of the picture is not
        self._handed_lock: int | None = None
        self._carried: dict[int, Roi] = {}
        self._frames_unsearched = 0
        self._is_detector_resting = False
        self._searched_ns: int | None = None  # the last search, or the first frame after a take-over

    def track(self, image: Image, time_ns: int, probe: Probe = NO_PROBE) -> FramePoses:
        """Everybody found in `image`; see `PoseTracker`."""
        self._input.check(image, time_ns)
        size = size_of(image)
        self._take_over(size, time_ns)
        seen = self._followed(image, size, time_ns, probe)
        if self._state is State.COMPLETING:
            self._add_reappeared(seen, image, size, time_ns, probe)
        is_searching = len(seen) < self._wanted and self._is_search_due()
        if is_searching:
            self._add_newcomers(seen, image, size, time_ns, probe)
            self._searched_ns, self._is_detector_resting = time_ns, False
        elif self._state is State.TRACKING:
            self._let_detector_rest(time_ns)
        self._frames_unsearched = 0 if is_searching else self._frames_unsearched + 1
        places = {person_id: sighting.place for person_id, sighting in seen.items()}
        self._identities.see(places, time_ns)
        self._lock.hold(places)
        people = tuple(self._person(person_id, seen[person_id], time_ns) for person_id in sorted(seen))
        self._proceed(seen)
        probe.lap("decode")
        mask = self._mask(seen, size, probe) if self._is_mask_wanted else None
        return FramePoses(people, detector_ran=is_searching, locked_id=self._lock.id, mask=mask)

    def lock_on(self, person_id: int | None) -> None:
        """Follow one person and nobody else; see `PoseTracker`."""
        known = None if person_id is None else self._identities.find(person_id)
        if known is None:
            self._lock.open()
        else:
            self._lock.close(known.id, known.place)
            self._regions = {key: region for key, region in self._regions.items() if key == known.id}
        self._state = after(self._state, self._following())

    def carry(self, people: tuple[Person, ...], frames: int) -> None:
        """Look for people where they have been carried on to; see `skipping.InferringTracker`."""
        self._frames_unsearched += frames
        self._carried = {person.id: person.next_roi for person in people if person.next_roi is not None}

    def adopt(self, people: tuple[Person, ...], first_free_id: int, locked_id: int | None = None) -> None:
        """Go on where another tracker stopped; see `PoseTracker`.

        People without a region (of a backend that gives none) are searched for, and keep their ids.
        """
        self.reset()
        self._identities.adopt({}, first_free_id, 0)
        wanted = [person for person in people if person.id == locked_id] or people[: self._people]
        self._handed_over, self._handed_lock = tuple(wanted), locked_id

    def reset(self) -> None:
        """Forget everybody; see `PoseTracker`."""
        self._input.restart()
        self._state = after(self._state, Event.NOBODY)
        self._regions, self._smoothers, self._handed_over = {}, {}, ()
        self._identities.forget()
        self._merger.forget()
        self._lock.open()

    def close(self) -> None:
        """Free the interpreters; may be called again."""
        self._state = after(self._state, Event.CLOSE)
        self._networks.close()

    def _take_over(self, size: Size, time_ns: int) -> None:
        """Know and follow whoever was handed over, now that it is known how large the picture is."""
        if not self._handed_over:
            return
        people, self._handed_over = self._handed_over, ()
        self._identities.adopt({person.id: place_of(person, size) for person in people}, 0, time_ns)
        rois = {person.id: person.next_roi for person in people}
        self._regions = {key: region_of_roi(roi, size) for key, roi in rois.items() if roi is not None}
        self.lock_on(self._handed_lock)

    def _is_search_due(self) -> bool:
        if self._state is State.COMPLETING:
            return self._frames_unsearched + 1 >= self._search_every
        return self._state is State.SEARCHING

    def _let_detector_rest(self, time_ns: int) -> None:
        if self._searched_ns is None:
            self._searched_ns = time_ns
        if not self._is_detector_resting and time_ns - self._searched_ns > _REST_AFTER_NS:
            self._networks.rest_detector()
            self._is_detector_resting = True

    def _followed(self, image: Image, size: Size, time_ns: int, probe: Probe) -> dict[int, Sighting]:
        """Those who were followed and are still seen, each once, by id."""
        seen = {}
        carried, self._carried = self._carried, {}
        for person_id, region in self._regions.items():
            roi = carried.get(person_id)
            here = region if roi is None else region_of_roi(roi, size)
            sighting = self._observed(image, here, size, probe)
            if sighting is not None:
                seen[person_id] = sighting
        self._merger.merge(seen, time_ns)
        return seen

    def _add_reappeared(
        self, seen: dict[int, Sighting], image: Image, size: Size, time_ns: int, probe: Probe
    ) -> None:
        """Add those who went missing a moment ago and are seen where their way leads."""
        away = self._identities.missing(time_ns, present=(*seen, *self._regions))
        for known in away[: self._wanted - len(seen)]:
            sighting = self._observed(image, region_of_roi(known.expected(time_ns), size), size, probe)
            if sighting is not None and not any(sighting.is_of(other) for other in seen.values()):
                seen[known.id] = sighting

    def _add_newcomers(
        self, seen: dict[int, Sighting], image: Image, size: Size, time_ns: int, probe: Probe
    ) -> None:
        """Add those whom the detector finds besides those already `seen`."""
        regions = self._networks.detect(image)
        probe.lap("detector")
        if self._lock.id is not None:
            nearest = self._lock.nearest([region.roi(size) for region in regions])
            regions = [] if nearest is None else [regions[nearest]]
        taken = [sighting.region for sighting in seen.values()]
        free = [r for r in regions if all(overlap(r, other) <= SAME_PERSON_IOU for other in taken)]
        found: list[Sighting] = []
        for region in free[: self._people]:
            sighting = self._observed(image, region, size, probe)
            if sighting is None or any(sighting.is_of(other) for other in (*seen.values(), *found)):
                continue
            found.append(sighting)
            if len(seen) + len(found) == self._wanted:
                break
        ids = self._identities.recognise([sighting.place for sighting in found], time_ns, tuple(seen))
        seen |= zip(ids, found, strict=True)

    def _observed(self, image: Image, region: Region, size: Size, probe: Probe) -> Sighting | None:
        pose = self._networks.observe(image, region, probe)
        probe.lap("decode")
        return None if pose is None else Sighting(pose, pose.next_region or region, size)

    def _person(self, person_id: int, sighting: Sighting, time_ns: int) -> Person:
        pose = sighting.pose
        landmarks, world = pose.landmarks, pose.world
        if self._smoothing is not Smoothing.OFF:
            if person_id not in self._smoothers:
                self._smoothers[person_id] = PoseSmoother(self._smoothing)
            landmarks, world = self._smoothers[person_id].apply(pose, time_ns, sighting.size)
        return Person(
            id=person_id,
            landmarks=landmarks,
            world=world,
            raw_landmarks=pose.landmarks,
            raw_world=pose.world,
            score=pose.score,
            next_roi=None if pose.next_region is None else pose.next_region.roi(sighting.size),
        )

    def _mask(self, seen: dict[int, Sighting], size: Size, probe: Probe) -> MaskArray:
        masks = [sighting.pose.mask for sighting in seen.values()]
        whole = picture_mask([mask for mask in masks if mask is not None], size)
        probe.lap("mask")
        return whole

    def _proceed(self, seen: dict[int, Sighting]) -> None:
        """Look for everybody `seen` where this frame says, and take the step of the state table."""
        regions = {person_id: seen[person_id].pose.next_region for person_id in sorted(seen)}
        self._regions = {key: region for key, region in regions.items() if region is not None}
        for person_id in list(self._smoothers):
            if self._identities.find(person_id) is None:
                del self._smoothers[person_id]
            elif person_id not in self._regions:
                self._smoothers[person_id].lose()
        self._state = after(self._state, self._following())

    def _following(self) -> Event:
        if not self._regions:
            return Event.NOBODY
        return Event.ALL if len(self._regions) >= self._wanted else Event.SOME

    @property
    def _wanted(self) -> int:
        return self._people if self._lock.id is None else 1
