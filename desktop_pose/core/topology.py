"""The 33 landmarks of a pose: names, sides, and the bones drawn between them.

Source: MediaPipe `tasks/cc/vision/pose_landmarker/pose_landmarks_connections.h` (0.10.31); the order of
the names is the order of the model's output.
"""

from enum import Enum

LANDMARK_NAMES = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
LANDMARK_COUNT = len(LANDMARK_NAMES)

BONES = (
    (0, 1), (1, 2), (2, 3), (3, 7), (0, 4), (4, 5), (5, 6), (6, 8), (9, 10),
    (11, 12), (11, 13), (13, 15), (15, 17), (15, 19), (15, 21), (17, 19),
    (12, 14), (14, 16), (16, 18), (16, 20), (16, 22), (18, 20),
    (11, 23), (12, 24), (23, 24), (23, 25), (24, 26), (25, 27), (26, 28),
    (27, 29), (28, 30), (29, 31), (30, 32), (27, 31), (28, 32),
)  # fmt: skip


class Side(Enum):
    """The side of the person's body, as the person sees it."""

    LEFT = "left"
    RIGHT = "right"
    CENTRE = "centre"


def _side_of_name(name: str) -> Side:
    if name.startswith("left") or name.endswith("left"):
        return Side.LEFT
    if name.startswith("right") or name.endswith("right"):
        return Side.RIGHT
    return Side.CENTRE


LANDMARK_SIDES = tuple(_side_of_name(name) for name in LANDMARK_NAMES)


def bone_side(bone: tuple[int, int]) -> Side:
    """The side both ends of `bone` share; `CENTRE` where they differ; the nose takes the other's."""
    first, second = (LANDMARK_SIDES[index] for index in bone)
    if first is Side.CENTRE:
        return second
    if second is Side.CENTRE or first is second:
        return first
    return Side.CENTRE


ANGLE_NAMES = (
    "left_shoulder_elevation",
    "right_shoulder_elevation",
    "left_elbow_flexion",
    "right_elbow_flexion",
    "left_wrist_flexion",
    "right_wrist_flexion",
    "left_hip_flexion",
    "right_hip_flexion",
    "left_knee_flexion",
    "right_knee_flexion",
    "left_ankle_dorsiflexion",
    "right_ankle_dorsiflexion",
    "trunk_lean",
    "neck_flexion",
    "pelvis_lateral_tilt",
)
"""The joint angles, in degrees; `docs/angles.md` says of each where it is zero and how far it goes."""
ANGLE_COUNT = len(ANGLE_NAMES)
