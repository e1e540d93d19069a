import pytest
from PySide6.QtGui import QColor, QPalette

from desktop_pose.ui.theme import CURVES, is_dark, subdued

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


@pytest.mark.parametrize(("window", "is_it"), [(LIGHT, False), (DARK, True)])
def test_a_dark_palette_is_told_from_a_light_one(window, is_it):
    palette = QPalette(window, window)

    assert is_dark(palette) is is_it
    assert contrast(subdued(palette), window) >= 4.5
