"""Pictures with the skeletons drawn in, for recordings that show them."""

import numpy as np

from desktop_pose.core.frames import Image, size_of
from desktop_pose.core.poses import FramePoses
from desktop_pose.render.painter import PicturePainter


class OverlayPainter:
    """Paints in full size and never mirrored; used on the record thread alone."""

    def __init__(self) -> None:
        self._painter = PicturePainter()

    def paint(self, image: Image, poses: FramePoses) -> Image:
        """`image` with the skeletons, and with ids where there is more than one person.

        Returns:
            (height, width, 4) uint8: blue, green, red, and a channel that means nothing. The next calls paint
            over it.
        """
        size = size_of(image)
        painted = self._painter.paint(image, poses, size, mirror=False, shows_ids=len(poses.people) > 1)
        pixels = np.frombuffer(painted.constBits(), np.uint8)
        return pixels.reshape(size.height_px, size.width_px, 4)
