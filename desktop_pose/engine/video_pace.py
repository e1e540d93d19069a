"""Decides when a video is too much for the machine. Pure: it is told how many frames wait and when."""

from desktop_pose.core.clock import NS_PER_S

_MANY = 10
"""Frames that wait when something has to change: a third of those that may wait with their pictures."""

_TRIAL_NS = NS_PER_S
"""How long a change is given to show, in capture time."""


class VideoPace:
    """Asks for less video whenever too many frames wait, and gives each change time to help."""

    def __init__(self) -> None:
        self._changed_ns: int | None = None
        self._waiting_then = 0

    def is_behind(self, waiting: int, capture_ns: int) -> bool:
        """Whether less has to be recorded of each picture from now on.

        Args:
            waiting: Frames that wait for the recorder.
            capture_ns: When the frame just written was captured.
        """
        if waiting < _MANY:
            return False
        has_had_time = self._changed_ns is None or capture_ns - self._changed_ns >= _TRIAL_NS
        if not has_had_time or (self._changed_ns is not None and waiting < self._waiting_then):
            return False  # the change before is still being tried, or has helped
        self._changed_ns, self._waiting_then = capture_ns, waiting
        return True
