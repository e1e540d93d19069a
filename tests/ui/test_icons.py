import pytest
from PySide6.QtGui import QColor

from desktop_pose.core.resources import resources_dir
from desktop_pose.ui.icons import icon, window_icon

NAMES = sorted(path.stem for path in (resources_dir() / "icons").glob("*.svg"))


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_something(qapp, name):
    image = icon(name, QColor(10, 200, 30)).pixmap(32, 32).toImage()

    assert any(image.pixelColor(x, y).alpha() > 200 for x in range(32) for y in range(32))


def test_an_icon_takes_the_colour_of_the_text(qapp):
    image = icon("stop", QColor(10, 200, 30)).pixmap(32, 32).toImage()

    assert image.pixelColor(16, 16).getRgb()[:3] == (10, 200, 30)


def test_the_window_has_an_icon(qapp):
    assert not window_icon().isNull()
