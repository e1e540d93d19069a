"""Which captured frames were lost where, so that a session can say of every gap why it is there."""

import threading

_MOST = 20_000
"""Losses kept at a time: ten minutes of a camera of which nothing at all is recorded."""


class LossBook:
    """Books losses while somebody records, by the number of the captured frame. Callable from any thread.

    Args:
        lock: The one of the flow, so that a loss is counted and booked in one step.
    """

    def __init__(self, lock: "threading.RLock") -> None:
        self._lock = lock
        self._causes: dict[int, str] = {}
        self._is_open = False

    def open(self) -> None:
        """Book from now on, from an empty book."""
        with self._lock:
            self._causes.clear()
            self._is_open = True

    def close(self) -> None:
        """Book nothing more."""
        with self._lock:
            self._causes.clear()
            self._is_open = False

    def note(self, index: int, cause: str) -> None:
        """Book that the captured frame `index` was lost at `cause`."""
        with self._lock:
            if self._is_open and len(self._causes) < _MOST:
                self._causes[index] = cause

    def take_before(self, index: int) -> dict[str, int]:
        """How many of the frames before `index` that are still booked were lost where; they are taken out."""
        counts: dict[str, int] = {}
        with self._lock:
            for lost in [number for number in self._causes if number < index]:
                cause = self._causes.pop(lost)
                counts[cause] = counts.get(cause, 0) + 1
        return counts
