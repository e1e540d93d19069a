"""What is drawn over a picture for the people in it: lines and dots in pixels, by colour and width.

Pure: knows no Qt. Everything is opaque, because QPainter blends a translucent antialiased line some fifteen
times slower than an opaque one (35 lines: 2.0 against 0.12 ms): what is hardly visible fades to grey and
becomes thin instead. A dark casing keeps the colours apart from light pictures. People at whom the models
have not looked for some time keep their colours, but their lines become dashes and their dots rings: what is
drawn is where they are expected, not where they were seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import OLD_NS, VISIBILITY, Person, X, Y
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
_CASING = 0.3  # on each side, per width of a line
_MIN_CASING_PX = 0.75
_FACE_LANDMARKS = 11
_FACE_DOT_SCALE = 0.55
"""The landmarks of the face lie so close together that dots of full size would hide it."""

_AGED_NS = 2 * OLD_NS
"""From `OLD_NS` to this the look changes bit by bit: all at once it would flicker with each look."""

_AGED_GAP = 0.5
_AGED_HOLE = 0.6
"""What is left out of an aged line, and the diameter of the hole in an aged dot, in parts of the whole."""

_DASH_PER_WIDTH = 5.0  # from the beginning of one dash to that of the next

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


def build_scene(people: tuple[Person, ...], placement: Placement, age_ns: int = 0) -> Scene:
    """The skeletons of `people` in pixels of the placement's view.

    Args:
        people: Who is drawn.
        placement: Where.
        age_ns: Time since the models last looked at them.
    """
    width_px = line_width_px(placement.picture)
    aged = 0.0 if age_ns <= OLD_NS else min((age_ns - OLD_NS) / (_AGED_NS - OLD_NS), 1.0)
    lines: list[Lines] = []
    dots: list[Dots] = []
    for person in people:
        points_px, steps = _landmarks_in_view(person, placement)
        ends_px = points_px[_BONES].reshape(-1, 4)
        pens = _pens(steps.tobytes())
        person_lines = [Lines(pen.colour, pen.width(width_px), ends_px[pen.members]) for pen in pens.lines]
        person_dots = [Dots(pen.colour, pen.width(width_px), points_px[pen.members]) for pen in pens.dots]
        if aged:
            person_lines = [_dashed(each, _DASH_PER_WIDTH * width_px, aged) for each in person_lines]
            person_dots += [_hole(each, aged) for each in person_dots if each.colour != CASING]
        lines += person_lines
        dots += person_dots
    return Scene(tuple(lines), tuple(dots))


def _dashed(lines: Lines, period_px: float, aged: float) -> Lines:
    """`lines` as dashes, each in the middle of its period; a casing stays whole, and shows between them."""
    if lines.colour == CASING:
        return lines
    starts, ways = lines.ends_px[:, :2], lines.ends_px[:, 2:] - lines.ends_px[:, :2]
    counts = np.maximum(np.rint(np.hypot(ways[:, 0], ways[:, 1]) / period_px), 1).astype(np.intp)
    bone = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(bone)) - np.repeat(np.cumsum(counts) - counts, counts)
    middle, half = (number + 0.5) / counts[bone], 0.5 * (1 - _AGED_GAP * aged) / counts[bone]
    shares = np.stack((middle - half, middle + half), axis=1)
    ends_px = starts[bone, None] + shares[:, :, None] * ways[bone, None]
    return Lines(lines.colour, lines.width_px, ends_px.reshape(-1, 4))


def _hole(dots: Dots, aged: float) -> Dots:
    """What makes `dots` rings."""
    return Dots(CASING, aged * _AGED_HOLE * dots.diameter_px, dots.centres_px)


def _landmarks_in_view(person: Person, placement: Placement) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Landmarks in pixels of the view, and their steps of fading: 0 hidden, then from faint to full."""
    fractions = person.landmarks[:, (X, Y)].astype(np.float64)
    steps = np.searchsorted(_LOWEST_VISIBILITY, person.landmarks[:, VISIBILITY], side="right").astype(np.int8)
    with np.errstate(invalid="ignore"):
        steps[~(np.abs(fractions) < _FAR).all(axis=1)] = 0
    frame = placement.frame
    return placement.to_view(fractions * (frame.width_px, frame.height_px)), steps


@dataclass(frozen=True, slots=True, eq=False)
class _Pen:
    """What is drawn with one colour and width.

    Attributes:
        colour: Of the pen.
        per_line: Its width as a multiple of that of a line.
        casing: What a casing adds on each side, as such a multiple; 0 for what is no casing.
        members: Indices of the bones, or of the landmarks.
    """

    colour: Colour
    per_line: float
    casing: float
    members: NDArray[np.intp]

    def width(self, line_px: float) -> float:
        """Width where a line is `line_px` wide."""
        casing_px = max(_MIN_CASING_PX, self.casing * line_px) if self.casing else 0.0
        return self.per_line * line_px + 2 * casing_px


@dataclass(frozen=True, slots=True, eq=False)
class _Pens:
    """The pens of one person, in the order in which they draw."""

    lines: tuple[_Pen, ...]
    dots: tuple[_Pen, ...]


@lru_cache(maxsize=256)
def _pens(steps: bytes) -> _Pens:
    """The pens for landmarks of these steps of fading, which from frame to frame hardly ever change."""
    of_landmarks = np.frombuffer(steps, np.int8)
    of_bones = of_landmarks[_BONES].min(axis=1)
    dots: list[_Pen] = []
    for is_part, scale in ((_IS_FACE, _FACE_DOT_SCALE), (~_IS_FACE, 1.0)):
        dots += _cased(np.where(is_part, of_landmarks, 0), _SIDES, _DOT_PER_WIDTH * scale, _CASING * scale)
    return _Pens(tuple(_cased(of_bones, _BONE_SIDES, 1.0, _CASING)), tuple(dots))


def _cased(
    steps: NDArray[np.int8], sides: NDArray[np.int64], per_line: float, casing: float
) -> Iterator[_Pen]:
    """A pen for each side and step of fading, the faintest first, and a casing below what is fully seen."""
    is_cased = False
    codes = np.where(steps > 0, steps * len(_SIDE_ORDER) + sides, 0)
    for code in sorted(set(codes.tolist()) - {0}):
        step, side = divmod(code, len(_SIDE_ORDER))
        if step == _FULL and not is_cased:
            is_cased = True
            yield _Pen(CASING, per_line, casing, np.flatnonzero(steps == _FULL))
        strength = _STRENGTHS[step]
        yield _Pen(
            _faded(COLOURS[_SIDE_ORDER[side]], strength),
            per_line * (0.5 + 0.5 * strength),
            0.0,
            np.flatnonzero(codes == code),
        )


def _faded(colour: Colour, strength: float) -> Colour:
    red, green, blue = (
        round(faded + strength * (full - faded)) for full, faded in zip(colour, FADED, strict=True)
    )
    return red, green, blue
