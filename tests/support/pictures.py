"""Pictures to serve, to write into files and to recognise again."""

from collections.abc import Iterator
from pathlib import Path

import desktop_pose.capture.environment  # noqa: F401  # before cv2

import cv2  # isort: skip
import numpy as np

from desktop_pose.core.frames import Image, Size

_NUMBER_BITS = 10


def encode(picture: Image, quality: int = 80) -> bytes:
    """The picture as a JPEG file."""
    is_done, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert is_done
    return jpeg.tobytes()


def numbered_pictures(size: Size, count: int) -> Iterator[Image]:
    """Pictures of coloured bands that carry their number, to be read by `number_of`."""
    height, width = size.height_px, size.width_px
    ramp = np.linspace(40, 200, width, dtype=np.float32).astype(np.uint8)
    base = np.dstack([np.tile(np.roll(ramp, width * shift // 3), (height, 1)) for shift in range(3)])
    cell_px = width // _NUMBER_BITS
    for number in range(count):
        picture = base.copy()
        for bit in range(_NUMBER_BITS):
            value = 255 if number >> bit & 1 else 0
            picture[: height // 4, bit * cell_px : (bit + 1) * cell_px] = value
        yield picture


def number_of(picture: Image) -> int:
    """The number that a picture of `numbered_pictures` carries."""
    cell_px = picture.shape[1] // _NUMBER_BITS
    row = picture[picture.shape[0] // 8, cell_px // 2 :: cell_px, 1][:_NUMBER_BITS]
    return sum(1 << bit for bit, value in enumerate(row) if value > 127)


def clip_pictures(clip: Path, size: Size, crop: bool) -> Iterator[Image]:
    """The pictures of a video, scaled to `size` with black bars or with the edges cropped."""
    capture = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG)
    try:
        while True:
            is_read, picture = capture.read()
            if not is_read:
                return
            yield _fitted(picture, size, crop)
    finally:
        capture.release()


def _fitted(picture: Image, size: Size, crop: bool) -> Image:
    scales = (size.width_px / picture.shape[1], size.height_px / picture.shape[0])
    scale = max(scales) if crop else min(scales)
    inner = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    scaled = cv2.resize(picture, inner, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    left, top = (size.width_px - inner[0]) // 2, (size.height_px - inner[1]) // 2
    if crop:
        return np.ascontiguousarray(scaled[-top:, -left:][: size.height_px, : size.width_px])
    fitted = np.zeros((size.height_px, size.width_px, 3), np.uint8)
    fitted[top : top + inner[1], left : left + inner[0]] = scaled
    return fitted
