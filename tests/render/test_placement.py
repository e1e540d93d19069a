import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.render.placement import Placement, fitted_size


@pytest.mark.parametrize(
    ("frame", "view", "fitted"),
    [
        (Size(1280, 720), Size(1280, 720), Size(1280, 720)),
        (Size(1280, 720), Size(640, 640), Size(640, 360)),
        (Size(1280, 720), Size(1000, 300), Size(533, 300)),
        (Size(720, 1280), Size(800, 640), Size(360, 640)),
        (Size(320, 240), Size(1280, 720), Size(960, 720)),
        (Size(4000, 10), Size(100, 100), Size(100, 1)),
    ],
)
def test_picture_fills_the_view_one_way_and_keeps_its_aspect(frame, view, fitted):
    assert fitted_size(frame, view) == fitted


def test_picture_lies_in_the_middle_of_the_view():
    placement = Placement(Size(1280, 720), Size(640, 640))

    assert placement.offset_px == (0, 140)
    assert placement.to_view(np.array([[0.0, 0.0], [1280.0, 720.0], [640.0, 360.0]])).tolist() == [
        [0, 140],
        [640, 500],
        [320, 320],
    ]


def test_a_mirrored_placement_exchanges_left_and_right_only():
    placement = Placement(Size(100, 50), Size(200, 140), is_mirrored=True)

    assert placement.to_view(np.array([[0.0, 0.0], [100.0, 50.0], [25.0, 10.0]])).tolist() == [
        [200, 20],
        [0, 120],
        [150, 40],
    ]


@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("view", [Size(640, 640), Size(331, 977), Size(1921, 400)])
def test_there_and_back(view, is_mirrored):
    placement = Placement(Size(1279, 719), view, is_mirrored)
    points_px = np.array([[0.0, 0.0], [1279.0, 719.0], [-30.5, 800.25], [np.nan, 5.0]])

    there_and_back = placement.to_frame(placement.to_view(points_px))

    np.testing.assert_allclose(there_and_back, points_px, atol=1e-9)
