import cv2
import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.pose.detector import DetectionDecoder, anchor_centres, suppressed
from tests.pose.clips import SQUATS

SQUARE = Size(224, 224)
COUNT = 2254


def output(*people):
    """Raw output with (anchor, logit, box pixels relative to the anchor, centre, scale point) per person."""
    boxes, logits = np.zeros((COUNT, 12), np.float32), np.full((COUNT, 1), -50, np.float32)
    for anchor, logit, box, centre, scale in people:
        logits[anchor] = logit
        boxes[anchor, 0:4] = box
        boxes[anchor, 4:6], boxes[anchor, 6:8] = centre, scale
    return boxes, logits


def test_anchors_are_the_centres_of_the_cells_of_three_grids():
    anchors = anchor_centres()
    assert anchors.shape == (COUNT, 2)
    np.testing.assert_allclose(anchors[:2] * 224, [(4, 4)] * 2, atol=1e-4)
    np.testing.assert_allclose(anchors[2] * 224, (12, 4), atol=1e-4)  # x runs first
    np.testing.assert_allclose(anchors[2 * 28 * 28] * 224, (8, 8), atol=1e-4)
    np.testing.assert_allclose(anchors[-6:] * 224, [(208, 208)] * 6, atol=1e-4)


def test_nobody():
    assert DetectionDecoder().regions(*output(), SQUARE) == []


def test_a_person_relative_to_the_anchor():
    # The last anchor lies at (208, 208).
    found = DetectionDecoder().regions(
        *output((COUNT - 1, 3.0, (0, 0, 20, 20), (-100, -80), (-100, -130))), SQUARE
    )
    roi = found[0].roi(SQUARE)
    assert (roi.centre_x_px, roi.centre_y_px) == pytest.approx((108, 128), abs=1e-3)
    assert roi.size_px == pytest.approx(125, abs=1e-3)
    assert roi.rotation_rad == pytest.approx(0, abs=1e-6)


def test_the_most_certain_comes_first():
    left = (0, 1.0, (0, 0, 20, 20), (40, 100), (40, 70))
    right = (COUNT - 1, 2.0, (0, 0, 20, 20), (-40, -100), (-40, -130))
    found = DetectionDecoder().regions(*output(left, right), SQUARE)
    assert [round(region.roi(SQUARE).centre_x_px) for region in found] == [168, 44]


@pytest.mark.parametrize("logit", [-0.01, -1000.0, np.nan])
def test_an_unlikely_person_is_none(logit):
    assert DetectionDecoder().regions(*output((5, logit, (0, 0, 9, 9), (0, 0), (0, -9))), SQUARE) == []


def test_an_overflowing_logit_is_certain():
    assert DetectionDecoder().regions(*output((5, 1e6, (0, 0, 9, 9), (0, 0), (0, -9))), SQUARE)


def test_a_box_turned_inside_out_is_dropped():
    assert DetectionDecoder().regions(*output((5, 4.0, (0, 0, -9, 9), (0, 0), (0, -9))), SQUARE) == []


def test_boxes_of_the_same_thing_are_averaged_by_their_scores():
    boxes = np.array(
        [(0.5, 0.5, 0.4, 0.4, 10), (0.52, 0.5, 0.4, 0.4, 20), (0.1, 0.1, 0.1, 0.1, 7)], np.float32
    )
    merged = suppressed(boxes, np.array([0.9, 0.6, 0.8], np.float32))
    np.testing.assert_allclose(merged[0], (0.508, 0.5, 0.4, 0.4, 14), atol=1e-6)
    np.testing.assert_allclose(merged[1], boxes[2], atol=1e-6)


def test_mediapipes_own_expectation_for_its_test_picture(networks):
    """Golden: tasks/testdata/vision/pose_expected_expanded_rect.pbtxt, made from another JPEG of it."""
    path = SQUATS.with_name("pose.jpg")
    if not path.exists():
        pytest.skip(f"{path} is not beside this checkout")
    (region,) = networks.detect(cv2.imread(str(path)))
    assert region.centre_x_norm == pytest.approx(0.49192297, abs=1e-3)
    assert region.centre_y_norm == pytest.approx(0.7013345, abs=1e-3)
    assert region.width_norm == pytest.approx(0.6317167, abs=1e-3)
    assert region.height_norm == pytest.approx(0.9471016, abs=1e-3)
    assert region.rotation_rad == pytest.approx(-0.029253244, abs=2e-3)
