import gc

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from desktop_pose.core.clock import StepTimes
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FramePoses
from desktop_pose.core.settings import Background
from desktop_pose.core.topology import Side
from desktop_pose.render.background import PLAIN
from desktop_pose.render.painter import RING, PicturePainter, paint_full
from desktop_pose.render.scene import CASING, COLOURS
from tests.render.support import standing_person

NOBODY = FramePoses(())
BLUE, GREEN, RED, GREY = (255, 0, 0), (0, 255, 0), (0, 0, 255), (60, 60, 60)


def plain(width, height, bgr=GREY):
    return np.full((height, width, 3), bgr, np.uint8)


def quarters(width, height):
    """Blue and green above, red and grey below."""
    image = plain(width, height)
    image[: height // 2, : width // 2] = BLUE
    image[: height // 2, width // 2 :] = GREEN
    image[height // 2 :, : width // 2] = RED
    return image


def rgb(image, x, y):
    return image.pixelColor(int(x), int(y)).getRgb()[:3]


@pytest.mark.parametrize(
    ("frame", "view", "picture"),
    [
        (Size(64, 48), Size(64, 48), Size(64, 48)),
        (Size(64, 48), Size(200, 96), Size(128, 96)),
        (Size(640, 480), Size(100, 90), Size(100, 75)),
        (Size(641, 481), Size(77, 300), Size(77, 58)),
        (Size(1280, 720), Size(320, 180), Size(320, 180)),
    ],
)
def test_the_picture_has_the_fitted_size_and_the_frame_s_colours(frame, view, picture):
    image = PicturePainter().paint(quarters(frame.width_px, frame.height_px), NOBODY, view, mirror=False)

    assert image.format() is QImage.Format.Format_RGB32
    assert (image.width(), image.height()) == (picture.width_px, picture.height_px)
    left, right = 0.25 * image.width(), 0.75 * image.width()
    top, bottom = 0.25 * image.height(), 0.75 * image.height()
    assert rgb(image, left, top) == (0, 0, 255)
    assert rgb(image, right, top) == (0, 255, 0)
    assert rgb(image, left, bottom) == (255, 0, 0)
    assert rgb(image, right, bottom) == (60, 60, 60)
    assert QColor(image.pixel(0, 0)).alpha() == 255


def test_a_mirrored_picture_exchanges_left_and_right():
    image = PicturePainter().paint(quarters(64, 48), NOBODY, Size(64, 48), mirror=True)

    assert rgb(image, 10, 10) == (0, 255, 0)
    assert rgb(image, 50, 10) == (0, 0, 255)
    assert rgb(image, 50, 40) == (255, 0, 0)


@pytest.mark.parametrize(("mirror", "shoulder_x"), [(False, 0.58), (True, 0.42)])
def test_the_skeleton_lies_where_the_landmarks_are(mirror, shoulder_x):
    image = PicturePainter().paint(
        plain(640, 360), FramePoses((standing_person(),)), Size(1280, 720), mirror=mirror
    )

    assert rgb(image, shoulder_x * 1280, 0.25 * 720) == COLOURS[Side.LEFT]
    assert rgb(image, (1 - shoulder_x) * 1280, 0.25 * 720) == COLOURS[Side.RIGHT]
    assert rgb(image, 640, 0.25 * 720) == COLOURS[Side.CENTRE]
    assert rgb(image, 10, 10) == GREY


def test_a_skeleton_of_long_ago_has_gaps_in_its_lines_and_holes_in_its_dots():
    poses = FramePoses((standing_person(),), reused=True, age_ns=900_000_000)
    image = PicturePainter().paint(plain(640, 360), poses, Size(1280, 720), mirror=False)

    assert rgb(image, 0.58 * 1280, 0.25 * 720) == CASING  # the shoulder
    across = [rgb(image, x, 0.25 * 720) for x in range(int(0.44 * 1280), int(0.56 * 1280))]
    assert {COLOURS[Side.CENTRE], CASING} <= set(across)


def test_a_dark_casing_parts_the_skeleton_from_a_white_ground():
    image = PicturePainter().paint(
        plain(1280, 720, (255, 255, 255)), FramePoses((standing_person(),)), Size(1280, 720), mirror=False
    )

    column = [rgb(image, 640, y)[1] for y in range(170, 191)]

    assert column[10] == 245
    assert min(column[:10]) < 110
    assert min(column[11:]) < 110


def test_the_frame_is_never_written_to():
    frame = plain(64, 48)
    frame.flags.writeable = False
    for view in (Size(64, 48), Size(32, 24), Size(128, 96)):
        PicturePainter().paint(frame, FramePoses((standing_person(),)), view, mirror=True)

    assert (frame == GREY).all()


def test_a_frame_with_any_strides_is_accepted():
    turned = np.rot90(quarters(64, 48))

    image = PicturePainter().paint(turned, NOBODY, Size(48, 64), mirror=False)

    assert rgb(image, 10, 10) == (0, 255, 0)


def test_a_picture_stays_until_the_ring_comes_round():
    painter = PicturePainter()
    shades = range(10, 10 + RING)
    pictures = [painter.paint(plain(64, 48, (s, s, s)), NOBODY, Size(64, 48), mirror=False) for s in shades]

    assert [rgb(picture, 5, 5)[0] for picture in pictures] == list(shades)

    painter.paint(plain(64, 48, (99, 99, 99)), NOBODY, Size(64, 48), mirror=False)

    assert [rgb(picture, 5, 5)[0] for picture in pictures] == [99, *shades[1:]]


@pytest.mark.parametrize("mirror", [False, True])
def test_a_picture_begun_before_its_poses_are_known_is_the_same_picture(mirror):
    frame, poses, view = quarters(128, 96), FramePoses((standing_person(),)), Size(64, 48)
    whole, begun = PicturePainter(), PicturePainter()
    laps = StepTimes()

    begun.begin(frame, view, mirror=mirror)
    picture = begun.paint(frame, poses, view, mirror=mirror, probe=laps)

    assert picture == whole.paint(frame, poses, view, mirror=mirror)
    assert set(laps.ns) == {"render"}  # the pixels were not converted again


@pytest.mark.parametrize(
    ("frame", "view", "mirror"),
    [(plain(64, 48, (9, 9, 9)), Size(64, 48), False), (quarters(64, 48), Size(32, 24), False),
     (quarters(64, 48), Size(64, 48), True)],
    ids=["frame", "size", "mirror"],
)  # fmt: skip
def test_what_was_begun_for_another_picture_is_not_shown(frame, view, mirror):
    painter = PicturePainter()

    painter.begin(quarters(64, 48), Size(64, 48), mirror=False)

    assert painter.paint(frame, NOBODY, view, mirror=mirror) == PicturePainter().paint(
        frame, NOBODY, view, mirror=mirror
    )


def test_beginning_a_picture_leaves_those_before_alone():
    painter = PicturePainter()
    shades = range(10, 9 + RING)
    pictures = [painter.paint(plain(64, 48, (s, s, s)), NOBODY, Size(64, 48), mirror=False) for s in shades]

    for shade in (98, 99):
        painter.begin(plain(64, 48, (shade,) * 3), Size(64, 48), mirror=False)

    assert [rgb(picture, 5, 5)[0] for picture in pictures] == list(shades)


def test_a_picture_outlives_its_painter_and_a_change_of_size():
    painter = PicturePainter()
    picture = painter.paint(plain(64, 48, (77, 77, 77)), NOBODY, Size(64, 48), mirror=False)
    for _ in range(2 * RING):
        painter.paint(plain(64, 48), NOBODY, Size(32, 24), mirror=False)
    del painter
    gc.collect()

    assert rgb(picture, 5, 5) == (77, 77, 77)


def test_a_snapshot_is_full_size_and_not_mirrored():
    image = paint_full(quarters(1280, 720), FramePoses((standing_person(),)))

    assert (image.width(), image.height()) == (1280, 720)
    assert rgb(image, 10, 10) == (0, 0, 255)
    assert rgb(image, 0.58 * 1280, 0.25 * 720) == COLOURS[Side.LEFT]


def test_halving_averages_instead_of_skipping():
    stripes = plain(640, 480, (0, 0, 0))
    stripes[:, ::2] = 200

    image = PicturePainter().paint(stripes, NOBODY, Size(160, 120), mirror=False)

    assert rgb(image, 80, 60) == (100, 100, 100)


@pytest.mark.parametrize("mirror", [False, True])
def test_the_background_is_removed_where_the_mask_has_nobody(mirror):
    mask = np.zeros((48, 64), np.uint8)
    mask[:, :32] = 255
    poses = FramePoses((), mask=mask)
    image = PicturePainter().paint(
        quarters(64, 48), poses, Size(64, 48), mirror=mirror, background=Background.REMOVE
    )
    person_x, other_x = (50, 10) if mirror else (10, 50)
    assert rgb(image, person_x, 10) == (0, 0, 255)
    assert rgb(image, other_x, 10) == PLAIN[2::-1]


@pytest.mark.parametrize(
    ("mask", "background"), [(None, Background.REMOVE), (np.zeros((48, 64), np.uint8), None)]
)
def test_without_a_mask_or_a_wish_the_background_stays(mask, background):
    image = paint_full(quarters(64, 48), FramePoses((), mask=mask), background)
    assert rgb(image, 50, 10) == (0, 255, 0)


def test_a_picture_of_the_full_size_has_the_background_asked_for():
    image = paint_full(quarters(64, 48), FramePoses((), mask=np.zeros((48, 64), np.uint8)), Background.REMOVE)
    assert rgb(image, 50, 10) == PLAIN[2::-1]


def test_ids_are_painted_only_where_asked_for_and_show_the_lock(qapp):
    people = (standing_person(),)
    frame, view = plain(640, 360), Size(640, 360)

    def colours(poses, *, shows_ids):
        image = PicturePainter().paint(frame, poses, view, mirror=False, shows_ids=shows_ids)
        return {rgb(image, x, y) for x in range(300, 340) for y in range(30)}

    yellow, dark, light = (240, 228, 66), (24, 24, 24), (245, 245, 245)
    assert colours(FramePoses(people), shows_ids=False) == {GREY}
    assert {dark, light} <= colours(FramePoses(people), shows_ids=True)
    locked = colours(FramePoses(people, locked_id=0), shows_ids=True)
    assert {yellow, dark} <= locked
    assert light not in locked
