"""Paints the people of a recording on its pictures, at a constant rate.

Needs Qt's graphics, which a machine without a desktop may lack: imported only when a video is made.
"""

from collections.abc import Generator, Iterable
from contextlib import closing

import numpy as np

from desktop_pose.core.frames import Image, size_of
from desktop_pose.core.poses import FramePoses
from desktop_pose.engine.exports.angle_charts import AngleCharts
from desktop_pose.engine.picture_size import of_size
from desktop_pose.pose.kinematics import angles_of
from desktop_pose.recording.exporters.protocol import ExportOptions, Pictures
from desktop_pose.recording.exporters.resampling import ConstantRate
from desktop_pose.recording.exporters.spool import Spool
from desktop_pose.recording.recorded import ages_ns
from desktop_pose.render.angle_labels import draw_angles
from desktop_pose.render.painter import PicturePainter


def painted(spool: Spool, rate: ConstantRate, options: ExportOptions) -> Generator[Image]:
    """The pictures of the video, BGRA, each to be used before the next is asked for."""
    painter = PicturePainter()
    ages = ages_ns(spool.frames["time_ns"], spool.frames["reused"])
    with closing(_in_step(spool, options.pictures)) as recorded:
        pictures = enumerate(recorded)
        position, picture = next(pictures)
        shown: tuple[int, bool] | None = None
        painted = picture
        for wanted in rate.nearest_frames():
            if wanted != shown:
                number, is_known = shown = wanted
                while position < number:
                    position, picture = next(pictures)
                poses = FramePoses(spool.people_at(number) if is_known else (), age_ns=int(ages[number]))
                painted = _paint(painter, picture, poses, show_angles=options.angles)
            yield painted


def above_charts(
    pictures: Iterable[Image], charts: AngleCharts, times_s: Iterable[float]
) -> Generator[Image]:
    """Each of `pictures` with the charts of its time below it, to be used before the next is asked for."""
    both: Image | None = None
    for picture, time_s in zip(pictures, times_s, strict=True):
        height_px = picture.shape[0]
        if both is None:
            both = np.empty((height_px + charts.size.height_px, *picture.shape[1:]), np.uint8)
        both[:height_px] = picture
        charts.draw(both[height_px:], time_s)
        yield both


def _in_step(spool: Spool, pictures: Pictures | None) -> Generator[Image]:
    """A picture for each recorded frame and of its size, black where there is none."""
    nothing: Image = np.zeros((spool.size.height_px, spool.size.width_px, 3), np.uint8)
    with closing(_none() if pictures is None else pictures()) as given:
        newest = next(given, None)
        for wanted in spool.frames["index"].tolist():
            while newest is not None and newest[0] < wanted:
                newest = next(given, None)
            has_one = newest is not None and newest[0] == wanted
            yield of_size(newest[1], spool.size) if newest is not None and has_one else nothing


def _none() -> Generator[tuple[int, Image]]:
    yield from ()


def _paint(painter: PicturePainter, picture: Image, poses: FramePoses, *, show_angles: bool) -> Image:
    """The picture with its people, (height, width, 4) uint8 BGRA, good until the painter has painted more."""
    size = size_of(picture)
    canvas = painter.paint(picture, poses, size, mirror=False)
    pixels: Image = np.frombuffer(canvas.bits(), np.uint8).reshape(size.height_px, size.width_px, 4)
    if show_angles:
        for person in poses.people:
            draw_angles(pixels, person, angles_of(person))
    return pixels
