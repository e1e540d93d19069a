"""Clips of several people, made from one: the person of the demo clip, cut out and pasted where wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from desktop_pose.core.frames import Image, size_of
from desktop_pose.core.poses import Person
from desktop_pose.core.topology import BONES
from desktop_pose.pose.protocol import PoseTracker
from tests.pose.clips import Clip, followed, only

_SCALE = 0.5
_BODY = 0.06  # width of a limb in sides of the region of interest, generously
_TRUNK = [11, 12, 24, 23]


@dataclass(frozen=True)
class Cutout:
    """The person in one frame.

    Attributes:
        pixels: Blue, green, red.
        alpha: 1 where the person is, 0 beside it.
        feet: x and y of the middle of the hips in the pixels.
    """

    pixels: Image
    alpha: np.ndarray
    hips: tuple[float, float]


@dataclass(frozen=True)
class Actor:
    """One person of a composed clip; those named later stand in front.

    Attributes:
        x: Place of the hips as a fraction of the canvas's width, by the number of the frame; None: not there.
        y: The same in height.
        scale: Size, 1 as cut out.
        start: Which cut-out the actor begins with; the next frame shows the next one.
        is_mirrored: Left and right exchanged.
    """

    x: Callable[[int], float | None]
    y: float = 0.55
    scale: float = 1.0
    start: int = 0
    is_mirrored: bool = False


def cut_out(tracker: PoseTracker, clip: Clip) -> list[Cutout]:
    """The person in each frame of `clip`, at half size."""
    frames = [
        cv2.resize(frame, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_AREA) for frame in clip.frames
    ]
    return [
        _cut_out(frame, only(poses))
        for frame, poses in zip(frames, followed(tracker, Clip(frames)), strict=True)
    ]


def _cut_out(frame: Image, person: Person) -> Cutout:
    size = size_of(frame)
    points = (person.landmarks[:, :2] * (size.width_px, size.height_px)).astype(np.float64)
    shape = np.zeros(frame.shape[:2], np.uint8)
    body_px = round(_BODY * person.next_roi.size_px)
    whole = [tuple(round(value) for value in point) for point in points.tolist()]
    for one, other in BONES:
        cv2.line(shape, whole[one], whole[other], 255, body_px)
    cv2.fillConvexPoly(shape, np.array([whole[index] for index in _TRUNK]), 255)
    cv2.circle(shape, whole[0], round(1.2 * body_px), 255, -1)
    shape = cv2.GaussianBlur(shape, (0, 0), 2)
    hips = points[23:25].mean(axis=0)
    return Cutout(frame, shape.astype(np.float32)[..., None] / 255, (hips[0], hips[1]))


def composed(cutouts: Sequence[Cutout], actors: Sequence[Actor], frames: int, size: tuple[int, int]) -> Clip:
    """`frames` frames of `size` (width, height) with the actors in front of a plain wall and floor."""
    width, height = size
    wall = np.empty((height, width, 3), np.uint8)
    wall[:] = np.linspace(120, 190, width, dtype=np.uint8)[None, :, None]
    wall[round(0.8 * height) :] //= 2
    clip = []
    for number in range(frames):
        canvas = wall.copy()
        for actor in actors:
            x = actor.x(number)
            if x is not None:
                _paste(canvas, _posed(cutouts, actor, number), actor, x * width)
        clip.append(canvas)
    return Clip(clip)


def _posed(cutouts: Sequence[Cutout], actor: Actor, number: int) -> Cutout:
    """The cut-outs forwards, then backwards, and so on."""
    turn = (actor.start + number) % (2 * len(cutouts) - 2)
    return cutouts[min(turn, 2 * len(cutouts) - 2 - turn)]


def _paste(canvas: Image, cutout: Cutout, actor: Actor, x_px: float) -> None:
    height, width = canvas.shape[:2]
    sign = -1 if actor.is_mirrored else 1
    hips_x, hips_y = cutout.hips
    way = np.array(
        [
            [sign * actor.scale, 0, x_px - sign * actor.scale * hips_x],
            [0, actor.scale, actor.y * height - actor.scale * hips_y],
        ]
    )
    pixels = cv2.warpAffine(cutout.pixels, way, (width, height))
    alpha = cv2.warpAffine(cutout.alpha, way, (width, height))[..., None]
    canvas[:] = np.round(canvas * (1 - alpha) + pixels * alpha)
