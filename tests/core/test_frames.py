"""Sizes, source kinds and frames."""

import numpy as np
import pytest

from desktop_pose.core.frames import Frame, Size, SourceKind, size_of


def test_size_reads_as_width_by_height():
    assert str(Size(1280, 720)) == "1280x720"


@pytest.mark.parametrize(("width", "height"), [(0, 1), (1, 0), (-3, 4)])
def test_size_without_pixels_is_refused(width, height):
    with pytest.raises(ValueError, match="at least one pixel"):
        Size(width, height)


def test_size_of_a_picture_swaps_rows_and_columns():
    assert size_of(np.zeros((720, 1280, 3), np.uint8)) == Size(1280, 720)


def test_only_cameras_and_streams_are_live():
    assert {kind for kind in SourceKind if kind.is_live} == {SourceKind.CAMERA, SourceKind.STREAM}


def test_frame_makes_its_picture_read_only():
    frame = Frame(0, 0, 0, np.zeros((2, 4, 3), np.uint8))
    assert frame.size == Size(4, 2)
    with pytest.raises(ValueError, match="read-only"):
        frame.image[0, 0, 0] = 1
