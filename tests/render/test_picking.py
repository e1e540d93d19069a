from dataclasses import replace

import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.render.picking import person_at
from tests.render.support import standing_person, with_landmarks

FRAME = Size(1280, 720)
LEFT = with_landmarks(
    standing_person(), {row: {0: standing_person().landmarks[row, 0] - 0.3} for row in range(33)}
)
RIGHT = replace(standing_person(), id=1)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (0.50, 0.40, 1),  # the trunk of the one in the middle
        (0.50, 0.15, 1),  # the head
        (0.64, 0.50, 1),  # a hand
        (0.20, 0.40, 0),
        (0.35, 0.05, None),  # between the two
        (0.95, 0.50, None),
    ],
)
def test_the_person_clicked_is_the_one_there(x, y, expected):
    found = person_at((LEFT, RIGHT), FRAME, np.array([x * 1280, y * 720]))
    assert (None if found is None else found.id) == expected


def test_of_two_close_to_each_other_the_nearer_is_found():
    close = with_landmarks(RIGHT, {row: {0: RIGHT.landmarks[row, 0] + 0.05} for row in range(33)})
    shoulder = np.array([(0.58 + 0.05) * 1280, 0.25 * 720])
    assert person_at((standing_person(), close), FRAME, shoulder).id == 1


def test_nobody_is_found_where_nobody_is_or_landmarks_are_nonsense():
    point = np.array([640.0, 300.0])
    assert person_at((), FRAME, point) is None
    assert person_at((with_landmarks(RIGHT, {3: {0: np.nan}}),), FRAME, point) is None
    in_one_point = with_landmarks(RIGHT, {row: {0: 0.5, 1: 0.5} for row in range(33)})
    assert person_at((in_one_point,), FRAME, point) is None
