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
_LEFT_AND_MINUS_RIGHT = np.array(((1.0,), (-1.0,)))
_BOTH = {
    name.removeprefix("left_"): [index, LANDMARK_NAMES.index(name.replace("left", "right"))]
    for index, name in enumerate(LANDMARK_NAMES)
    if name.startswith("left_")
}
"""Rows of the left and the right landmark of each pair."""
_BONES = (
    ("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "index"), ("wrist", "pinky"),
    ("hip", "knee"), ("knee", "ankle"), ("heel", "foot_index"),
)  # fmt: skip
_STARTS, _ENDS = (np.array([_BOTH[bone[end]] for bone in _BONES]).T for end in range(2))  # (2, bones)

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
    shoulders, hips, ears = (points[..., _BOTH[name], :] for name in ("shoulder", "hip", "ear"))
    neck_base = shoulders.mean(axis=-2)
    trunk = _unit(neck_base - hips.mean(axis=-2))
    to_left = _unit(hips[..., 0, :] - hips[..., 1, :])
    neck = _Frame(_unit(shoulders[..., 0, :] - shoulders[..., 1, :]), trunk)
    limbs = _limbs_rad(points, trunk[..., None, :], _Frame(to_left[..., None, :], trunk[..., None, :]))
    return [
        *(angle[..., side] for angle in limbs for side in range(2)),
        _between(trunk, _UP),
        neck.forwards(_unit(ears.mean(axis=-2) - neck_base), neck.up),
        _above(to_left, _UP),
    ]


def _limbs_rad(points: _Vectors, trunk: _Vectors, pelvis: "_Frame") -> list[_Numbers]:
    """Shoulder, elbow, wrist, hip, knee and ankle, each (..., 2): left and right."""
    bones = _unit(points[..., _ENDS, :] - points[..., _STARTS, :])
    upper_arm, forearm, to_index, to_pinky, thigh, shank, foot = (
        bones[..., number, :] for number in range(len(_BONES))
    )
    # Pinky, index finger and palm are a right-handed screw on the left, and a left-handed one on the right.
    palm = _unit(_cross(to_pinky, to_index) * _LEFT_AND_MINUS_RIGHT)
    return [
        _between(upper_arm, -trunk),
        _between(upper_arm, forearm),
        -_above(forearm, palm),
        pelvis.forwards(thigh, -pelvis.up),
        _between(thigh, shank),
        _between(shank, foot) - np.pi / 2,
    ]


class _Frame:
    """Axes of a part of the body: to its left, up along the trunk, and forwards, at right angles.

    Args:
        to_left: (..., 3) unit vectors, kept as they are.
        up: (..., 3) unit vectors, of which what lies along `to_left` is taken away.
    """

    def __init__(self, to_left: _Vectors, up: _Vectors) -> None:
        self._to_left = to_left
        self._forwards = _unit(_cross(to_left, up))
        self.up = _cross(self._forwards, to_left)

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
    product: _Numbers = np.einsum("...i,...i->...", first, second)
    return product


def _cross(first: _Vectors, second: _Vectors) -> _Vectors:
    """Vector product; `numpy.cross` takes three times as long for one pair."""
    product = np.empty(np.broadcast_shapes(first.shape, second.shape))
    for axis, (one, other) in enumerate(((1, 2), (2, 0), (0, 1))):
        product[..., axis] = first[..., one] * second[..., other] - first[..., other] * second[..., one]
    return product


def _length(vectors: _Vectors) -> _Numbers:
    length: _Numbers = np.sqrt(_dot(vectors, vectors))
    return length


def _unit(vectors: _Vectors) -> _Vectors:
    """`vectors` with length 1; NaN for those without a direction."""
    lengths = _length(vectors)[..., None]
    lengths[lengths <= _SHORTEST_M] = np.nan
    return vectors / lengths


def _between(first: _Vectors, second: _Vectors) -> _Numbers:
    """Angle between unit vectors, 0 to pi, exact at both ends (W. Kahan's formula)."""
    angle: _Numbers = 2 * np.arctan2(_length(first - second), _length(first + second))
    return angle


def _above(direction: _Vectors, normal: _Vectors) -> _Numbers:
    """Angle of unit vectors above the plane with this unit normal, -pi/2 to pi/2."""
    angle: _Numbers = np.arcsin(np.clip(_dot(direction, normal), -1, 1))
    return angle
