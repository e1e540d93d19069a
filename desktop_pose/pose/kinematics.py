"""Joint angles from world landmarks: pure functions of arrays, for one person or for a whole recording.

`docs/angles.md` says of each angle where it is zero, which way it counts and how far it goes. None can jump
by a full circle, because none is taken from a direction in a plane: each is the angle between two
directions in space (0 to 180 degrees), or such an angle with a sign, shared out between forwards and
sideways, or the height of a direction above a plane (-90 to 90).

Source: definitions after Wu et al., ISB recommendation on joint coordinate systems, J. Biomech. 35 (2002)
543-548 and 38 (2005) 981-992, as far as single points on a body allow.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from desktop_pose.core.poses import VISIBILITY, FloatArray, Person
from desktop_pose.core.topology import ANGLE_COUNT, ANGLE_NAMES, LANDMARK_NAMES

DEFAULT_MIN_VISIBILITY = 0.5

_Vectors: TypeAlias = NDArray[np.float64]
"""(..., 3) metres or unit vectors; NaN where undefined."""
_Numbers: TypeAlias = NDArray[np.float64]

_SHORTEST_M = 1e-6
"""A bone shorter than this has no direction."""
_UP = np.array((0.0, -1.0, 0.0))  # y grows downwards

_TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_LANDMARKS_BY_ANGLE: dict[str, tuple[str, ...]] = {
    **{
        f"{side}_{angle}": (*(f"{side}_{name}" for name in names), *others)
        for side in ("left", "right")
        for angle, names, others in (
            ("shoulder_elevation", ("elbow",), _TRUNK),
            ("elbow_flexion", ("shoulder", "elbow", "wrist"), ()),
            ("wrist_flexion", ("elbow", "wrist", "index", "pinky"), ()),
            ("hip_flexion", ("knee",), _TRUNK),
            ("knee_flexion", ("hip", "knee", "ankle"), ()),
            ("ankle_dorsiflexion", ("knee", "ankle", "heel", "foot_index"), ()),
        )
    },
    "trunk_lean": _TRUNK,
    "neck_flexion": ("left_ear", "right_ear", *_TRUNK),
    "pelvis_lateral_tilt": ("left_hip", "right_hip"),
}
_NEEDED = np.zeros((ANGLE_COUNT, len(LANDMARK_NAMES)), bool)
for _row, _name in zip(_NEEDED, ANGLE_NAMES, strict=True):
    _row[[LANDMARK_NAMES.index(landmark) for landmark in _LANDMARKS_BY_ANGLE[_name]]] = True


def angles_of(
    person: Person, *, min_visibility: float = DEFAULT_MIN_VISIBILITY, raw: bool = False
) -> FloatArray:
    """The joint angles of `person`, (15,) float32 degrees in the order of `ANGLE_NAMES`; see `angles`.

    Args:
        person: From a tracker.
        min_visibility: Below it a landmark counts as unseen.
        raw: Take the landmarks from before smoothing; all NaN where the backend gives none.
    """
    landmarks, world = (person.raw_landmarks, person.raw_world) if raw else (person.landmarks, person.world)
    if landmarks is None or world is None:
        return np.full(ANGLE_COUNT, np.nan, np.float32)
    return angles(world, landmarks[:, VISIBILITY], min_visibility=min_visibility)


def angles(
    world: ArrayLike,
    visibility: ArrayLike | None = None,
    *,
    min_visibility: float = DEFAULT_MIN_VISIBILITY,
) -> FloatArray:
    """The joint angles of people.

    Args:
        world: (..., 33, 3) metres: x to the picture's right, y down, z away from the camera. Any number of
            leading axes: frames, people.
        visibility: (..., 33), 0 to 1; None: everything is visible.
        min_visibility: Below it a landmark counts as unseen.

    Returns:
        (..., 15) float32 degrees in the order of `ANGLE_NAMES`; NaN where a landmark that the angle needs is
        unseen or not finite, and where the bones have no length or leave the direction open.

    Raises:
        ValueError: An array has another shape.
    """
    points = np.array(world, np.float64)
    if points.shape[-2:] != (len(LANDMARK_NAMES), 3):
        raise ValueError(f"world landmarks have the shape {points.shape}, not (..., 33, 3)")
    is_seen: NDArray[np.bool_] = np.asarray(np.isfinite(points).all(axis=-1))
    if visibility is not None:
        visible = np.asarray(visibility)
        if visible.shape != is_seen.shape:
            raise ValueError(f"visibility has the shape {visible.shape}, not {is_seen.shape}")
        is_seen &= visible >= min_visibility
    points[~is_seen] = 0.0
    result = np.degrees(np.stack(_angles_rad(points), axis=-1))
    is_known = ~(_NEEDED & ~is_seen[..., None, :]).any(axis=-1)
    return np.where(is_known, result, np.nan).astype(np.float32)


def _angles_rad(points: _Vectors) -> list[_Numbers]:
    """All angles, in the order of `ANGLE_NAMES`."""

    def at(name: str) -> _Vectors:
        place: _Vectors = points[..., LANDMARK_NAMES.index(name), :]
        return place

    def between(first: str, second: str) -> _Vectors:
        return (at(first) + at(second)) / 2

    shoulders, hips = between("left_shoulder", "right_shoulder"), between("left_hip", "right_hip")
    trunk = _unit(shoulders - hips)
    to_left = _unit(at("left_hip") - at("right_hip"))
    pelvis = _Frame(to_left, trunk)
    neck = _Frame(_unit(at("left_shoulder") - at("right_shoulder")), trunk)
    by_side = [_limbs_rad(points, side, trunk, pelvis) for side in ("left", "right")]
    return [
        *(angle for both in zip(*by_side, strict=True) for angle in both),
        _between(trunk, np.broadcast_to(_UP, trunk.shape)),
        neck.forwards(_unit(between("left_ear", "right_ear") - shoulders), neck.up),
        _above(to_left, _UP),
    ]


def _limbs_rad(points: _Vectors, side: str, trunk: _Vectors, pelvis: "_Frame") -> list[_Numbers]:
    """Shoulder, elbow, wrist, hip, knee and ankle of one side."""

    def bone(start: str, end: str) -> _Vectors:
        first, last = (LANDMARK_NAMES.index(f"{side}_{name}") for name in (start, end))
        return _unit(points[..., last, :] - points[..., first, :])

    upper_arm, forearm = bone("shoulder", "elbow"), bone("elbow", "wrist")
    thigh, shank = bone("hip", "knee"), bone("knee", "ankle")
    knuckles = bone("wrist", "index"), bone("wrist", "pinky")
    palm = np.cross(*knuckles) if side == "right" else np.cross(*knuckles[::-1])
    return [
        _between(upper_arm, -trunk),
        _between(upper_arm, forearm),
        -_above(forearm, _unit(palm)),
        pelvis.forwards(thigh, -pelvis.up),
        _between(thigh, shank),
        _between(shank, bone("heel", "foot_index")) - np.pi / 2,
    ]


class _Frame:
    """Axes of a part of the body: to its left, up along the trunk, and forwards, at right angles.

    Args:
        to_left: (..., 3) unit vectors, kept as they are.
        up: (..., 3) unit vectors, of which what lies along `to_left` is taken away.
    """

    def __init__(self, to_left: _Vectors, up: _Vectors) -> None:
        self._to_left = to_left
        self._forwards = _unit(np.cross(to_left, up))
        self.up: _Vectors = np.cross(self._forwards, to_left)

    def forwards(self, direction: _Vectors, rest: _Vectors) -> _Numbers:
        """The part of the angle from `rest` to `direction` that is turned forwards, -pi to pi.

        The angle in space is shared out like the two sides of a right triangle: all of it for a turn straight
        forwards, none for one straight to the side. It stays continuous but at the opposite of `rest`.
        """
        forwards, aside = _dot(direction, self._forwards), _dot(direction, self._to_left)
        away = np.hypot(forwards, aside)
        share = np.divide(forwards, away, out=np.ones_like(away), where=away != 0)
        angle: _Numbers = np.arctan2(away, _dot(direction, rest)) * share
        return angle


def _dot(first: _Vectors, second: _Vectors) -> _Numbers:
    product: _Numbers = (first * second).sum(axis=-1)
    return product


def _unit(vectors: _Vectors) -> _Vectors:
    """`vectors` with length 1; NaN for those without a direction."""
    lengths = np.sqrt(_dot(vectors, vectors))[..., None]
    return np.divide(vectors, lengths, out=np.full_like(vectors, np.nan), where=lengths > _SHORTEST_M)


def _between(first: _Vectors, second: _Vectors) -> _Numbers:
    """Angle between unit vectors, 0 to pi, exact at both ends."""
    across = np.cross(first, second)
    angle: _Numbers = np.arctan2(np.sqrt(_dot(across, across)), _dot(first, second))
    return angle


def _above(direction: _Vectors, normal: _Vectors) -> _Numbers:
    """Angle of unit vectors above the plane with this unit normal, -pi/2 to pi/2."""
    angle: _Numbers = np.arcsin(np.clip(_dot(direction, normal), -1, 1))
    return angle
