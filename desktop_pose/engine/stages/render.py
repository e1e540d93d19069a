"""Poses into pictures at the window's size; nothing is rendered while nobody can see it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from desktop_pose.core.cadence import Cadence
from desktop_pose.core.clock import StepTimes
from desktop_pose.core.frames import Size
from desktop_pose.core.memory_steps import MemoryPart
from desktop_pose.core.settings import Background
from desktop_pose.engine.flow import FrameFlow, Picture, PosedFrame
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.resources.memory_warming import WarmingUp
from desktop_pose.render.painter import PicturePainter


@dataclass(frozen=True, slots=True)
class View:
    """How the window wants its pictures.

    Attributes:
        size: The picture area in device pixels; None while it cannot be seen.
        is_mirrored: Whether left and right are exchanged, as in a mirror.
        background: What is seen behind people; None leaves it as it is.
        shows_ids: Whether people are labelled with their ids.
    """

    size: Size | None = None
    is_mirrored: bool = False
    background: Background | None = None
    shows_ids: bool = False


class RenderStage:
    """Owns the painter. `view` may be set from any thread and counts from the next frame on.

    Frames that `cadence` does not let through are not rendered, and counted as not shown.

    Attributes:
        view: How the window wants its pictures.
        newest: The posed frame rendered last, for snapshots.
    """

    name = "render"

    def __init__(
        self,
        flow: FrameFlow,
        metrics: Metrics,
        picture_ready: Callable[[], None],
        view: View,
        cadence: Cadence,
    ) -> None:
        self.view = view
        self.newest: PosedFrame | None = None
        self._flow = flow
        self._metrics = metrics
        self._picture_ready = picture_ready
        self._cadence = cadence

    def run(self, stop: threading.Event) -> None:
        """Render poses until `stop`."""
        painter, warming = PicturePainter(), WarmingUp(MemoryPart.BUFFERS)
        warmed_for: Size | None = None
        while (posed := self._flow.poses.take(stop)) is not None:
            self.newest = posed
            view = self.view
            if view.size is None or not self._cadence.is_due(posed.frame.capture_ns):
                self._flow.frame_not_shown()
                continue
            self._cadence.let_through(posed.frame.capture_ns)
            if view.size != warmed_for:
                warmed_for = view.size
                warming.again()  # pictures of another size take other memory
            times = StepTimes()
            try:
                image = painter.paint(
                    posed.frame.image,
                    posed.poses,
                    view.size,
                    mirror=view.is_mirrored,
                    background=view.background,
                    shows_ids=view.shows_ids,
                    probe=times,
                )
            except BaseException:
                self._flow.frame_lost_in_render()
                raise
            self._metrics.add_render(times.ns, posed.frame.capture_ns)
            frame = posed.frame
            picture = Picture(image, frame.index, frame.capture_ns, posed.poses, frame.size, view.is_mirrored)
            if self._flow.send_picture(picture):
                self._picture_ready()
            warming.frame_done()
        warming.end()
