"""Folders of images in every state."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from desktop_pose.capture.image_folder import ImageFolder, natural_order
from desktop_pose.capture.protocol import BadFrameError
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Size
from tests.capture.conftest import SMALL, unprivileged
from tests.support.pictures import encode, number_of, numbered_pictures


def write_images(folder: Path, names: list[str], size: Size = SMALL) -> None:
    for name, picture in zip(names, numbered_pictures(size, len(names)), strict=True):
        assert cv2.imwrite(str(folder / name), picture)


def numbers_of(source: ImageFolder) -> list[int | None]:
    """The numbers in the pictures, None for a bad one."""
    numbers: list[int | None] = []
    while source.grab():
        try:
            numbers.append(number_of(source.retrieve()))
        except BadFrameError:
            numbers.append(None)
    return numbers


def test_every_format_in_the_order_people_number_them(tmp_path: Path):
    names = ["2.png", "3.JPG", "10.bmp", "11.webp", "20.tiff", "100.jpeg"]
    write_images(tmp_path, names)
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "5.png").mkdir()
    source = ImageFolder(tmp_path)
    source.open()
    assert source.info.frame_count == 6
    assert numbers_of(source) == [0, 1, 2, 3, 4, 5]


def test_natural_order():
    names = ["b1", "a10", "A9", "a9b", "a09", "a", "10", "9", "²"]
    assert sorted(names, key=natural_order) == ["9", "10", "a", "A9", "a09", "a9b", "a10", "b1", "²"]


def test_names_of_any_script(tmp_path: Path):
    folder = tmp_path / "Übung 体操"
    folder.mkdir()
    (folder / "größe.jpg").write_bytes(encode(next(numbered_pictures(SMALL, 1))))
    source = ImageFolder(folder)
    source.open()
    assert source.info.name == "Übung 体操"
    assert numbers_of(source) == [0]


def test_rate_sets_the_times(tmp_path: Path):
    write_images(tmp_path, [f"{number}.png" for number in range(4)])
    source = ImageFolder(tmp_path, fps=3)
    source.open()
    times_ns = []
    while source.grab():
        times_ns.append(source.media_ns)
    assert times_ns == [0, 333_333_333, 666_666_666, 1_000_000_000]


@pytest.mark.parametrize("broken", [0, 1, 3])
def test_a_broken_image_is_one_bad_frame(tmp_path: Path, broken: int):
    write_images(tmp_path, [f"{number}.png" for number in range(4)])
    content = (tmp_path / "2.png").read_bytes()
    (tmp_path / f"{broken}.png").write_bytes(content[:20] + bytes(200))
    source = ImageFolder(tmp_path)
    source.open()
    assert source.info.size == SMALL
    assert numbers_of(source) == [None if number == broken else number for number in range(4)]


def test_an_empty_image_is_one_bad_frame(tmp_path: Path):
    write_images(tmp_path, ["0.png", "1.png"])
    (tmp_path / "1.png").write_bytes(b"")
    source = ImageFolder(tmp_path)
    source.open()
    assert numbers_of(source) == [0, None]


def test_an_image_that_is_taken_away_is_a_bad_frame(tmp_path: Path):
    write_images(tmp_path, ["0.png", "1.png"])
    source = ImageFolder(tmp_path)
    source.open()
    (tmp_path / "1.png").unlink()
    assert numbers_of(source) == [0, None]


def test_an_image_of_another_size_is_a_bad_frame(tmp_path: Path):
    write_images(tmp_path, ["0.png", "1.png"])
    cv2.imwrite(str(tmp_path / "2.png"), np.zeros((10, 20, 3), np.uint8))
    source = ImageFolder(tmp_path)
    source.open()
    source.grab()
    source.grab()
    source.grab()
    with pytest.raises(BadFrameError, match="20x10 and not 320x240"):
        source.retrieve()


def test_grey_and_transparent_images_become_colour(tmp_path: Path):
    cv2.imwrite(str(tmp_path / "0.png"), np.full((10, 20), 7, np.uint8))
    cv2.imwrite(str(tmp_path / "1.png"), np.full((10, 20, 4), 9, np.uint8))
    source = ImageFolder(tmp_path)
    source.open()
    for value in (7, 9):
        source.grab()
        picture = source.retrieve()
        assert picture.shape == (10, 20, 3)
        assert (picture == value).all()


class TestRefusal:
    def test_missing(self, tmp_path: Path):
        with pytest.raises(SourceError, match="There is no folder"):
            ImageFolder(tmp_path / "missing").open()

    def test_empty(self, tmp_path: Path):
        with pytest.raises(SourceError, match="holds no image"):
            ImageFolder(tmp_path).open()

    def test_broken_images_alone(self, tmp_path: Path):
        (tmp_path / "0.jpg").write_bytes(b"no image")
        with pytest.raises(SourceError, match="holds no image"):
            ImageFolder(tmp_path).open()

    def test_unreadable(self, open_folder: Path):
        folder = open_folder / "secret"
        folder.mkdir()
        write_images(folder, ["0.png"])
        folder.chmod(0)
        with unprivileged(), pytest.raises(SourceError, match="cannot be read"):
            ImageFolder(folder).open()
        folder.chmod(0o700)
