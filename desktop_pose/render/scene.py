"""What is drawn over a picture for the people in it: lines and dots in pixels, by colour and width.

Pure: knows no Qt. Everything is opaque, because QPainter blends a translucent antialiased line some fifteen
times slower than an opaque one (35 lines: 2.0 against 0.12 ms): what is hardly visible fades to grey and
becomes thin instead. A dark casing keeps the colours apart from light pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import VISIBILITY, Person, X, Y
from desktop_pose.core.topology import BONES, LANDMARK_SIDES, Side, bone_side
from desktop_pose.render.placement import Placement

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

COLOURS: dict[Side, Colour] = {
    Side.LEFT: (230, 159, 0),
    Side.RIGHT: (86, 180, 233),
    Side.CENTRE: (245, 245, 245),
}
"""Orange and sky blue of Okabe and Ito's palette, which people with any colour vision tell apart."""

CASING: Colour = (24, 24, 24)
FADED: Colour = (128, 128, 128)

_LOWEST_VISIBILITY = np.array([0.15, 0.4, 0.65])
"""Where each step of fading begins; below the first nothing is drawn."""

_STRENGTHS = (0.0, 0.3, 0.6, 1.0)
_FULL = len(_STRENGTHS) - 1

_WIDTH_PER_PICTURE = 0.0035
_MIN_WIDTH_PX = 1.5
_DOT_PER_WIDTH = 2.4
_FACE_LANDMARKS = 11
_FACE_DOT_SCALE = 0.55
"""The landmarks of the face lie so close together that dots of full size would hide it."""

_FAR = 8.0
"""A landmark further away than this many pictures is nonsense and not drawn."""

_BONES = np.array(BONES)
_SIDE_ORDER = tuple(Side)
_BONE_SIDES = np.array([_SIDE_ORDER.index(bone_side(bone)) for bone in BONES])
_SIDES = np.array([_SIDE_ORDER.index(side) for side in LANDMARK_SIDES])
_IS_FACE = np.arange(len(LANDMARK_SIDES)) < _FACE_LANDMARKS


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines drawn with one pen.

    Attributes:
        colour: Of the pen.
        width_px: Of the pen.
        ends_px: (n, 4) x and y of one end, x and y of the other.
    """

    colour: Colour
    width_px: float
    ends_px: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Discs of one colour and size.

    Attributes:
        colour: Of the disc.
        diameter_px: Of the disc.
        centres_px: (n, 2) x and y.
    """

    colour: Colour
    diameter_px: float
    centres_px: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything to be drawn: all lines in their order, then all dots in theirs."""

    lines: tuple[Lines, ...]
    dots: tuple[Dots, ...]


def line_width_px(picture: Size) -> float:
    """Width of a line in a picture of this size: in proportion to it, but never a hair."""
    return max(_MIN_WIDTH_PX, _WIDTH_PER_PICTURE * float(np.sqrt(picture.width_px * picture.height_px)))


def build_scene(people: tuple[Person, ...], placement: Placement) -> Scene:
    """The skeletons of `people` in pixels of the placement's view."""
    width_px = line_width_px(placement.picture)
    lines: list[Lines] = []
    dots: list[Dots] = []
    for person in people:
        points_px, steps = _landmarks_in_view(person, placement)
        lines += _bones(points_px, steps, width_px)
        dots += _joints(points_px, steps, width_px * _DOT_PER_WIDTH)
    return Scene(tuple(lines), tuple(dots))


def _landmarks_in_view(person: Person, placement: Placement) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Landmarks in pixels of the view, and their steps of fading: 0 hidden, then from faint to full."""
    fractions = person.landmarks[:, (X, Y)].astype(np.float64)
    steps = np.searchsorted(_LOWEST_VISIBILITY, person.landmarks[:, VISIBILITY], side="right")
    with np.errstate(invalid="ignore"):
        steps[~(np.abs(fractions) < _FAR).all(axis=1)] = 0
    frame = placement.frame
    return placement.to_view(fractions * (frame.width_px, frame.height_px)), steps


def _bones(points_px: NDArray[np.float64], steps: NDArray[np.int64], width_px: float) -> Iterator[Lines]:
    ends_px = points_px[_BONES].reshape(-1, 4)
    bone_steps = steps[_BONES].min(axis=1)
    is_full = bone_steps == _FULL
    groups = list(_groups(bone_steps, _BONE_SIDES))
    yield from (_lines(group, width_px, ends_px) for group in groups if group.step < _FULL)
    if is_full.any():
        yield Lines(CASING, width_px + 2 * _casing_px(width_px), ends_px[is_full])
    yield from (_lines(group, width_px, ends_px) for group in groups if group.step == _FULL)


def _lines(group: "_Group", width_px: float, ends_px: NDArray[np.float64]) -> Lines:
    return Lines(group.colour, width_px * group.scale, ends_px[group.members])


def _joints(points_px: NDArray[np.float64], steps: NDArray[np.int64], diameter_px: float) -> Iterator[Dots]:
    for is_part, part_px in ((_IS_FACE, diameter_px * _FACE_DOT_SCALE), (~_IS_FACE, diameter_px)):
        part_steps = np.where(is_part, steps, 0)
        is_full = part_steps == _FULL
        groups = list(_groups(part_steps, _SIDES))
        yield from (_dots(group, part_px, points_px) for group in groups if group.step < _FULL)
        if is_full.any():
            yield Dots(CASING, part_px + 2 * _casing_px(part_px / _DOT_PER_WIDTH), points_px[is_full])
        yield from (_dots(group, part_px, points_px) for group in groups if group.step == _FULL)


def _dots(group: "_Group", diameter_px: float, points_px: NDArray[np.float64]) -> Dots:
    return Dots(group.colour, diameter_px * group.scale, points_px[group.members])


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Landmarks or bones of the same side and step of fading."""

    step: int
    side: Side
    members: NDArray[np.intp]

    @property
    def colour(self) -> Colour:
        strength = _STRENGTHS[self.step]
        red, green, blue = (
            round(faded + strength * (full - faded))
            for full, faded in zip(COLOURS[self.side], FADED, strict=True)
        )
        return red, green, blue

    @property
    def scale(self) -> float:
        return 0.5 + 0.5 * _STRENGTHS[self.step]


def _groups(steps: NDArray[np.int64], sides: NDArray[np.int64]) -> Iterator[_Group]:
    """What is to be drawn with one pen each, the faintest first."""
    codes = np.where(steps > 0, steps * len(_SIDE_ORDER) + sides, 0)
    for code in sorted(set(codes.tolist()) - {0}):
        step, side = divmod(code, len(_SIDE_ORDER))
        yield _Group(step, _SIDE_ORDER[side], np.flatnonzero(codes == code))


def _casing_px(width_px: float) -> float:
    return max(0.75, 0.3 * width_px)
