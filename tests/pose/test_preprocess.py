import hashlib

import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Roi
from desktop_pose.pose.preprocess import PIXEL_SCALE, Border, Cropper
from desktop_pose.pose.roi import region_of_roi, to_picture, upright_corners_px, without_letterbox

SIDE = 256
# A turned square of 185 pixels that reaches out of the picture.
TURNED = np.array([(20.31, 141.77), (131.07, -6.23), (279.09, 104.53), (168.33, 252.53)], np.float32)


def picture(height=240, width=320):
    y, x = np.mgrid[0:height, 0:width]
    return np.dstack([(x * 7 + y * 3) % 256, (x * y) % 251, (x * x // 16 + y * 5) % 256]).astype(np.uint8)


def cropped(image, corners, border=Border.REPLICATED, low=0.0, high=1.0, side=SIDE):
    out = np.full((side, side, 3), np.nan, np.float32)
    Cropper(side, border, low, high).crop(image, corners, out)
    return out


@pytest.mark.parametrize(
    ("border", "sha256"),
    [
        (Border.REPLICATED, "822a157e1a009212787d12f1c192fe64ade9a3b196ca745f8e73aded8aa5f251"),
        (Border.BLACK, "358aa1c201cad0b7fbed5906432c295c25bb596174df8bccac256378b7cdb5a4"),
    ],
)
def test_the_bytes_are_those_of_warp_perspective_in_opencv_4(border, sha256):
    """Golden: cv2.warpPerspective of opencv-python-headless 4.10.0.84 with the same picture and corners."""
    bgr = np.rint(cropped(picture(), TURNED, border)[..., ::-1] * 255).astype(np.uint8)
    assert hashlib.sha256(np.ascontiguousarray(bgr).tobytes()).hexdigest() == sha256


def test_places_in_the_middle_between_two_steps_go_the_way_they_go_in_opencv_4():
    """Golden as above: corners that make an exact rectangle; the tracker met them on a real clip."""
    corners = np.array(
        [
            (125.082763671875, 1541.26904296875),
            (-242.5833740234375, 499.1136474609375),
            (799.5721435546875, 131.4476318359375),
            (1167.23828125, 1173.60302734375),
        ],
        np.float32,
    )
    bgr = np.rint(cropped(picture(1920, 1080), corners)[..., ::-1] * 255).astype(np.uint8)
    assert (
        hashlib.sha256(np.ascontiguousarray(bgr).tobytes()).hexdigest()
        == "429e2e1fd553a75d7181428aac4bb2047e708f6d65e0c11f3e52de42c08359de"
    )


def test_a_square_of_the_inputs_own_size_is_copied():
    corners = np.array([(10, 266), (10, 10), (266, 10), (266, 266)], np.float32)
    image = picture(300, 300)
    np.testing.assert_allclose(cropped(image, corners) * 255, image[10:266, 10:266, ::-1], atol=1e-3)


def test_channels_are_red_green_blue_and_black_and_white_are_the_ends():
    image = np.zeros((64, 64, 3), np.uint8)
    image[..., 2] = 255
    out = cropped(image, upright_corners_px(Size(64, 64)), low=-1.0, high=1.0)
    np.testing.assert_allclose(out[100, 100], [1, -1, -1], atol=1e-6)


def test_the_border_is_black_or_replicated():
    image = np.full((50, 100, 3), 200, np.uint8)
    corners = upright_corners_px(Size(100, 50))
    assert cropped(image, corners, Border.BLACK)[0, 0].max() == 0
    assert cropped(image, corners, Border.REPLICATED)[0, 0] == pytest.approx(200 / 255)


@pytest.mark.parametrize("rotation", [0.0, 0.5, -2.0, 3.1])
def test_a_dot_found_in_the_crop_projects_back_to_where_it_was_drawn(rotation):
    size = Size(320, 240)
    image = np.zeros((240, 320, 3), np.uint8)
    image[97:104, 177:184] = 255  # centred on pixel (180, 100)
    region = region_of_roi(Roi(160, 120, 190, rotation), size)
    brightness = cropped(image, region.corners_px(size)).sum(axis=2)
    rows, columns = np.indices(brightness.shape)
    seen = np.array([[(columns * brightness).sum(), (rows * brightness).sum()]]) / brightness.sum() / SIDE
    back = to_picture(seen.astype(np.float32), region) * (320, 240)
    np.testing.assert_allclose(back, [(180, 100)], atol=0.05)


@pytest.mark.parametrize("shape", [(240, 320), (320, 240), (224, 224)])
def test_a_dot_found_in_the_letterbox_is_where_it_was_drawn(shape):
    size = Size(shape[1], shape[0])
    image = np.zeros((*shape, 3), np.uint8)
    image[97:104, 177:184] = 255  # centred on pixel (180, 100)
    brightness = cropped(image, upright_corners_px(size), Border.BLACK, side=224).sum(axis=2)
    rows, columns = np.indices(brightness.shape)
    seen = np.array([[(columns * brightness).sum(), (rows * brightness).sum()]]) / brightness.sum() / 224
    back = without_letterbox(seen.astype(np.float32), size) * (size.width_px, size.height_px)
    np.testing.assert_allclose(back, [(180, 100)], atol=0.1)


@pytest.mark.parametrize(
    "view",
    [
        lambda image: image[::2, ::2],
        lambda image: image[:, ::-1],
        lambda image: image[::-1],
        lambda image: np.asfortranarray(image),
        lambda image: image[20:200, 30:290],
        lambda image: image.transpose(1, 0, 2),
        lambda image: image[..., ::-1],
    ],
)
def test_any_strides_give_what_a_copy_gives_and_nothing_is_written(view):
    image = view(picture())
    image.flags.writeable = False
    before = image.copy()
    np.testing.assert_array_equal(cropped(image, TURNED), cropped(before, TURNED))
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize("size_px", [0.5, 16, 1e5, 1e8])
@pytest.mark.parametrize("shape", [(16, 16), (16, 4000), (4000, 16)])
def test_regions_of_any_size_fill_the_input(size_px, shape):
    size = Size(shape[1], shape[0])
    image = np.full((*shape, 3), 128, np.uint8)
    out = cropped(image, region_of_roi(Roi(8, 8, size_px, 1.0), size).corners_px(size))
    np.testing.assert_allclose(out, 128 / 255, atol=1e-6)


@pytest.mark.parametrize("border", list(Border))
def test_a_model_that_takes_bytes_gets_the_same_pixels(border):
    pixels = np.zeros((SIDE, SIDE, 3), np.uint8)
    Cropper(SIDE, border, 0.0, 1.0).crop(picture(), TURNED, pixels)
    np.testing.assert_array_equal(pixels * np.float32(PIXEL_SCALE), cropped(picture(), TURNED, border))
