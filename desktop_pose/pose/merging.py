"""Merges people who turn out to be one.

Two regions can settle on one body: on one that the detector found a second time, or on the one in front
where two people cross. Somebody just found is dropped at once. Of two who were followed apart from each other
before, it shows only a moment later who is still there, by where both were heading: the one who should be
elsewhere by now is taken to be hidden.
"""

from itertools import combinations

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.pose.identity import Identities
from desktop_pose.pose.matching import distance
from desktop_pose.pose.sighting import Sighting

_JUST_FOUND_NS = NS_PER_S // 2
_UNDECIDED_NS = NS_PER_S // 4


class Merger:
    """Watches who coincides.

    Args:
        identities: Knows where people were heading.
    """

    def __init__(self, identities: Identities) -> None:
        self._identities = identities
        self._since_ns: dict[tuple[int, int], int] = {}

    def merge(self, seen: dict[int, Sighting], time_ns: int) -> None:
        """Take out of `seen`, by id, those who are another one of them; before `identities` learns of it."""
        before, self._since_ns = self._since_ns, {}
        for pair in combinations(sorted(seen), 2):
            if any(person_id not in seen for person_id in pair) or not seen[pair[1]].is_of(seen[pair[0]]):
                continue
            since_ns = before.get(pair, time_ns)
            newest_ns = max(self._identities.whoever_is(person_id).since_ns for person_id in pair)
            if time_ns - newest_ns >= _JUST_FOUND_NS and time_ns - since_ns < _UNDECIDED_NS:
                self._since_ns[pair] = since_ns
            else:
                del seen[max(pair, key=lambda person_id: self._oddity(person_id, seen, time_ns))]

    def forget(self) -> None:
        """Know of no coincidence."""
        self._since_ns = {}

    def _oddity(self, person_id: int, seen: dict[int, Sighting], time_ns: int) -> tuple[bool, float, int]:
        """The greater, the less likely it is that the person stands where two were seen."""
        known = self._identities.whoever_is(person_id)
        is_new = time_ns - known.since_ns < _JUST_FOUND_NS  # and of two such the one found later
        away = distance(known.expected(time_ns), seen[person_id].place)
        return is_new, known.since_ns if is_new else away, person_id
