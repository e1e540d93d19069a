"""Poses into pictures at the window's size; nothing is rendered while nobody can see it.

While the model looks at a frame its picture is already scaled and converted, if there is a core for that:
it takes longer than drawing, and nobody waits for it then.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QImage

from desktop_pose.core.cadence import Cadence
from desktop_pose.core.clock import StepTimes
from desktop_pose.core.frames import Frame, Size
from desktop_pose.core.memory_steps import MemoryPart
from desktop_pose.core.settings import Background
from desktop_pose.engine.flow import FrameFlow, Picture
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.posed import PosedFrame
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
        self._begun_ns = 0  # what has been spent on the next picture

    def run(self, stop: threading.Event) -> None:
        """Render poses until `stop`, and begin with what is announced."""
        painter, warming = PicturePainter(), WarmingUp(MemoryPart.BUFFERS)
        warmed_for: Size | None = None
        while (next_one := self._flow.next_to_render(stop)) is not None:
            view = self.view
            if isinstance(next_one, Frame):
                self._begin(painter, next_one, view)
                continue
            self.newest = next_one
            frame = next_one.frame
            size = self._size_if_shown(frame, view)
            if size is None:
                self._flow.frame_not_shown()
                continue
            self._cadence.let_through(frame.capture_ns)
            if size != warmed_for:
                warmed_for = size
                warming.again()  # pictures of another size take other memory
            try:
                image = self._painted(painter, next_one, view, size)
            except BaseException:
                self._flow.frame_lost_in_render()
                raise
            picture = Picture(
                image, frame.index, frame.capture_ns, next_one.poses, frame.size, view.is_mirrored
            )
            if self._flow.send_picture(picture):
                self._picture_ready()
            warming.frame_done()
        warming.end()

    def _begin(self, painter: PicturePainter, frame: Frame, view: View) -> None:
        """Do what the picture of `frame` needs no poses for, if it will be shown."""
        size = self._size_if_shown(frame, view)
        if size is None:
            return
        times = StepTimes()
        painter.begin(frame.image, size, mirror=view.is_mirrored, probe=times)
        self._begun_ns = self._metrics.add_begun(times.ns, frame.capture_ns)

    def _size_if_shown(self, frame: Frame, view: View) -> Size | None:
        """The size in which `frame` is to be shown; None where nobody could see it, or it is not its turn."""
        return view.size if self._cadence.is_due(frame.capture_ns) else None

    def _painted(self, painter: PicturePainter, posed: PosedFrame, view: View, size: Size) -> QImage:
        times = StepTimes()
        image = painter.paint(
            posed.frame.image,
            posed.poses,
            size,
            mirror=view.is_mirrored,
            background=view.background,
            shows_ids=view.shows_ids,
            probe=times,
        )
        self._metrics.add_render(times.ns, posed.frame.capture_ns, self._begun_ns)
        self._begun_ns = 0
        return image
