import math

import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Roi
from desktop_pose.pose.roi import (
    WHOLE_PICTURE,
    Region,
    distinct,
    overlap,
    region_of_points,
    region_of_roi,
    to_picture,
    turned_world,
    upright_corners_px,
    without_letterbox,
)

HD = Size(1280, 720)


def norm(points_px, size=HD):
    return np.array(points_px, np.float32) / np.array([size.width_px, size.height_px], np.float32)


def region(x, y, width, height=None, rotation=0.0) -> Region:
    return Region(*map(np.float32, (x, y, width, width if height is None else height, rotation)))


# Where the person's up points in the picture, and the clockwise turn that is.
@pytest.mark.parametrize(
    ("up", "degrees"), [((0, -1), 0), ((1, 0), 90), ((-1, 0), -90), ((1, -1), 45), ((-0.01, 1), -179.4)]
)
def test_a_region_is_turned_as_the_body_is(up, degrees):
    centre = np.array([600, 400])
    found = region_of_points(norm([centre, centre + 80 * np.array(up) / np.hypot(*up)]), HD).roi(HD)
    assert (found.centre_x_px, found.centre_y_px) == pytest.approx((600, 400), abs=1e-3)
    assert found.size_px == pytest.approx(200, abs=1e-3)  # the circle's diameter and a quarter of it
    assert math.degrees(found.rotation_rad) == pytest.approx(degrees, abs=0.1)


def test_a_person_on_the_head_is_turned_by_half_a_circle():
    found = region_of_points(norm([(100, 100), (100, 150)]), HD)
    assert abs(float(found.rotation_rad)) == pytest.approx(math.pi, abs=1e-6)


@pytest.mark.parametrize("points", [[(5, 5), (5, 5)], [(np.nan, 5), (5, 9)], [(5, 5), (np.inf, 5)]])
@pytest.mark.filterwarnings("ignore:invalid value")
def test_points_that_make_no_region(points):
    assert region_of_points(norm(points), HD) is None


def test_mediapipes_own_expectation_for_its_test_picture():
    """Golden: pose_expected_detection.pbtxt, pose_expected_expanded_rect.pbtxt (tasks/testdata/vision)."""
    points = np.array([(0.49192297, 0.7013345), (0.48453212, 0.32265595)], np.float32)
    found = region_of_points(points, Size(1000, 667))
    assert found.centre_x_norm == pytest.approx(0.49192297, abs=1e-6)
    assert found.centre_y_norm == pytest.approx(0.7013345, abs=1e-6)
    assert found.width_norm == pytest.approx(0.6317167, abs=1e-5)
    assert found.height_norm == pytest.approx(0.9471016, abs=1e-5)
    assert found.rotation_rad == pytest.approx(-0.029253244, abs=1e-5)


def test_a_region_in_pixels_and_back():
    roi = Roi(431.5, 222.25, 512.0, -0.7)
    back = region_of_roi(roi, HD).roi(HD)
    assert (back.centre_x_px, back.centre_y_px, back.size_px, back.rotation_rad) == pytest.approx(
        (431.5, 222.25, 512.0, -0.7), rel=1e-6
    )


def test_corners_of_an_upright_region():
    corners = region_of_roi(Roi(100, 60, 40, 0), HD).corners_px(HD)
    np.testing.assert_allclose(corners, [(80, 80), (80, 40), (120, 40), (120, 80)], atol=1e-4)


def test_corners_of_a_region_turned_clockwise():
    corners = region_of_roi(Roi(100, 60, 40, math.pi / 2), HD).corners_px(HD)
    np.testing.assert_allclose(corners, [(80, 40), (120, 40), (120, 80), (80, 80)], atol=1e-4)


def test_the_crops_corners_land_on_the_regions():
    turned = region_of_roi(Roi(700, 300, 333, 0.6), HD)
    corners = to_picture(np.array([(0, 1), (0, 0), (1, 0), (1, 1)], np.float32), turned)
    np.testing.assert_allclose(corners * (1280, 720), turned.corners_px(HD), atol=1e-3)


def test_the_whole_picture_is_left_as_it_is():
    points = np.array([(0.1, 0.9), (0.5, 0.25)], np.float32)
    np.testing.assert_allclose(to_picture(points, WHOLE_PICTURE), points, atol=1e-7)


@pytest.mark.parametrize(
    ("size", "top_left", "bottom_right"),
    [
        (Size(1280, 720), (0, 280 / 1280), (1, 1000 / 1280)),
        (Size(720, 1280), (280 / 1280, 0), (1000 / 1280, 1)),
        (Size(64, 64), (0, 0), (1, 1)),
    ],
)
def test_a_letterbox_is_taken_off(size, top_left, bottom_right):
    corners = without_letterbox(np.array([top_left, bottom_right], np.float32), size)
    np.testing.assert_allclose(corners, [(0, 0), (1, 1)], atol=1e-6)


def test_the_letterbox_square_reaches_over_the_shorter_side():
    np.testing.assert_array_equal(upright_corners_px(HD), [(0, 1000), (0, -280), (1280, -280), (1280, 1000)])


def test_world_landmarks_turn_with_the_picture():
    # The head of somebody lying with it to the right is up in the crop and right in the picture.
    world = np.array([(0, -0.6, 0.1)], np.float32)
    turned = turned_world(world, np.float32(math.pi / 2))
    np.testing.assert_allclose(turned, [(0.6, 0, 0.1)], atol=1e-6)
    np.testing.assert_allclose(turned_world(turned, np.float32(-math.pi / 2)), world, atol=1e-6)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (region(0.5, 0.5, 0.2), 1.0),
        (region(0.6, 0.5, 0.2), 1 / 3),
        (region(0.5, 0.5, 0.1), 0.25),
        (region(0.7, 0.5, 0.2), 0.0),
        (region(0.9, 0.9, 0.2), 0.0),
    ],
)
def test_overlap(other, expected):
    assert overlap(region(0.5, 0.5, 0.2), other) == pytest.approx(expected, abs=1e-5)


def test_a_later_region_takes_the_place_of_the_one_it_overlaps():
    first, aside, again = region(0.3, 0.5, 0.2), region(0.8, 0.5, 0.2), region(0.31, 0.5, 0.2)
    assert distinct([first, aside, again]) == [aside, again]
    assert distinct([]) == []
