"""Makes the picture the window shows: scaled and converted by OpenCV, the skeletons drawn by QPainter.

OpenCV releases the GIL and QPainter holds it, so pixels are OpenCV's business and QPainter gets as few calls
as there are pens. A picture is painted once, in the render thread, at the size in which it is shown.
"""

import cv2
import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from desktop_pose.core.clock import NO_PROBE, Probe
from desktop_pose.core.frames import Image, Size, size_of
from desktop_pose.core.poses import FramePoses
from desktop_pose.core.settings import Background
from desktop_pose.render.background import paint_background
from desktop_pose.render.label_painter import draw_labels
from desktop_pose.render.labels import build_labels
from desktop_pose.render.placement import Placement, fitted_size
from desktop_pose.render.scene import Scene, build_scene

RING = 4
"""Pictures in turn: one painted, one waiting, one on screen, and one to spare."""


class _Canvas:
    """A QImage and a writable numpy view of its pixels; the QImage owns them."""

    def __init__(self, size: Size) -> None:
        self.image = QImage(size.width_px, size.height_px, QImage.Format.Format_RGB32)
        self.pixels: Image = np.frombuffer(self.image.bits(), np.uint8).reshape(
            size.height_px, size.width_px, 4
        )


class PicturePainter:
    """Paints frames into a ring of pictures of the size last asked for.

    A picture stays as it is until `RING` more of the same size have been begun, and belongs to whoever
    holds it once the size has changed. One thread at a time may paint.
    """

    def __init__(self) -> None:
        self._size: Size | None = None
        self._ring: list[_Canvas] = []
        self._turn = 0
        self._begun: tuple[Image, bool] | None = None

    def begin(self, frame_image: Image, view_size: Size, *, mirror: bool, probe: Probe = NO_PROBE) -> None:
        """Do what a picture needs no poses for; `paint` goes on with it if it is given the same.

        Args:
            frame_image: As for `paint`; not written to until then.
            view_size: As for `paint`.
            mirror: As for `paint`.
            probe: Hears `convert`.
        """
        canvas = self._canvas(fitted_size(size_of(frame_image), view_size))
        _convert(frame_image, canvas.pixels, mirror=mirror)
        self._begun = frame_image, mirror
        probe.lap("convert")

    def paint(
        self,
        frame_image: Image,
        poses: FramePoses,
        view_size: Size,
        *,
        mirror: bool,
        background: Background | None = None,
        shows_ids: bool = False,
        probe: Probe = NO_PROBE,
    ) -> QImage:
        """The picture fitted into `view_size` (device pixels), without the bars beside it, as RGB32.

        Args:
            frame_image: (height, width, 3) uint8, blue, green, red.
            poses: Who is in it.
            view_size: What the picture is fitted into.
            mirror: Whether left and right are exchanged.
            background: What is seen behind people, if `poses` has a mask; None leaves it as it is.
            shows_ids: Whether people are labelled with their ids.
            probe: Hears `convert`, unless that was done by `begin`, and `render`.
        """
        frame_size = size_of(frame_image)
        size = fitted_size(frame_size, view_size)
        canvas = self._canvas(size)
        if self._begun is None or self._begun[0] is not frame_image or self._begun[1] != mirror:
            self.begin(frame_image, view_size, mirror=mirror, probe=probe)
        self._begun = None
        self._turn = (self._turn + 1) % RING
        if background is not None and poses.mask is not None:
            paint_background(canvas.pixels, poses.mask, background, mirror=mirror)
        placement = Placement(frame_size, size, mirror)
        _draw(canvas.image, build_scene(poses.people, placement, poses.age_ns))
        if shows_ids:
            draw_labels(canvas.image, build_labels(poses, placement))
        probe.lap("render")
        return canvas.image

    def _canvas(self, size: Size) -> _Canvas:
        """The picture whose turn it is."""
        if size != self._size:
            self._size, self._ring, self._turn, self._begun = size, [], 0, None
        if self._turn == len(self._ring):
            self._ring.append(_Canvas(size))
        return self._ring[self._turn]


def paint_full(
    frame_image: Image, poses: FramePoses, background: Background | None = None, *, shows_ids: bool = False
) -> QImage:
    """The frame in its own size with the skeletons, never mirrored, as RGB32; the caller's to keep."""
    size = size_of(frame_image)
    return PicturePainter().paint(
        frame_image, poses, size, mirror=False, background=background, shows_ids=shows_ids
    )


def _convert(frame_image: Image, pixels: Image, *, mirror: bool) -> None:
    """Scale and convert BGR `frame_image` into BGRA `pixels`.

    Halving with INTER_AREA is as fast as INTER_LINEAR, any other ratio costs seven times as much (7 ms for
    720p): so halve while possible, and let INTER_LINEAR do the rest, which below one half would alias.
    """
    height, width = pixels.shape[:2]
    while frame_image.shape[1] >= 2 * width and frame_image.shape[0] >= 2 * height:
        half = (frame_image.shape[1] // 2, frame_image.shape[0] // 2)
        frame_image = cv2.resize(frame_image, half, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    if frame_image.shape[:2] == (height, width):
        cv2.cvtColor(frame_image, cv2.COLOR_BGR2BGRA, dst=pixels)
    elif frame_image.shape[0] * frame_image.shape[1] < height * width:
        bgra = cv2.cvtColor(frame_image, cv2.COLOR_BGR2BGRA)
        cv2.resize(bgra, (width, height), dst=pixels, interpolation=cv2.INTER_LINEAR)
    else:
        bgr = cv2.resize(frame_image, (width, height), interpolation=cv2.INTER_LINEAR)
        cv2.cvtColor(bgr, cv2.COLOR_BGR2BGRA, dst=pixels)
    if mirror:
        cv2.flip(pixels, 1, dst=pixels)


def _draw(image: QImage, scene: Scene) -> None:
    if not scene.lines and not scene.dots:
        return
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # A round cap makes a line three times as dear; the dots hide the ends.
    for lines in scene.lines:
        painter.setPen(
            QPen(QColor(*lines.colour), lines.width_px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        )
        painter.drawLines([QLineF(*ends) for ends in lines.ends_px.tolist()])
    painter.setPen(Qt.PenStyle.NoPen)
    for dots in scene.dots:
        painter.setBrush(QColor(*dots.colour))
        radius_px = dots.diameter_px / 2
        for centre in dots.centres_px.tolist():  # a fifth cheaper than points drawn with a round pen
            painter.drawEllipse(QPointF(*centre), radius_px, radius_px)
    painter.end()
