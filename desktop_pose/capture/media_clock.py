"""The times of a file's frames, made such that they never go back."""

from desktop_pose.core.clock import NS_PER_S

_DEFAULT_FPS = 30.0
"""Where neither the file nor its frames state a time."""


class MediaClock:
    """Presentation times since the first frame, mended where a file has none or goes back.

    Attributes:
        now_ns: Time of the latest frame; 0 for the first, and before it.
    """

    def __init__(self, fps: float | None = None) -> None:
        self.now_ns = 0
        self._period_ns = round(NS_PER_S / (fps or _DEFAULT_FPS))
        self._has_started = False
        self._origin_ns: int | None = None

    @property
    def has_begun(self) -> bool:
        """Whether a frame of this playing had a timestamp."""
        return self._origin_ns is not None

    def begin_again(self) -> None:
        """Let the first frame, which comes next, follow the latest after the time between two frames."""
        self._origin_ns = None

    def advance(self, presentation_ns: int | None) -> None:
        """Take the timestamp of the next frame, None where it has none."""
        if self._has_started and (presentation_ns is None or self._origin_ns is None):
            self.now_ns += self._period_ns
        if self._origin_ns is None and presentation_ns is not None:
            self._origin_ns = presentation_ns - self.now_ns
        elif presentation_ns is not None and self._origin_ns is not None:
            self.now_ns = max(self.now_ns, presentation_ns - self._origin_ns)
        self._has_started = True
