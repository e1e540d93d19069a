import pytest
from PySide6.QtCore import QSize

from desktop_pose.ui.first_size import bounded


@pytest.mark.parametrize(
    ("planned", "available", "expected"),
    [
        (QSize(1280, 800), QSize(1920, 1040), QSize(1280, 800)),
        (QSize(1280, 800), QSize(1366, 728), QSize(1280, 692)),
        (QSize(1020, 620), QSize(960, 600), QSize(948, 564)),
    ],
)
def test_a_window_fits_the_screen_with_its_frame_at_first(planned, available, expected):
    assert bounded(planned, available, 24) == expected
