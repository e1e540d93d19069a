"""Holds frames back until they are due, for a source that gives them as fast as they are taken."""

import time

from desktop_pose.core.clock import NS_PER_S, monotonic_ns

LONGEST_PAUSE_NS = NS_PER_S
"""Whatever times the frames state: a stop is honoured after that."""

_CATCH_UP_NS = NS_PER_S
"""A source that falls behind by more than this starts its pace anew instead of racing to catch up."""


class Pace:
    """The pace of one playing of a file.

    Attributes:
        has_begun: Whether a frame was waited for.
    """

    def __init__(self) -> None:
        self.has_begun = False
        self._zero_ns = 0

    def wait_for(self, media_ns: int) -> None:
        """Wait until a frame of that presentation time is due; the first is at once.

        A longer pause than `LONGEST_PAUSE_NS` is cut to that, and the frames behind it come sooner.
        """
        now_ns = monotonic_ns()
        ahead_ns = self._zero_ns + media_ns - now_ns
        if not self.has_begun or not -_CATCH_UP_NS <= ahead_ns <= LONGEST_PAUSE_NS:
            pause_ns = min(max(ahead_ns, 0), LONGEST_PAUSE_NS) if self.has_begun else 0
            self._zero_ns = now_ns + pause_ns - media_ns
            self.has_begun = True
            ahead_ns = pause_ns
        time.sleep(max(ahead_ns, 0) / NS_PER_S)
