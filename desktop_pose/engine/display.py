"""The window's end of the flow: which picture it holds, and when that was on screen."""

from collections.abc import Callable

from desktop_pose.core.clock import monotonic_ns
from desktop_pose.engine.flow import FrameFlow, Picture
from desktop_pose.engine.metrics import Metrics


class Display:
    """Hands pictures to the window and counts what becomes of them. Lives on the GUI thread."""

    def __init__(self, flow: FrameFlow, metrics: Metrics, first_displayed: Callable[[], None]) -> None:
        self._flow = flow
        self._metrics = metrics
        self._first_displayed = first_displayed
        self._taken: Picture | None = None
        self._take_ns = 0

    def take_picture(self) -> Picture | None:
        """The newest picture nobody took yet, to be painted now; None where there is none."""
        picture = self._flow.pictures.take_now()
        if picture is None:
            return None
        if self._taken is not None:
            self._flow.picture_lost_in_window()
        self._taken = picture
        self._take_ns = monotonic_ns()
        return picture

    def picture_painted(self, picture: Picture) -> None:
        """Count `picture` as displayed; call at the end of the paintEvent that first shows it."""
        if picture is not self._taken:
            return
        self._taken = None
        self._flow.picture_displayed()
        self._metrics.add_stage("paint", monotonic_ns() - self._take_ns, picture.capture_ns)
        is_first = self._metrics.first_displayed_ns is None
        self._metrics.add_displayed(picture.capture_ns)
        if is_first:
            self._first_displayed()
