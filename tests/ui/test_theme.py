import pytest
from PySide6.QtGui import QColor, QPalette

from desktop_pose.ui.theme import CURVES, subdued

LIGHT, DARK = QColor(239, 239, 239), QColor(45, 45, 48)


def luminance(colour):
    def linear(share):
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one, other):
    lower, higher = sorted((luminance(one), luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("ground", [QColor("white"), QColor(30, 30, 32)])
def test_curves_stand_out_on_light_and_on_dark(curve, ground):
    assert contrast(QColor(curve), ground) >= 3


@pytest.mark.parametrize("window", [LIGHT, DARK])
def test_captions_are_readable_on_light_and_on_dark(window):
    assert contrast(subdued(QPalette(window, window)), window) >= 4.5
