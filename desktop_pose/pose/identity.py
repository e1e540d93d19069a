"""Gives people numbers that are never used twice in a run.

With one person in view somebody found again soon is taken for the same person.
"""

from desktop_pose.core.clock import NS_PER_S

SAME_PERSON_WITHIN_NS = NS_PER_S


class Identity:
    """The number of the one person who is followed."""

    def __init__(self) -> None:
        self._id: int | None = None
        self._first_free = 0
        self._last_seen_ns: int | None = None

    def seen(self, time_ns: int) -> int:
        """The number of the person seen at `time_ns`."""
        is_same = self._last_seen_ns is None or time_ns - self._last_seen_ns <= SAME_PERSON_WITHIN_NS
        if self._id is None or not is_same:
            self._id = self._first_free
            self._first_free += 1
        self._last_seen_ns = time_ns
        return self._id

    def adopt(self, person: int | None, first_free_id: int) -> None:
        """Take whoever is seen next for `person`, if given; newcomers get numbers from `first_free_id`."""
        self._id, self._first_free = person, max(self._first_free, first_free_id)
        self._last_seen_ns = None

    def forget(self) -> None:
        """Take whoever is seen next for a newcomer."""
        self._id = None
