"""A person standing in the middle of the picture, arms a little away from the body."""

import numpy as np

from desktop_pose.core.poses import Person
from desktop_pose.core.topology import LANDMARK_NAMES

_PLACES = {
    "nose": (0.50, 0.15),
    "shoulder": (0.58, 0.25),
    "elbow": (0.62, 0.36),
    "wrist": (0.64, 0.46),
    "pinky": (0.65, 0.49),
    "index": (0.64, 0.50),
    "thumb": (0.63, 0.48),
    "hip": (0.55, 0.50),
    "knee": (0.56, 0.70),
    "ankle": (0.56, 0.88),
    "heel": (0.55, 0.90),
    "foot_index": (0.58, 0.92),
}


def standing_person(visibility=1.0):
    """A person facing the camera: the person's left is on the right of the picture."""
    landmarks = np.zeros((33, 5), np.float32)
    for row, name in enumerate(LANDMARK_NAMES):
        part = name.removeprefix("left_").removeprefix("right_")
        x, y = _PLACES.get(part, (0.52, 0.14))
        if name.startswith("right") or name.endswith("right"):
            x = 1 - x
        landmarks[row] = (x, y, 0, visibility, 1)
    return Person(0, landmarks, np.zeros((33, 3), np.float32), None, None, 1.0)


def with_landmarks(person, changes):
    """A copy with some landmarks changed: {index: {column: value}}."""
    landmarks = person.landmarks.copy()
    for row, columns in changes.items():
        for column, value in columns.items():
            landmarks[row, column] = value
    return Person(person.id, landmarks, person.world, None, None, person.score)
