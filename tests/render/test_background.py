import cv2
import numpy as np
import pytest

from desktop_pose.core.settings import Background
from desktop_pose.render.background import PLAIN, paint_background

HEIGHT, WIDTH = 240, 400
PERSON = np.s_[60:200, 150:250]


def picture(shape=(HEIGHT, WIDTH)):
    """Stripes behind, somebody red before them."""
    pixels = np.zeros((*shape, 4), np.uint8)
    pixels[:, ::8] = 255
    pixels[..., 3] = 255
    pixels[PERSON] = (0, 0, 255, 255)
    return pixels


def mask(shape=(HEIGHT, WIDTH)):
    made = np.zeros(shape, np.uint8)
    made[PERSON] = 255
    return made


@pytest.mark.parametrize("background", list(Background))
def test_people_stay_as_they_are(background):
    pixels = picture()
    paint_background(pixels, mask(), background, mirror=False)
    np.testing.assert_array_equal(pixels[PERSON], picture()[PERSON])


def test_removed_is_one_colour():
    pixels = picture()
    paint_background(pixels, mask(), Background.REMOVE, mirror=False)
    assert (pixels[mask() == 0] == PLAIN).all()


def test_blurred_keeps_the_brightness_and_nothing_that_is_small():
    pixels = picture()
    paint_background(pixels, mask(), Background.BLUR, mirror=False)
    behind = pixels[mask() == 0]
    assert np.ptp(behind[:, 0].astype(int)) < 40
    assert behind[:, 0].mean() == pytest.approx(255 / 8, rel=0.25)
    assert (behind[:, 3] == 255).all()


def test_peoples_colours_do_not_run_into_the_background():
    pixels = picture()
    paint_background(pixels, mask(), Background.BLUR, mirror=False)
    beside = pixels[100:160, 251:262].astype(int)
    assert np.abs(beside[..., 2] - beside[..., 0]).max() <= 3  # grey, not reddish


def test_half_a_person_is_half_shown():
    pixels = picture()
    paint_background(pixels, mask() // 2, Background.REMOVE, mirror=False)
    person, plain = np.array((0, 0, 255, 255)), np.array(PLAIN)
    np.testing.assert_allclose(pixels[130, 200], (127 * person + 128 * plain) / 255, atol=1)


@pytest.mark.parametrize("background", list(Background))
@pytest.mark.parametrize("value", [0, 255])
def test_nobody_and_nothing_else(background, value):
    pixels = picture()
    paint_background(pixels, np.full((HEIGHT, WIDTH), value, np.uint8), background, mirror=False)
    assert np.array_equal(pixels, picture()) == (value == 255)


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (1000, 2), (91, 181)])
@pytest.mark.parametrize("background", list(Background))
def test_pictures_of_any_size(shape, background):
    pixels = np.full((*shape, 4), 99, np.uint8)
    paint_background(pixels, mask(), background, mirror=False)
    assert pixels.shape == (*shape, 4)


def test_the_mask_is_scaled_to_the_picture():
    pixels = picture()
    paint_background(pixels, cv2.resize(mask(), (WIDTH * 2, HEIGHT * 2)), Background.REMOVE, mirror=False)
    np.testing.assert_array_equal(pixels[64:196, 154:246], picture()[64:196, 154:246])
    assert (pixels[:50, :140] == PLAIN).all()


def test_a_view_of_other_memory_is_painted_in_place():
    """As the painter's canvases are, whose pixels Qt owns."""
    memory = bytearray(picture().tobytes())
    paint_background(
        np.frombuffer(memory, np.uint8).reshape(HEIGHT, WIDTH, 4), mask(), Background.REMOVE, mirror=False
    )
    assert memory[:4] == bytes(PLAIN)


def test_a_mirrored_picture_has_a_mirrored_mask():
    shifted = np.roll(mask(), -80, axis=1)
    pixels = np.ascontiguousarray(np.roll(picture(), -80, axis=1)[:, ::-1])
    expected = pixels.copy()
    paint_background(pixels, shifted, Background.REMOVE, mirror=True)
    is_person = shifted[:, ::-1] > 0
    np.testing.assert_array_equal(pixels[is_person], expected[is_person])
    assert (pixels[~is_person] == PLAIN).all()
