"""What a heap of malloc's holds of which part: a heap outlives its thread, and is another thread's later.

What a thread has left is freed when somebody else asks malloc to give back what is free, or lets go of the
last frames: then it has to be taken off what it was booked on, and not off what that somebody does.
"""

from collections.abc import Collection
from typing import Generic, TypeVar

from desktop_pose.core.resident import HeapReader

Part = TypeVar("Part")


class HeapHoldings(Generic[Part]):
    """A heap from the moment on at which the first step was taken on it.

    Args:
        read: Reads its resident bytes.

    Attributes:
        resident: Its resident bytes when it was last read.
    """

    def __init__(self, read: HeapReader) -> None:
        self.resident = read()
        self._read = read
        self._held: dict[Part, int] = {}

    def read(self) -> int:
        """What it has grown by since it was last read, in bytes; negative where it has shrunk."""
        before, self.resident = self.resident, self._read()
        return self.resident - before

    def book(self, growth: int, part: Part | None, giving: Collection[Part]) -> dict[Part, int]:
        """Share out what it has just grown by; the changes by part.

        What it has shrunk by was held by the parts that give back just now, if they hold any of it, else by
        `part`, else by the others. On a heap that nobody uses it was, before all, what was booked nowhere.

        Args:
            growth: Bytes, as `read` gave them.
            part: Whose it is at present; None: nobody's, and what it grows by is booked nowhere.
            giving: Parts that give memory back at present, on whichever thread.
        """
        if growth >= 0:
            changes = {} if part is None else {part: growth}
        else:
            changes = self._given_back(-growth, part, giving)
        for each, change in changes.items():
            self._held[each] = max(self._held.get(each, 0) + change, 0)
        return changes

    def _given_back(self, count: int, part: Part | None, giving: Collection[Part]) -> dict[Part, int]:
        if part is None:
            before = self.resident + count
            count -= min(count, max(before - sum(self._held.values()), 0))
        changes: dict[Part, int] = {}
        for holder in sorted(self._held, key=lambda each: (each not in giving, each != part)):
            taken = min(count, self._held[holder])
            changes[holder] = -taken
            count -= taken
        if part is not None:
            changes[part] = changes.get(part, 0) - count
        return changes
