import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person
from desktop_pose.pose.change import Area, ChangeMeter, area_of, brightness, whole_picture

SIZE = Size(640, 480)


def person_between(low, high):
    landmarks = np.zeros((33, 5), np.float32)
    landmarks[:, :2] = np.linspace(low, high, 33)
    return Person(0, landmarks, np.zeros((33, 3), np.float32), None, None, 1.0)


@pytest.fixture
def picture():
    return np.full((480, 640, 3), 120, np.uint8)


def test_the_area_holds_the_person_and_a_margin():
    area = area_of(person_between((0.25, 0.25), (0.5, 0.75)), SIZE)
    assert area.left < 160 < 320 < area.right
    assert area.top < 120 < 360 < area.bottom


@pytest.mark.parametrize(
    ("low", "high"), [((-3, -3), (-2, -2)), ((2, 2), (3, 3)), ((0.5, 0.5), (0.5, 0.5)), ((-1, -1), (2, 2))]
)
@pytest.mark.parametrize("size", [SIZE, Size(16, 16), Size(3, 2)])
def test_the_area_lies_within_the_picture_wherever_the_person_is(low, high, size):
    area = area_of(person_between(low, high), size)
    assert 0 <= area.left < area.right <= size.width_px
    assert 0 <= area.top < area.bottom <= size.height_px
    assert brightness(np.zeros((size.height_px, size.width_px, 3), np.uint8), area).size > 0


def test_nothing_has_changed_in_the_same_picture(picture):
    meter = ChangeMeter()
    meter.remember(picture, [whole_picture(SIZE)])
    assert meter.change(picture.copy()) == 0


def test_nothing_remembered_means_no_change(picture):
    assert ChangeMeter().change(picture) == 0


def test_a_hand_that_moves_a_little_is_seen_and_noise_is_not(picture):
    noise = np.random.default_rng(0)
    meter = ChangeMeter()
    picture[200:240, 200:240] = 200
    meter.remember(picture, [Area(100, 60, 340, 420)])
    noisy = np.clip(picture + noise.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)
    moved = noisy.copy()
    moved[200:240, 200:204], moved[200:240, 240:244] = 120, 200
    assert meter.change(noisy) < 8 < meter.change(moved)


def test_what_happens_elsewhere_does_not_matter(picture):
    meter = ChangeMeter()
    meter.remember(picture, [Area(0, 0, 200, 200)])
    picture[300:] = 0
    assert meter.change(picture) == 0


def test_pictures_of_any_strides_are_looked_at_as_they_are(picture):
    wide = np.zeros((480, 1280, 3), np.uint8)
    wide[:, ::2] = picture
    meter = ChangeMeter()
    meter.remember(picture, [whole_picture(SIZE)])
    assert meter.change(wide[:, ::2]) == 0
