"""Books what a thread takes on over its first frames: pools, arenas and caches that fill once and stay."""

from desktop_pose.core.memory_steps import STEPS, MemoryPart, StepKind

FIRST_FRAMES = 30
"""A second of video: by then the pools of decoders and the rings of pictures are full."""

_FRAMES_A_BOOKING = 5  # reading takes a millisecond


class WarmingUp:
    """A memory step of the thread that makes it, over the first frames of its loop.

    Args:
        part: What the memory is booked on.
    """

    def __init__(self, part: MemoryPart) -> None:
        self._part = part
        self._step = STEPS.begin(part, StepKind.COMES_AND_GOES)
        self._frames_left = FIRST_FRAMES

    def frame_done(self) -> None:
        """Count a frame; the last of the first ones ends the step."""
        if self._frames_left:
            self._frames_left -= 1
            if not self._frames_left:
                self.end()
            elif self._frames_left % _FRAMES_A_BOOKING == 0:
                STEPS.book_now()

    def again(self) -> None:
        """Begin anew: what the frames need has changed, such as their size."""
        self.end()
        self._step = STEPS.begin(self._part, StepKind.COMES_AND_GOES)
        self._frames_left = FIRST_FRAMES

    def end(self) -> None:
        """End the step: the loop has ended early. May be called again."""
        self._step.end()
