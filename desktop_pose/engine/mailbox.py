"""Bounded places between two threads, each with its policy written down and its drops counted.

All mailboxes of one flow share one reentrant lock, so that several of them and the flow's counters can be
changed, or read, in one atomic step: `with flow.lock: ...`. An item taken stays counted as *held* until its
taker settles it, so that at any moment every item is somewhere.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_WAKE_UP_S = 0.1
"""Longest time a waiting thread takes to notice a stop whose wake-up it missed."""


class Mailbox(Generic[T]):
    """The part every policy shares: waiting, taking, settling.

    Attributes:
        dropped: Items given up because there was no room, or because the run stopped.
        held: Items taken and not yet settled.
    """

    def __init__(
        self, lock: "threading.RLock", capacity: int, on_drop: Callable[[T], None] | None = None
    ) -> None:
        self._items: deque[T] = deque()
        self._on_drop = on_drop
        self._capacity = capacity
        self._lock = lock
        self._filled = threading.Condition(lock)
        self.dropped = 0
        self.held = 0

    def __len__(self) -> int:
        with self._lock:
            return len(self._items)

    @property
    def in_flight(self) -> int:
        """Items waiting or held."""
        with self._lock:
            return len(self._items) + self.held

    def take(self, stop: threading.Event, wake_ups: int | None = None) -> T | None:
        """The oldest item, now held by the caller; None once `stop` is set. Waits for one.

        Args:
            stop: Ends the waiting.
            wake_ups: Gives up, and gives None, after so many tenths of a second; None: never.
        """
        with self._lock:
            while not self._items:
                if stop.is_set() or wake_ups == 0:
                    return None
                self.wait()
                wake_ups = None if wake_ups is None else wake_ups - 1
            if stop.is_set():
                return None
            return self._take_first()

    def wait(self) -> None:
        """Wait for an item or for `wake`, but not for long. The lock is held, and let go meanwhile."""
        self._filled.wait(_WAKE_UP_S)

    def take_now(self) -> T | None:
        """The oldest item, now held by the caller; None where there is none. Does not wait."""
        with self._lock:
            return self._take_first() if self._items else None

    def settle(self) -> None:
        """Give up one held item: the caller has counted, in the same atomic step, what became of it."""
        with self._lock:
            if self.held < 1:
                raise RuntimeError("settled an item that nobody holds")
            self.held -= 1

    def drop_all(self) -> None:
        """Empty the mailbox, as at the end of a run; what was in it counts as dropped."""
        with self._lock:
            self.dropped += len(self._items)
            self._items.clear()

    def wake(self) -> None:
        """Let a waiting thread look at its stop event."""
        with self._lock:
            self._filled.notify_all()

    def _give_up(self, item: T) -> None:
        self.dropped += 1
        if self._on_drop is not None:
            self._on_drop(item)

    def _take_first(self) -> T:
        self.held += 1
        return self._items.popleft()


class NewestMailbox(Mailbox[T]):
    """One slot that keeps the newest item: a put drops the one that nobody took."""

    def __init__(self, lock: threading.RLock, on_drop: Callable[[T], None] | None = None) -> None:
        super().__init__(lock, 1, on_drop)

    def put(self, item: T) -> bool:
        """Put `item` in; True if the slot was empty before."""
        with self._lock:
            was_empty = not self._items
            if not was_empty:
                self._give_up(self._items.popleft())
            self._items.append(item)
            self._filled.notify()
            return was_empty


class CountedQueue(Mailbox[T]):
    """A queue that keeps the oldest items: a put on a full queue is refused and counted.

    Attributes:
        sent: Items that anybody tried to put in.
    """

    def __init__(
        self, lock: "threading.RLock", capacity: int, on_drop: Callable[[T], None] | None = None
    ) -> None:
        super().__init__(lock, capacity, on_drop)
        self.sent = 0

    def put(self, item: T) -> bool:
        """Put `item` in; False if there was no room and the item is dropped."""
        with self._lock:
            self.sent += 1
            if len(self._items) >= self._capacity:
                self._give_up(item)
                return False
            self._items.append(item)
            self._filled.notify()
            return True
