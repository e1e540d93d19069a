"""Where a frame lies in a view: letterboxed, scaled, possibly mirrored, and the way there and back.

Coordinates are continuous: 0 is the left or top edge of the first pixel, in the frame as in the view.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size

Points = NDArray[np.float64]


@lru_cache(maxsize=16)
def fitted_size(frame: Size, view: Size) -> Size:
    """The largest size with the aspect of `frame`, to the nearest pixel, that fits into `view`."""
    scale = min(view.width_px / frame.width_px, view.height_px / frame.height_px)
    return Size(
        min(view.width_px, max(1, round(frame.width_px * scale))),
        min(view.height_px, max(1, round(frame.height_px * scale))),
    )


@dataclass(frozen=True, slots=True)
class Placement:
    """A frame placed in the middle of a view.

    Attributes:
        frame: Size of the frame.
        view: Size of the view.
        is_mirrored: Whether left and right are exchanged in the view.
    """

    frame: Size
    view: Size
    is_mirrored: bool = False

    @property
    def picture(self) -> Size:
        """Size of the part of the view that the frame covers."""
        return fitted_size(self.frame, self.view)

    @property
    def offset_px(self) -> tuple[int, int]:
        """Left and top edge of the picture in the view."""
        picture = self.picture
        return (
            (self.view.width_px - picture.width_px) // 2,
            (self.view.height_px - picture.height_px) // 2,
        )

    def to_view(self, points_px: Points) -> Points:
        """Pixels of the view for pixels of the frame, both of shape (..., 2) as x, y; NaN stays NaN."""
        scale, offset = _scale_and_offset(self)
        return points_px * scale + offset

    def to_frame(self, points_px: Points) -> Points:
        """Pixels of the frame for pixels of the view; undoes `to_view`."""
        scale, offset = _scale_and_offset(self)
        return (points_px - offset) / scale


@lru_cache(maxsize=16)  # frame after frame is placed alike
def _scale_and_offset(placement: Placement) -> tuple[Points, Points]:
    frame, picture = placement.frame, placement.picture
    left, top = placement.offset_px
    scale_x, scale_y = picture.width_px / frame.width_px, picture.height_px / frame.height_px
    if placement.is_mirrored:
        return np.array([-scale_x, scale_y]), np.array([left + picture.width_px, top], float)
    return np.array([scale_x, scale_y]), np.array([left, top], float)
