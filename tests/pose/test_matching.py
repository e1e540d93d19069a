import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person, Roi
from desktop_pose.pose.matching import all_distances, distance, is_same_pose, nearest_pairs, place_of

SIZE = Size(200, 100)


def person(points_norm, next_roi=None):
    landmarks = np.zeros((33, 5), np.float32)
    landmarks[:, :2] = points_norm
    return Person(0, landmarks, np.zeros((33, 3), np.float32), None, None, 1.0, next_roi)


def test_the_region_of_interest_is_the_place():
    roi = Roi(1.0, 2.0, 3.0, 0.4)
    assert place_of(person((0.5, 0.5), roi), SIZE) is roi


def test_without_a_region_the_place_is_around_the_hips_and_reaches_the_farthest_landmark():
    somebody = person((0.5, 0.5))
    landmarks = somebody.landmarks.copy()
    landmarks[0, :2] = 0.5, 0.1  # the head, 40 px above the hips
    place = place_of(Person(0, landmarks, somebody.world, None, None, 1.0), SIZE)
    assert (place.centre_x_px, place.centre_y_px) == pytest.approx((100, 50))
    assert place.size_px == pytest.approx(2 * 1.25 * 40)


def test_a_person_in_one_point_has_a_place():
    assert place_of(person((0.0, 0.0)), SIZE).size_px > 0


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Roi(0, 0, 10, 0), 0.0),
        (Roi(3, 4, 10, 1), 0.5),
        (Roi(0, 0, 10 * np.e, 0), 1.0),
        (Roi(10 * np.e, 0, 10 * np.e, 0), 2.0),
    ],
)
def test_distances_are_in_sides(other, expected):
    place = Roi(0, 0, 10, 0)
    assert distance(place, other) == distance(other, place) == pytest.approx(expected)


def test_all_distances_of_nobody_have_a_shape():
    assert all_distances([], [Roi(0, 0, 1, 0)]).shape == (0, 1)
    assert all_distances([Roi(0, 0, 1, 0)], []).shape == (1, 0)


def test_pairs_are_made_nearest_first_and_each_is_taken_once():
    distances = np.array([[0.3, 0.2], [0.9, 0.1], [0.4, 0.5]])
    assert nearest_pairs(distances, limit=0.6) == [(1, 1), (0, 0)]
    assert nearest_pairs(distances, limit=0.2) == [(1, 1)]
    assert nearest_pairs(distances[:0], limit=1) == []
    assert nearest_pairs(np.array([[np.inf]]), limit=np.inf) == []


def test_landmarks_close_to_each_other_are_of_one_body():
    one = person((0.5, 0.5)).landmarks
    near, far = one.copy(), one.copy()
    near[:, 0] += 0.05  # 10 px
    far[:, 1] += 0.15  # 15 px
    assert is_same_pose(one, near, SIZE, side_px=200)
    assert not is_same_pose(one, far, SIZE, side_px=200)
    assert is_same_pose(one, far, SIZE, side_px=400)
