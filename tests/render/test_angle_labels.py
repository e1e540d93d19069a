"""Angles beside the joints: where, and that what is not known is not written."""

import numpy as np

from desktop_pose.core.poses import Person
from desktop_pose.core.topology import ANGLE_NAMES, LANDMARK_NAMES
from desktop_pose.render.angle_labels import draw_angles


def person(**places: tuple[float, float]) -> Person:
    landmarks = np.zeros((33, 5), np.float32)
    landmarks[:, :2] = 9
    for name, place in places.items():
        landmarks[LANDMARK_NAMES.index(name), :2] = place
    return Person(0, landmarks, np.zeros((33, 3), np.float32), None, None, 1.0)


def written(subject: Person, **angles: float) -> np.ndarray:
    """Where a grey picture of 400x400 has changed."""
    pixels = np.full((400, 400, 4), 128, np.uint8)
    values = np.full(len(ANGLE_NAMES), np.nan)
    for name, angle in angles.items():
        values[ANGLE_NAMES.index(name)] = angle
    draw_angles(pixels, subject, values)
    return (pixels != 128).any(axis=2)


def test_it_is_beside_the_joint_away_from_the_other_side() -> None:
    knees = person(left_knee=(0.6, 0.5), right_knee=(0.4, 0.5))
    for name, is_right in (("left_knee_flexion", True), ("right_knee_flexion", False)):
        rows, columns = np.nonzero(written(knees, **{name: 90}))
        assert abs(rows.mean() - 200) < 6
        assert (columns.min() > 240) if is_right else (columns.max() < 160)


def test_what_is_unknown_or_far_away_is_not_written() -> None:
    assert not written(person(left_knee=(0.5, 0.5)), left_knee_flexion=np.nan).any()
    assert not written(person(), left_knee_flexion=90).any()
    assert not written(person(left_knee=(np.nan, 0.5)), left_knee_flexion=90).any()


def test_every_angle_has_its_place() -> None:
    everywhere = person(**dict.fromkeys(LANDMARK_NAMES, (0.5, 0.5)))
    for name in ANGLE_NAMES:
        assert written(everywhere, **{name: 45}).any(), name
