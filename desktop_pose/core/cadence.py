"""Lets some of a stream of frames through, so many a second on average."""

_LONGEST_DELAY_NS = 100_000_000  # by which a frame of a source of 10 a second may come after it was due


class Cadence:
    """Lets a frame through when an interval has passed, on average: a frame that comes late is made up for.

    One thread lets frames through; any thread may set the interval.

    Attributes:
        interval_ns: Mean time between frames let through; 0 lets all of them through.
    """

    def __init__(self) -> None:
        self.interval_ns = 0
        self._from_ns = 0  # the time the interval that runs now counts from

    def is_due(self, time_ns: int) -> bool:
        """Whether a frame of `time_ns` may pass; times that go back belong to another stream."""
        return time_ns < self._from_ns or time_ns >= self._from_ns + self.interval_ns

    def let_through(self, time_ns: int) -> None:
        """A frame of `time_ns` passes, due or not; a delay of up to a frame is made up for."""
        due_ns = self._from_ns + self.interval_ns
        self._from_ns = min(max(due_ns, time_ns - min(self.interval_ns, _LONGEST_DELAY_NS)), time_ns)
