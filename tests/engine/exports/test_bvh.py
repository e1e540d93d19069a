"""BVH, parsed by a parser that is not ours: the bones point where the landmarks say."""

from pathlib import Path

import numpy as np
import pytest
from bvh import Bvh

from desktop_pose.core.poses import Person
from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.engine.exports import export
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses
from tests.recording.conftest import SIZE, make_person

# Where each joint, or the end of its bone, is among the landmarks; apart from the exporter's own table.
PLACES = {
    "Hips": "left_hip right_hip",
    "Chest": "left_shoulder right_shoulder",
    "Head": "left_ear right_ear",
    "Head end": "nose",
    "LeftArm": "left_shoulder",
    "LeftForeArm": "left_elbow",
    "LeftHand": "left_wrist",
    "LeftHand end": "left_index left_pinky",
    "RightArm": "right_shoulder",
    "RightForeArm": "right_elbow",
    "RightHand": "right_wrist",
    "RightHand end": "right_index right_pinky",
    "LeftUpLeg": "left_hip",
    "LeftLeg": "left_knee",
    "LeftFoot": "left_ankle",
    "LeftFoot end": "left_foot_index",
    "RightUpLeg": "right_hip",
    "RightLeg": "right_knee",
    "RightFoot": "right_ankle",
    "RightFoot end": "right_foot_index",
}
BONES = [
    ("Hips", "Chest"), ("Chest", "Head"), ("Head", "Head end"), ("Chest", "LeftArm"),
    ("LeftArm", "LeftForeArm"),
    ("LeftForeArm", "LeftHand"), ("LeftHand", "LeftHand end"), ("Chest", "RightArm"),
    ("RightArm", "RightForeArm"), ("RightForeArm", "RightHand"), ("RightHand", "RightHand end"),
    ("Hips", "LeftUpLeg"), ("LeftUpLeg", "LeftLeg"), ("LeftLeg", "LeftFoot"), ("LeftFoot", "LeftFoot end"),
    ("Hips", "RightUpLeg"), ("RightUpLeg", "RightLeg"), ("RightLeg", "RightFoot"),
    ("RightFoot", "RightFoot end"),
]  # fmt: skip


def turn(axis: str, degrees: float) -> np.ndarray:
    """The right-handed rotation about an axis, as any textbook has it."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array(
        {
            "X": [[1, 0, 0], [0, c, -s], [0, s, c]],
            "Y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
            "Z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
        }[axis]
    )


def posed(file: Bvh, frame: int) -> dict[str, np.ndarray]:
    """The place of every joint and end, by going down the tree."""
    places, turned = {}, {}
    for joint in file.get_joints():
        name = joint.name
        parent = file.joint_parent(name)
        offset = np.array(file.joint_offset(name))
        before = np.eye(3) if parent is None else turned[parent.name]
        places[name] = offset if parent is None else places[parent.name] + before @ offset
        turned[name] = before
        for channel in file.joint_channels(name):
            value = file.frame_joint_channel(frame, name, channel)
            if channel.endswith("rotation"):
                turned[name] = turned[name] @ turn(channel[0], value)
        for end in joint.filter("End"):
            places[f"{name} end"] = places[name] + turned[name] @ np.array([float(x) for x in end["OFFSET"]])
    return places


def expected_direction(person: Person, bone: tuple[str, str]) -> np.ndarray:
    def place(name: str) -> np.ndarray:
        rows = [LANDMARK_NAMES.index(landmark) for landmark in PLACES[name].split()]
        return person.world[rows].mean(axis=0)

    x, y, z = place(bone[1]) - place(bone[0])
    return np.array([x, -y, -z]) / np.linalg.norm([x, y, z])


def exported(tmp_path: Path, frames: list[RecordedFrame]) -> Bvh:
    export(TrackedPoses(SIZE, frames), tmp_path / "x.bvh", "bvh")
    return Bvh((tmp_path / "x.bvh").read_text("utf-8"))


def test_every_bone_points_where_its_landmarks_say(tmp_path: Path) -> None:
    """Limbs in all directions, as no body could hold them: no case is left out."""
    rng = np.random.default_rng(5)
    people = [make_person(rng) for _ in range(30)]
    frames = [
        RecordedFrame(index, index * 40_000_000, False, 0, (each,)) for index, each in enumerate(people)
    ]
    file = exported(tmp_path, frames)
    assert (file.nframes, file.frame_time) == (30, 0.04)
    for number, person in enumerate(people):
        places = posed(file, number)
        for bone in BONES:
            direction = places[bone[1]] - places[bone[0]]
            direction /= np.linalg.norm(direction)
            assert direction == pytest.approx(expected_direction(person, bone), abs=2e-4), bone


def test_bones_have_their_mean_length(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    people = [make_person(rng) for _ in range(5)]
    frames = [
        RecordedFrame(index, index * 40_000_000, False, 0, (each,)) for index, each in enumerate(people)
    ]
    file = exported(tmp_path, frames)
    knee, ankle = (LANDMARK_NAMES.index(f"left_{name}") for name in ("knee", "ankle"))
    lengths_m = [np.linalg.norm(person.world[knee] - person.world[ankle]) for person in people]
    assert np.linalg.norm(file.joint_offset("LeftFoot")) == pytest.approx(100 * np.mean(lengths_m), abs=1e-3)


def test_a_gap_holds_the_pose_before_it(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    first, second = make_person(rng), make_person(rng)
    times = {0: (), 1: (), 2: (first,), 3: (first,), 13: (second,), 14: (second,)}
    frames = [RecordedFrame(index, time * 100_000_000, False, 0, people) for index, (time, people) in
              enumerate(times.items())]  # fmt: skip
    file = exported(tmp_path, frames)
    poses = [tuple(np.mod(np.array(row, float), 360).round(3)) for row in file.frames]
    assert len(poses) == 15
    assert set(poses[:13]) == {poses[2]}
    assert set(poses[13:]) == {poses[14]} != {poses[2]}


def test_no_angle_jumps_by_a_full_turn(tmp_path: Path) -> None:
    """Somebody turns round and round: twice in two seconds."""
    standing = make_person(np.random.default_rng(8))
    frames = []
    for index in range(60):
        turned = (standing.world @ turn("Y", 12 * index)).astype(np.float32)
        person = Person(0, standing.landmarks, turned, None, None, 0.5)
        frames.append(RecordedFrame(index, index * 40_000_000, False, 0, (person,)))
    file = exported(tmp_path, frames)
    yaw = [file.frame_joint_channel(number, "Hips", "Yrotation") for number in range(60)]
    assert np.abs(np.diff(yaw)).max() < 180
