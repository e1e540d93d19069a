"""Expectations are read off figures built joint by joint: bones of known length in known directions."""

import numpy as np
import pytest

from desktop_pose.core.poses import Person
from desktop_pose.core.topology import ANGLE_COUNT, ANGLE_NAMES, LANDMARK_NAMES
from desktop_pose.pose.kinematics import angles, angles_of

DOWN, UP = np.array((0.0, 1, 0)), np.array((0.0, -1, 0))
FORWARDS = np.array((0.0, 0, -1))  # the figure faces the camera
LEFT, RIGHT = np.array((1.0, 0, 0)), np.array((-1.0, 0, 0))  # the figure's own
OUTWARDS = {"left": LEFT, "right": RIGHT}
SIDES = ("left", "right")


def turned(vector, axis, degrees):
    """`vector` turned about `axis` by the right-hand rule."""
    angle = np.radians(degrees)
    return (
        vector * np.cos(angle)
        + np.cross(axis, vector) * np.sin(angle)
        + axis * np.dot(axis, vector) * (1 - np.cos(angle))
    )


def figure(*, trunk=UP, head=UP, hips=LEFT, shoulders=LEFT, **limbs):
    """A figure with bones in given directions, (33, 3); anatomical position where nothing is said.

    Limbs, each with `left_` or `right_` or for both sides: `upper_arm`, `forearm`, `hand`, `thumb_side`,
    `thigh`, `shank`, `foot`.
    """

    def limb(side, name, default):
        return limbs.get(f"{side}_{name}", limbs.get(name, default))

    points = {name: np.zeros(3) for name in LANDMARK_NAMES}
    neck = 0.5 * trunk
    points["left_ear"], points["right_ear"] = (neck + 0.25 * head + 0.08 * way for way in (LEFT, RIGHT))
    for side, way in zip(SIDES, (1, -1), strict=True):
        hip, shoulder = 0.1 * way * hips, neck + 0.2 * way * shoulders
        elbow = shoulder + 0.3 * limb(side, "upper_arm", DOWN)
        wrist = elbow + 0.25 * limb(side, "forearm", DOWN)
        hand = wrist + 0.09 * limb(side, "hand", DOWN)
        thumb_side = limb(side, "thumb_side", OUTWARDS[side])
        knee = hip + 0.45 * limb(side, "thigh", DOWN)
        ankle = knee + 0.42 * limb(side, "shank", DOWN)
        heel = ankle + 0.05 * DOWN
        joints = {
            "hip": hip, "shoulder": shoulder, "elbow": elbow, "wrist": wrist,
            "index": hand + 0.03 * thumb_side, "pinky": hand - 0.03 * thumb_side,
            "knee": knee, "ankle": ankle, "heel": heel,
            "foot_index": heel + 0.2 * limb(side, "foot", FORWARDS),
        }  # fmt: skip
        points |= {f"{side}_{name}": place for name, place in joints.items()}
    return np.stack([points[name] for name in LANDMARK_NAMES])


def named(world, visibility=None, **options):
    return dict(zip(ANGLE_NAMES, angles(world, visibility, **options).tolist(), strict=True))


def expect(world, **wanted):
    """The angles named are as wanted, with `left_` or `right_` or for both sides; all others are zero."""
    for name, value in named(world).items():
        plain = name.removeprefix("left_").removeprefix("right_")
        assert value == pytest.approx(wanted.get(name, wanted.get(plain, 0)), abs=1e-3), name


def of_other_side(name):
    return name.replace("left", "@").replace("right", "left").replace("@", "right")


def mirrored(world):
    return (world * (-1, 1, 1))[[LANDMARK_NAMES.index(of_other_side(name)) for name in LANDMARK_NAMES]]


def random_rotation(seed):
    matrix, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((3, 3)))
    return matrix * np.sign(np.linalg.det(matrix))


def lively(seed=1):
    """Somebody in the middle of a movement, other left than right."""
    random = np.random.default_rng(seed)
    return figure(shank=turned(DOWN, LEFT, -40), forearm=turned(DOWN, LEFT, 50)) + random.normal(
        0, 0.03, (33, 3)
    )


def test_the_anatomical_position_is_all_zeros():
    expect(figure())


def test_a_t_pose():
    expect(
        figure(
            left_upper_arm=LEFT, left_forearm=LEFT, left_hand=LEFT, left_thumb_side=UP,
            right_upper_arm=RIGHT, right_forearm=RIGHT, right_hand=RIGHT, right_thumb_side=UP,
        ),
        shoulder_elevation=90,
    )  # fmt: skip


def test_arms_overhead():
    expect(figure(upper_arm=UP, forearm=UP, hand=UP), shoulder_elevation=180)


def test_sitting_with_the_forearms_on_a_table():
    expect(
        figure(thigh=FORWARDS, forearm=FORWARDS, hand=FORWARDS), hip_flexion=90, knee_flexion=90,
        elbow_flexion=90,
    )  # fmt: skip


def test_a_deep_squat():
    # Thighs 20 degrees below the horizontal, shanks 30 degrees forwards, the trunk leaning 40 degrees.
    expect(
        figure(
            trunk=turned(UP, LEFT, 40), head=turned(UP, LEFT, 40), thigh=turned(DOWN, LEFT, -70),
            shank=turned(DOWN, LEFT, 30), upper_arm=turned(DOWN, LEFT, 40), forearm=turned(DOWN, LEFT, 40),
            hand=turned(DOWN, LEFT, 40),
        ),
        hip_flexion=110, knee_flexion=100, ankle_dorsiflexion=30, trunk_lean=40,
    )  # fmt: skip


@pytest.mark.parametrize("degrees", [-25, 60, 120])
def test_hip_flexion_counts_forwards_and_extension_is_negative(degrees):
    thigh = turned(DOWN, LEFT, -degrees)
    seen = named(figure(left_thigh=thigh, left_shank=thigh))
    assert seen["left_hip_flexion"] == pytest.approx(degrees, abs=1e-3)
    assert seen["right_hip_flexion"] == pytest.approx(0, abs=1e-3)


def test_a_leg_lifted_straight_to_the_side_is_not_flexed():
    thigh = turned(DOWN, FORWARDS, -60)
    assert named(figure(left_thigh=thigh))["left_hip_flexion"] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("degrees", [-70, -20, 35, 80])
def test_the_wrist_flexes_towards_the_palm_and_extends_towards_its_back(side, degrees):
    hand = turned(DOWN, LEFT, -degrees)  # the palm faces forwards
    assert named(figure(hand=hand))[f"{side}_wrist_flexion"] == pytest.approx(degrees, abs=1e-3)


def test_bending_the_wrist_to_the_thumb_is_no_flexion():
    hand, thumb_side = turned(DOWN, FORWARDS, -20), turned(LEFT, FORWARDS, -20)
    seen = named(figure(left_hand=hand, left_thumb_side=thumb_side))
    assert seen["left_wrist_flexion"] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("degrees", [-45, 20])
def test_the_ankle_counts_upwards(degrees):
    foot = turned(FORWARDS, LEFT, -degrees)
    expect(figure(foot=foot), ankle_dorsiflexion=degrees)


@pytest.mark.parametrize("degrees", [-50, 45])
def test_the_neck_flexes_forwards_and_extends_backwards(degrees):
    expect(figure(head=turned(UP, LEFT, degrees)), neck_flexion=degrees)


@pytest.mark.parametrize("axis", [LEFT, RIGHT, FORWARDS])
def test_the_trunk_leans_whichever_way(axis):
    assert named(figure(trunk=turned(UP, axis, 30)))["trunk_lean"] == pytest.approx(30, abs=1e-3)


def test_the_pelvis_tilts_up_on_the_left():
    assert named(figure(hips=turned(LEFT, FORWARDS, 12)))["pelvis_lateral_tilt"] == pytest.approx(
        12, abs=1e-3
    )


def test_in_the_mirror_left_is_right_and_the_pelvis_tilts_the_other_way():
    here, there = named(lively()), named(mirrored(lively()))
    for name, value in here.items():
        sign = -1 if name == "pelvis_lateral_tilt" else 1
        assert there[of_other_side(name)] == pytest.approx(sign * value, abs=1e-3), name


@pytest.mark.parametrize("seed", range(4))
def test_joints_do_not_depend_on_where_the_person_is_size_or_turn(seed):
    moved = lively() @ random_rotation(seed).T * 1.7 + (3, -2, 5)
    here, there = named(lively()), named(moved)
    for name in (*ANGLE_NAMES[:12], "neck_flexion"):
        assert there[name] == pytest.approx(here[name], abs=2e-3), name


def test_lean_and_tilt_do_not_depend_on_which_way_the_person_faces():
    facing_away = lively() * (-1, 1, -1)
    np.testing.assert_allclose(angles(facing_away), angles(lively()), atol=1e-3)


SWEEPS = {
    "arms in circles forwards": (lambda a: figure(upper_arm=turned(DOWN, LEFT, a)), 360),
    "arms in circles sideways": (lambda a: figure(left_upper_arm=turned(DOWN, FORWARDS, a)), 360),
    "elbow": (lambda a: figure(forearm=turned(DOWN, LEFT, -a)), 360),
    "knee": (lambda a: figure(shank=turned(DOWN, LEFT, a)), 360),
    "hand": (lambda a: figure(hand=turned(DOWN, LEFT, 85 - a)), 170),
    "leg forwards": (lambda a: figure(thigh=turned(DOWN, LEFT, 40 - a)), 200),
    "leg in a cone": (lambda a: figure(thigh=turned(turned(DOWN, LEFT, -50), DOWN, a)), 360),
    "leg sideways past the split": (lambda a: figure(left_thigh=turned(DOWN, FORWARDS, -a)), 130),
    "foot": (lambda a: figure(foot=turned(FORWARDS, LEFT, a)), 360),
    "head in a cone": (lambda a: figure(head=turned(turned(UP, LEFT, 50), UP, a)), 360),
    "cartwheel": (lambda a: figure() @ np.stack([turned(e, FORWARDS, a) for e in np.eye(3)]), 360),
    "somersault": (lambda a: figure() @ np.stack([turned(e, LEFT, a) for e in np.eye(3)]), 360),
    "turn": (lambda a: lively() @ np.stack([turned(e, UP, a) for e in np.eye(3)]), 360),
}


@pytest.mark.parametrize("name", SWEEPS)
def test_nothing_jumps_while_a_joint_goes_through_its_range(name):
    pose_at, reach = SWEEPS[name]
    run = angles(np.stack([pose_at(degrees) for degrees in np.arange(0, reach + 0.5, 0.5)]))
    assert np.isfinite(run).all()
    assert np.abs(np.diff(run, axis=0)).max() < 1.3


def test_ranges_hold_for_any_points_whatever():
    many = angles(np.random.default_rng(0).normal(0, 1, (20000, 33, 3)))
    low, high = many.min(axis=0), many.max(axis=0)
    ranges = {
        "shoulder_elevation": (0, 180), "elbow_flexion": (0, 180), "wrist_flexion": (-90, 90),
        "hip_flexion": (-180, 180), "knee_flexion": (0, 180), "ankle_dorsiflexion": (-90, 90),
        "trunk_lean": (0, 180), "neck_flexion": (-180, 180), "pelvis_lateral_tilt": (-90, 90),
    }  # fmt: skip
    for index, name in enumerate(ANGLE_NAMES):
        least, most = ranges[name.removeprefix("left_").removeprefix("right_")]
        assert least <= low[index] <= high[index] <= most, name


def test_frames_and_people_are_computed_at_once_as_one_by_one():
    world = np.random.default_rng(0).normal(0, 0.3, (4, 2, 33, 3)).astype(np.float32)
    visibility = np.random.default_rng(1).uniform(0.3, 1, (4, 2, 33)).astype(np.float32)
    run = angles(world, visibility)
    assert run.shape == (4, 2, ANGLE_COUNT)
    assert run.dtype == np.float32
    for place in np.ndindex(4, 2):
        np.testing.assert_allclose(run[place], angles(world[place], visibility[place]), atol=1e-4)
    assert angles(world[:0], visibility[:0]).shape == (0, 2, ANGLE_COUNT)


NEEDS = {
    "left_ear": {"neck_flexion"},
    "nose": set(),
    "right_elbow": {"right_shoulder_elevation", "right_elbow_flexion", "right_wrist_flexion"},
    "left_wrist": {"left_elbow_flexion", "left_wrist_flexion"},
    "right_pinky": {"right_wrist_flexion"},
    "left_thumb": set(),
    "left_shoulder": {
        "left_shoulder_elevation", "right_shoulder_elevation", "left_elbow_flexion", "left_hip_flexion",
        "right_hip_flexion", "trunk_lean", "neck_flexion",
    },
    "right_hip": {
        "left_shoulder_elevation", "right_shoulder_elevation", "left_hip_flexion", "right_hip_flexion",
        "right_knee_flexion", "trunk_lean", "neck_flexion", "pelvis_lateral_tilt",
    },
    "left_knee": {"left_hip_flexion", "left_knee_flexion", "left_ankle_dorsiflexion"},
    "left_ankle": {"left_knee_flexion", "left_ankle_dorsiflexion"},
    "right_heel": {"right_ankle_dorsiflexion"},
    "right_foot_index": {"right_ankle_dorsiflexion"},
}  # fmt: skip


@pytest.mark.parametrize("landmark", NEEDS)
@pytest.mark.parametrize("hidden", ["invisible", "nan", "infinite"])
def test_what_needs_an_unseen_landmark_is_nan_and_nothing_else(landmark, hidden):
    world, visibility = lively(), np.ones(33, np.float32)
    index = LANDMARK_NAMES.index(landmark)
    if hidden == "invisible":
        visibility[index] = 0.49
    else:
        world[index, 1] = np.nan if hidden == "nan" else -np.inf
    unknown = {name for name, value in named(world, visibility).items() if np.isnan(value)}
    assert unknown == NEEDS[landmark]


def test_the_threshold_is_an_argument_and_itself_visible():
    visibility = np.full(33, 0.5)
    assert np.isfinite(angles(lively(), visibility)).all()
    assert np.isnan(angles(lively(), visibility, min_visibility=0.51)).all()
    assert np.isfinite(angles(lively(), visibility * 0, min_visibility=0)).all()
    assert np.isnan(angles(lively(), np.full(33, np.nan))).all()


def test_bones_without_length_give_nan_without_a_warning():
    assert np.isnan(angles(np.zeros((33, 3)))).all()
    seen = named(figure(left_forearm=np.zeros(3)))
    assert {name for name, value in seen.items() if np.isnan(value)} == {
        "left_elbow_flexion", "left_wrist_flexion",
    }  # fmt: skip


def test_where_the_body_leaves_forwards_open_what_counts_forwards_is_nan():
    seen = named(figure(trunk=LEFT))  # the trunk lies along the line of the hips and of the shoulders
    assert {name for name, value in seen.items() if np.isnan(value)} == {
        "left_hip_flexion", "right_hip_flexion", "neck_flexion",
    }  # fmt: skip


def test_what_is_given_stays_as_it_is():
    world = lively()
    world.flags.writeable = False
    angles(world, np.zeros(33))


@pytest.mark.parametrize(("world", "visibility"), [((33, 2), None), ((32, 3), None), ((5, 33, 3), (33,))])
def test_other_shapes_are_refused(world, visibility):
    with pytest.raises(ValueError, match="shape"):
        angles(np.zeros(world), None if visibility is None else np.zeros(visibility))


def person(raw_world):
    landmarks = np.ones((33, 5), np.float32)
    landmarks[LANDMARK_NAMES.index("left_ear"), 3] = 0.1
    world = figure(thigh=FORWARDS).astype(np.float32)
    raw = None if raw_world is None else landmarks.copy()
    return Person(0, landmarks, world, raw, raw_world, 1.0)


def test_the_angles_of_a_person():
    seen = dict(zip(ANGLE_NAMES, angles_of(person(figure().astype(np.float32))), strict=True))
    assert seen["left_hip_flexion"] == pytest.approx(90, abs=1e-3)
    assert np.isnan(seen["neck_flexion"])
    everything = angles_of(person(None), min_visibility=0.1)
    assert np.isfinite(everything).all()


def test_raw_angles_are_those_of_the_raw_landmarks_where_there_are_any():
    raw = angles_of(person(figure().astype(np.float32)), raw=True)
    assert raw[ANGLE_NAMES.index("left_hip_flexion")] == pytest.approx(0, abs=1e-3)
    assert np.isnan(angles_of(person(None), raw=True)).all()


def test_the_names_are_of_both_sides_in_turns():
    assert len(ANGLE_NAMES) == ANGLE_COUNT == 15
    for left, right in zip(ANGLE_NAMES[:12:2], ANGLE_NAMES[1:12:2], strict=True):
        assert (left.split("_")[0], right.split("_")[0]) == SIDES
        assert left.removeprefix("left_") == right.removeprefix("right_")
