"""The lock on one person: nobody else is followed while it lasts.

When the person is lost, the lock stays at the place where that was and takes up whoever is found there first:
within a second that is the same person with the same number (`pose.identity`), later somebody with a new one.
People elsewhere are left alone, however long it takes, until the lock is opened.
"""

from collections.abc import Sequence

from desktop_pose.core.poses import Roi
from desktop_pose.pose.matching import distance

_REACH = 0.5
"""How far from its place (`matching.distance`) a lock takes somebody up: half a region."""


class Lock:
    """Who is locked on, and where that one was last.

    Attributes:
        id: Number of the person; None while the lock is open.
    """

    def __init__(self) -> None:
        self.id: int | None = None
        self._place: Roi | None = None

    def close(self, person_id: int, place: Roi) -> None:
        """Lock on the person with this number, who is or was at `place`."""
        self.id, self._place = person_id, place

    def open(self) -> None:
        """Lock on nobody."""
        self.id = self._place = None

    def hold(self, places: dict[int, Roi]) -> None:
        """Stay with the person, if closed, or with whoever was taken up instead and is alone in `places`."""
        if self.id is not None and places:
            person_id = self.id if self.id in places else next(iter(places))
            self.close(person_id, places[person_id])

    def nearest(self, places: Sequence[Roi]) -> int | None:
        """Index of the place where the lock takes somebody up; None where none is near enough."""
        if self._place is None:
            return None
        distances = [distance(place, self._place) for place in places]
        nearest = min(range(len(places)), key=distances.__getitem__, default=None)
        return nearest if nearest is not None and distances[nearest] <= _REACH else None
