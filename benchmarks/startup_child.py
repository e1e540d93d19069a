"""The application, which also prints when it has painted the first picture that has a person in it."""

import sys
import time

from PySide6.QtGui import QImage

from desktop_pose.core.clock import NO_PROBE, Probe
from desktop_pose.core.frames import Image, Size
from desktop_pose.core.poses import FramePoses
from desktop_pose.core.settings import Background
from desktop_pose.engine.display import Display
from desktop_pose.engine.flow import Picture
from desktop_pose.render.painter import PicturePainter

_paint, _painted = PicturePainter.paint, Display.picture_painted
_with_person: set[int] = set()


def _watched_paint(
    self: PicturePainter,
    image: Image,
    poses: FramePoses,
    view_size: Size,
    *,
    mirror: bool,
    background: Background | None = None,
    shows_ids: bool = False,
    probe: Probe = NO_PROBE,
) -> QImage:
    picture = _paint(
        self,
        image,
        poses,
        view_size,
        mirror=mirror,
        background=background,
        shows_ids=shows_ids,
        probe=probe,
    )
    if poses.people:
        _with_person.add(picture.cacheKey())
    return picture


def _watched_painted(self: Display, picture: Picture) -> None:
    _painted(self, picture)
    if picture.image.cacheKey() in _with_person:
        print(time.monotonic_ns(), flush=True)
        PicturePainter.paint, Display.picture_painted = _paint, _painted


if __name__ == "__main__":
    PicturePainter.paint, Display.picture_painted = _watched_paint, _watched_painted
    sys.argv[0] = "desktop-pose"
    from desktop_pose.__main__ import main

    main()
