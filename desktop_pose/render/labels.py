"""The ids shown at people's heads: what is written where, in pixels of the view. Pure: knows no Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FramePoses, Person, X, Y
from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.render.placement import Placement
from desktop_pose.render.scene import line_width_px

_NOSE = LANDMARK_NAMES.index("nose")
_SHOULDERS = [LANDMARK_NAMES.index(f"{side}_shoulder") for side in ("left", "right")]

_HEIGHT_PER_WIDTH = 7.0
"""Height of a label in widths of the skeleton's lines."""

_MIN_HEIGHT_PX = 16.0
_ABOVE_NOSE = 0.9
"""Distance of a label's middle beyond the nose, in distances from the shoulders to the nose."""


@dataclass(frozen=True, slots=True)
class Label:
    """A person's id.

    Attributes:
        text: The id.
        x_px: Middle.
        y_px: Middle.
        height_px: Of the whole label.
        is_locked: Whether the tracker is locked on this person.
    """

    text: str
    x_px: float
    y_px: float
    height_px: float
    is_locked: bool


def build_labels(poses: FramePoses, placement: Placement) -> tuple[Label, ...]:
    """A label for everybody in `poses`, beyond the head and within the picture."""
    return tuple(_labels(poses, placement))


def _labels(poses: FramePoses, placement: Placement) -> Iterable[Label]:
    height_px = max(_MIN_HEIGHT_PX, _HEIGHT_PER_WIDTH * line_width_px(placement.picture))
    low = np.array(placement.offset_px) + height_px / 2
    picture = placement.picture
    high = low + np.array((picture.width_px, picture.height_px)) - height_px
    for person in poses.people:
        beyond_px = placement.to_view(_beyond_head(person, placement.frame))
        if np.isfinite(beyond_px).all():
            x_px, y_px = np.clip(beyond_px, low, np.maximum(low, high)).tolist()
            yield Label(str(person.id), x_px, y_px, height_px, person.id == poses.locked_id)


def _beyond_head(person: Person, frame: Size) -> np.ndarray:
    """The point beyond the head, away from the shoulders, in pixels of the frame, (2,)."""
    points_px = person.landmarks[:, (X, Y)].astype(np.float64) * (frame.width_px, frame.height_px)
    nose, shoulders = points_px[_NOSE], points_px[_SHOULDERS].mean(axis=0)
    beyond: np.ndarray = nose + _ABOVE_NOSE * (nose - shoulders)
    return beyond
