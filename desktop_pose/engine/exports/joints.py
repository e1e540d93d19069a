"""The skeleton that a BVH file moves: joints with parents, and how they are turned in a sample.

At rest the person stands with the arms spread (a T), looking along z, up is y and the person's left is x, as
programs for animation have it: the axes of world landmarks turned by half a circle about x. Joints that are
no landmark lie in the middle of two. `Spine` and `Neck` lie where their parents do: they let the trunk and
the neck point where they point, however hips and shoulders are turned.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.topology import LANDMARK_NAMES

Vectors = NDArray[np.float64]
"""(..., 3) in the axes above."""
Rotations = NDArray[np.float64]
"""(..., 3, 3), columns are where the axes at rest go."""
Direction = tuple[float, float, float]
"""A unit vector at rest."""

_TO_ANIMATION = np.array((1.0, -1.0, -1.0))
_SHORTEST_M = 1e-6

_LEFT, _RIGHT, _UP, _DOWN, _FORWARDS, _NOWHERE = (
    (1.0, 0.0, 0.0),
    (-1.0, 0.0, 0.0),
    (0.0, 1.0, 0.0),
    (0.0, -1.0, 0.0),
    (0.0, 0.0, 1.0),
    (0.0, 0.0, 0.0),
)
_HIPS, _SHOULDERS, _EARS = (
    ("left_hip", "right_hip"),
    ("left_shoulder", "right_shoulder"),
    ("left_ear", "right_ear"),
)


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint, or the end of the last bone.

    Attributes:
        name: What it is called.
        parent: Name of the joint it hangs on; None for the root.
        place: The landmarks whose middle it is.
        rest: Where it lies seen from its parent at rest.
        aim: How it is turned: first so that one direction is exact, then so that another is as near as it can
            be. Each is the direction at rest, and the landmarks from whose middle to whose middle it points.
            None: like its parent, and then the shortest way to where its child is.
        is_end: Whether it only ends a bone and does not turn.
    """

    name: str
    parent: str | None
    place: tuple[str, ...]
    rest: Direction
    aim: tuple["Aim", "Aim"] | None = None
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Aim:
    """A direction of the body: `rest` at rest, from the middle of `start` to that of `end` in a sample."""

    rest: Direction
    start: tuple[str, ...]
    end: tuple[str, ...]


def _leftwards(sides: tuple[str, str]) -> Aim:
    return Aim(_LEFT, sides[1:], sides[:1])


def _arm(side: str, rest: Direction) -> tuple[Joint, ...]:
    name = side.capitalize()
    return (
        Joint(f"{name}Arm", "Chest", (f"{side}_shoulder",), rest),
        Joint(f"{name}ForeArm", f"{name}Arm", (f"{side}_elbow",), rest),
        Joint(f"{name}Hand", f"{name}ForeArm", (f"{side}_wrist",), rest),
        Joint(f"{name}HandEnd", f"{name}Hand", (f"{side}_index", f"{side}_pinky"), rest, is_end=True),
    )


def _leg(side: str, rest: Direction) -> tuple[Joint, ...]:
    name = side.capitalize()
    return (
        Joint(f"{name}UpLeg", "Hips", (f"{side}_hip",), rest),
        Joint(f"{name}Leg", f"{name}UpLeg", (f"{side}_knee",), _DOWN),
        Joint(f"{name}Foot", f"{name}Leg", (f"{side}_ankle",), _DOWN),
        Joint(f"{name}FootEnd", f"{name}Foot", (f"{side}_foot_index",), _FORWARDS, is_end=True),
    )


_TRUNK = Aim(_UP, _HIPS, _SHOULDERS)

JOINTS: tuple[Joint, ...] = (
    Joint("Hips", None, _HIPS, _NOWHERE, (_leftwards(_HIPS), _TRUNK)),
    Joint("Spine", "Hips", _HIPS, _NOWHERE, (_TRUNK, _leftwards(_HIPS))),
    Joint("Chest", "Spine", _SHOULDERS, _UP, (_leftwards(_SHOULDERS), _TRUNK)),
    Joint("Neck", "Chest", _SHOULDERS, _NOWHERE, (Aim(_UP, _SHOULDERS, _EARS), _leftwards(_SHOULDERS))),
    Joint("Head", "Neck", _EARS, _UP, (Aim(_FORWARDS, _EARS, ("nose",)), _leftwards(_EARS))),
    Joint("HeadEnd", "Head", ("nose",), _FORWARDS, is_end=True),
    *_arm("left", _LEFT),
    *_arm("right", _RIGHT),
    *_leg("left", _LEFT),
    *_leg("right", _RIGHT),
)
"""Parents before their children, each followed by all that hangs on it: the order of the file."""

_ONLY_CHILD = {joint.parent: joint for joint in JOINTS if joint.parent is not None}


def lengths_m(world: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each of `JOINTS` is from its parent.

    Args:
        world: (n, 33, 3) world landmarks.

    Returns:
        (n, joints) metres; NaN stays NaN.
    """
    by_name = {joint.name: joint for joint in JOINTS}
    parents = [joint if joint.parent is None else by_name[joint.parent] for joint in JOINTS]
    bones = [
        _middle(world, joint.place) - _middle(world, parent.place)
        for joint, parent in zip(JOINTS, parents, strict=True)
    ]
    lengths: NDArray[np.float64] = np.linalg.norm(np.stack(bones, axis=1), axis=-1)
    return lengths


def rotations_of(world: NDArray[np.float64]) -> dict[str, Rotations]:
    """How each joint that turns is turned against its parent, by name.

    Args:
        world: (n, 33, 3) world landmarks.

    Returns:
        (n, 3, 3) for each joint; NaN where a landmark is, or where a bone has no length.
    """
    turned: dict[str, Rotations] = {}
    against_parent: dict[str, Rotations] = {}
    for joint in JOINTS:
        if joint.is_end:
            continue
        if joint.aim is not None:
            own = _aimed(world, *joint.aim)
        else:
            assert joint.parent is not None
            own = _swung(world, joint, turned[joint.parent])
        turned[joint.name] = own
        if joint.parent is None:
            against_parent[joint.name] = own
        else:
            against_parent[joint.name] = np.swapaxes(turned[joint.parent], -1, -2) @ own
    return against_parent


def _aimed(world: NDArray[np.float64], first: Aim, second: Aim) -> Rotations:
    in_sample = _axes(_direction(world, first), _direction(world, second))
    at_rest = _axes(np.array(first.rest), np.array(second.rest))
    turned: Rotations = in_sample @ at_rest.T
    return turned


def _axes(first: Vectors, second: Vectors) -> Rotations:
    """Axes at right angles: along `first`, at right angles to both, and what is left."""
    across = _unit(np.cross(first, second))
    return np.stack([first, across, np.cross(first, across)], axis=-1)


def _swung(world: NDArray[np.float64], joint: Joint, parent: Rotations) -> Rotations:
    """`parent` turned the shortest way so that the child of `joint` is where it is.

    Source: Rodrigues' formula with the axis not made a unit: R = I + [v] + [v]² / (1 + c).
    """
    child = _ONLY_CHILD[joint.name]
    before = parent @ np.array(child.rest)
    after = _direction(world, Aim(child.rest, joint.place, child.place))
    axis = np.cross(before, after)
    cosine = (before * after).sum(axis=-1)
    x, y, z = axis[..., 0], axis[..., 1], axis[..., 2]
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*x.shape, 3, 3)
    # Straight back there is no shortest way; one near to it is as good.
    swing = np.eye(3) + cross + cross @ cross / np.maximum(1 + cosine, 1e-9)[..., None, None]
    turned: Rotations = swing @ parent
    return turned


def _direction(world: NDArray[np.float64], aim: Aim) -> Vectors:
    return _unit(_middle(world, aim.end) - _middle(world, aim.start))


def _middle(world: NDArray[np.float64], names: tuple[str, ...]) -> Vectors:
    indices = [LANDMARK_NAMES.index(name) for name in names]
    middle: Vectors = world[:, indices].mean(axis=1) * _TO_ANIMATION
    return middle


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vectors = np.divide(
        vectors, lengths, out=np.full_like(vectors, np.nan), where=lengths > _SHORTEST_M
    )
    return unit
