import math

import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Roi
from desktop_pose.pose.landmarks import ModelOutput, decode, refined
from desktop_pose.pose.roi import region_of_roi

SIZE = Size(640, 480)
SURE, SILENT = 6.0, -30.0


def heatmap():
    return np.full((64, 64, 39), SILENT, np.float32)


def points(x, y):
    return np.tile(np.array([(x, y)], np.float32), (35, 1))


def model_output(presence=0.9, **columns):
    landmarks = np.zeros((39, 5), np.float32)
    landmarks[:, :2] = 128
    landmarks[34, 1] = 64  # the scale point lies above the centre
    for column, value in columns.items():
        landmarks[:33, int(column[1:])] = value
    world = np.tile(np.array([(0.0, -1.0, 0.2)], np.float32), (39, 1))
    return ModelOutput(landmarks, presence, heatmap(), world)


def test_a_peak_draws_the_point_to_its_cell():
    blob = heatmap()
    blob[30, 22] = SURE
    np.testing.assert_allclose(
        refined(points(20.5 / 64, 31.5 / 64), blob), points(22 / 64, 30 / 64), atol=1e-6
    )


def test_two_equal_peaks_draw_it_between_them():
    blob = heatmap()
    blob[30, 20] = blob[30, 23] = SURE
    assert refined(points(21.5 / 64, 30.5 / 64), blob)[0, 0] * 64 == pytest.approx(21.5, abs=1e-4)


def test_a_peak_four_cells_away_is_out_of_reach():
    blob = heatmap()
    blob[30, 24] = SURE
    start = points(20.5 / 64, 30.5 / 64)
    np.testing.assert_array_equal(refined(start, blob), start)


def test_an_unsure_heatmap_moves_nothing():
    blob = heatmap()
    blob[30, 22] = -0.1
    start = points(20.5 / 64, 30.5 / 64)
    np.testing.assert_array_equal(refined(start, blob), start)


@pytest.mark.parametrize("start", [(-0.1, 0.5), (0.5, 1.0), (1.3, 0.5), (0.5, -2.0)])
def test_points_outside_the_heatmap_stay(start):
    assert (
        refined(points(*start), np.full((64, 64, 39), SURE, np.float32)).tolist() == points(*start).tolist()
    )


def test_at_the_edge_only_cells_inside_count():
    blob = np.full((64, 64, 39), 20.0, np.float32)
    # From the corner cell the kernel covers the cells 0 to 3, whose mean is 1.5.
    np.testing.assert_allclose(refined(points(0.001, 0.001), blob), points(1.5 / 64, 1.5 / 64), atol=1e-6)


def test_each_landmark_has_its_own_layer():
    blob = heatmap()
    blob[30, 22, 7] = SURE
    moved = refined(points(20.5 / 64, 30.5 / 64), blob)
    assert np.flatnonzero(moved[:, 0] != np.float32(20.5 / 64)).tolist() == [7]


@pytest.mark.parametrize("presence", [0.5, 0.2, math.nan])
def test_nobody_where_the_model_is_not_sure(presence):
    assert decode(model_output(presence), region_of_roi(Roi(320, 240, 256, 0), SIZE), SIZE) is None


def test_the_middle_of_the_crop_is_the_middle_of_the_region():
    pose = decode(model_output(), region_of_roi(Roi(320, 120, 256, 0.4), SIZE), SIZE)
    np.testing.assert_allclose(pose.landmarks[:, :2], [(0.5, 0.25)] * 33, atol=1e-6)
    assert pose.score == 0.9


def test_depth_has_the_scale_of_x():
    pose = decode(model_output(_2=-128), region_of_roi(Roi(320, 240, 320, 0), SIZE), SIZE)
    np.testing.assert_allclose(pose.landmarks[:, 2], -0.25, atol=1e-6)  # half of 320 of 640 pixels


def test_visibility_and_presence_become_probabilities():
    pose = decode(model_output(_3=math.log(3), _4=-math.log(3)), region_of_roi(Roi(9, 9, 9, 0), SIZE), SIZE)
    np.testing.assert_allclose(pose.landmarks[:, 3], 0.75, atol=1e-6)
    np.testing.assert_allclose(pose.landmarks[:, 4], 0.25, atol=1e-6)


def test_the_next_region_follows_the_auxiliary_points():
    pose = decode(model_output(), region_of_roi(Roi(320, 240, 256, math.pi / 2), SIZE), SIZE)
    roi = pose.next_region.roi(SIZE)
    assert (roi.centre_x_px, roi.centre_y_px) == pytest.approx((320, 240), abs=1e-3)
    assert roi.size_px == pytest.approx(160, abs=1e-3)  # twice 64 crop pixels and a quarter
    assert roi.rotation_rad == pytest.approx(math.pi / 2, abs=1e-5)
    np.testing.assert_allclose(pose.world[0], (1.0, 0.0, 0.2), atol=1e-6)
