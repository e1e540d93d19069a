"""Gives people numbers that are never used twice in a run, and knows again who was away for a moment.

Where only one person is followed, somebody found again soon is taken for the same person, wherever that is.
Where several may be, somebody found is taken for the missing person who is nearest in place and size: to
where that one was seen last, or to where the way went on from there. What people look like is not looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.poses import Roi
from desktop_pose.pose.matching import all_distances, distance, nearest_pairs

SAME_PERSON_WITHIN_NS = NS_PER_S
"""Somebody away for longer is a newcomer when found again; away is who was looked for and not seen.

Looks may lie far apart where frames are skipped: what was between two of them is not held against anybody."""

_REACH = 1.0
"""How far (`matching.distance`) somebody may have moved while away and still be taken for the same person."""

_TURNED_BACK = 0.2
"""What is added to the distance to where somebody was seen last: to have gone on is likelier."""

_MOTION_NS = NS_PER_S // 4
"""The time over which a person's motion is averaged."""

_FORESEEN_NS = NS_PER_S * 3 // 2
"""For so long a motion is thought to go on."""

_CLOSE = 0.2
"""People whose places are nearer than this may be taken for one another."""


@dataclass(slots=True)
class Known:
    """Somebody who has a number.

    Attributes:
        id: The number.
        place: Where seen last.
        seen_ns: When.
        since_ns: When seen first, or first again after having been away.
        clear_place: Where seen last with nobody else close by, who might be mistaken for this one.
        clear_ns: When.
        missed_ns: When looked for and not seen, first since then; None where seen at the last look.
        velocity_px_s: Motion of the centre of the place, x and y, while nobody else was close by.
    """

    id: int
    place: Roi
    seen_ns: int
    since_ns: int
    clear_place: Roi
    clear_ns: int
    missed_ns: int | None = None
    velocity_px_s: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def newcomer(cls, person_id: int, place: Roi, time_ns: int) -> "Known":
        """Somebody seen for the first time."""
        return cls(person_id, place, time_ns, time_ns, place, time_ns)

    def expected(self, time_ns: int) -> Roi:
        """Where the way would have led by `time_ns`; after a while only where seen last."""
        if time_ns - self.clear_ns > _FORESEEN_NS:
            return self.place
        away_s = (time_ns - self.clear_ns) / NS_PER_S
        place, (x, y) = self.clear_place, self.velocity_px_s
        return Roi(
            place.centre_x_px + x * away_s, place.centre_y_px + y * away_s, place.size_px, place.rotation_rad
        )

    def away_ns(self, time_ns: int) -> int:
        """How long ago the person was first looked for in vain, or else was seen last."""
        return time_ns - (self.seen_ns if self.missed_ns is None else self.missed_ns)

    def see(self, place: Roi, time_ns: int, *, is_clear: bool) -> None:
        """Take in that the person is at `place` now, with nobody close by where `is_clear`."""
        self.place, self.seen_ns, self.missed_ns = place, time_ns, None
        interval_ns = time_ns - self.clear_ns
        if not is_clear or interval_ns <= 0:
            return
        weight = min(1.0, interval_ns / _MOTION_NS)
        before = self.clear_place
        moved_px = place.centre_x_px - before.centre_x_px, place.centre_y_px - before.centre_y_px
        x, y = (
            old + weight * (moved * NS_PER_S / interval_ns - old)
            for old, moved in zip(self.velocity_px_s, moved_px, strict=True)
        )
        self.velocity_px_s, self.clear_place, self.clear_ns = (x, y), place, time_ns


class Identities:
    """Who is known, by number.

    Args:
        people: How many may be followed at once.
    """

    def __init__(self, people: int) -> None:
        self._is_alone = people == 1
        self._known: dict[int, Known] = {}
        self._present: set[int] = set()
        self._first_free = 0

    def find(self, person_id: int) -> Known | None:
        """Who has the number; None where nobody known has it any more."""
        return self._known.get(person_id)

    def whoever_is(self, person_id: int) -> Known:
        """Who has the number of somebody known."""
        return self._known[person_id]

    def missing(self, time_ns: int, present: Sequence[int]) -> list[Known]:
        """Those who may still come back, the one seen last first."""
        self._forget_the_long_gone(time_ns, present)
        away = [known for known in self._known.values() if known.id not in present]
        return sorted(away, key=lambda known: -known.seen_ns)

    def recognise(self, places: Sequence[Roi], time_ns: int, present: Sequence[int] = ()) -> list[int]:
        """Numbers for people found at `places`, none of them one of `present`; they are known from now on."""
        missing = self.missing(time_ns, present)
        limit = np.inf if self._is_alone else _REACH
        distances = np.minimum(
            all_distances(places, [known.place for known in missing]) + _TURNED_BACK,
            all_distances(places, [known.expected(time_ns) for known in missing]),
        )
        ids = {row: missing[column].id for row, column in nearest_pairs(distances, limit)}
        for row, place in enumerate(places):
            if row not in ids:
                ids[row] = self._newcomer(place, time_ns)
        return [ids[row] for row in range(len(places))]

    def see(self, places: dict[int, Roi], time_ns: int) -> None:
        """Take in where the known people are, by number, who are in this frame."""
        for person_id, place in places.items():
            known = self._known[person_id]
            if person_id not in self._present:
                known.since_ns = time_ns
            others = [other for key, other in places.items() if key != person_id]
            known.see(place, time_ns, is_clear=all(distance(place, other) > _CLOSE for other in others))
        for known in self._known.values():
            if known.id not in places and known.missed_ns is None:
                known.missed_ns = time_ns
        self._present = set(places)

    def adopt(self, places: dict[int, Roi], first_free_id: int, time_ns: int) -> None:
        """Know those at `places`, by number, and nobody else; newcomers get numbers from `first_free_id`."""
        self.forget()
        for person_id, place in places.items():
            self._known[person_id] = Known.newcomer(person_id, place, time_ns)
        self._first_free = max(self._first_free, first_free_id)

    def forget(self) -> None:
        """Take whoever is seen next for a newcomer."""
        self._known, self._present = {}, set()

    def _newcomer(self, place: Roi, time_ns: int) -> int:
        person_id = self._first_free
        self._first_free += 1
        self._known[person_id] = Known.newcomer(person_id, place, time_ns)
        return person_id

    def _forget_the_long_gone(self, time_ns: int, present: Sequence[int]) -> None:
        self._known = {
            known.id: known
            for known in self._known.values()
            if known.id in present or known.away_ns(time_ns) <= SAME_PERSON_WITHIN_NS
        }
