"""Pictures are saved whole or not at all."""

import pytest
from PySide6.QtGui import QImage

from desktop_pose.render.saving import save_image


@pytest.fixture
def image():
    image = QImage(32, 24, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    return image


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".PNG"])
def test_saves_by_suffix(image, tmp_path, suffix):
    path = tmp_path / f"picture{suffix}"
    assert save_image(image, path)
    assert QImage(str(path)).size() == image.size()


def test_an_unknown_suffix_leaves_what_is_there(image, tmp_path):
    path = tmp_path / "precious.txt"
    path.write_text("precious")
    assert not save_image(image, path)
    assert path.read_text() == "precious"
    assert [each.name for each in tmp_path.iterdir()] == ["precious.txt"]


def test_a_folder_that_is_not_there(image, tmp_path):
    assert not save_image(image, tmp_path / "gone" / "picture.png")


def test_a_folder_of_that_name(image, tmp_path):
    path = tmp_path / "picture.png"
    path.mkdir()
    assert not save_image(image, path)
