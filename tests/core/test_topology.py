"""The 33 landmarks and the bones between them."""

import re

import pytest

from desktop_pose.core.topology import (
    BONES,
    LANDMARK_COUNT,
    LANDMARK_NAMES,
    LANDMARK_SIDES,
    Side,
    bone_side,
)


def test_names_are_33_distinct_lower_case_words():
    assert LANDMARK_COUNT == 33
    assert len(set(LANDMARK_NAMES)) == 33
    assert all(re.fullmatch(r"[a-z_]+", name) for name in LANDMARK_NAMES)


def test_bones_are_mediapipes_own():
    landmarker = pytest.importorskip("mediapipe.tasks.python.vision.pose_landmarker")
    theirs = {
        frozenset((bone.start, bone.end)) for bone in landmarker.PoseLandmarksConnections.POSE_LANDMARKS
    }
    assert {frozenset(bone) for bone in BONES} == theirs
    assert len(BONES) == len(theirs)


def test_sides_follow_the_names():
    by_name = dict(zip(LANDMARK_NAMES, LANDMARK_SIDES, strict=True))
    assert by_name["nose"] is Side.CENTRE
    assert by_name["mouth_left"] is Side.LEFT
    assert by_name["right_foot_index"] is Side.RIGHT
    assert LANDMARK_SIDES.count(Side.LEFT) == LANDMARK_SIDES.count(Side.RIGHT) == 16


@pytest.mark.parametrize(
    ("first", "second", "side"),
    [
        ("left_shoulder", "left_elbow", Side.LEFT),
        ("right_hip", "right_knee", Side.RIGHT),
        ("left_shoulder", "right_shoulder", Side.CENTRE),
        ("nose", "left_eye_inner", Side.LEFT),
        ("right_eye_inner", "nose", Side.RIGHT),
    ],
)
def test_side_of_a_bone(first, second, side):
    assert bone_side((LANDMARK_NAMES.index(first), LANDMARK_NAMES.index(second))) is side
