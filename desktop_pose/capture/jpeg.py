"""JPEGs of cameras and streams: taken from OpenCV as bytes, and decoded by libjpeg-turbo at its fastest.

`grab` then takes the bytes alone, so that a frame nobody looks at costs nothing. The colours of 4:2:0 are not
interpolated, as in FFmpeg: a fifth cheaper than OpenCV's decoder, which is a sixth cheaper than FFmpeg's.
"""

from contextlib import suppress

import cv2
import numpy as np
import simplejpeg

from desktop_pose.core.frames import Image, Size

_MJPG = cv2.VideoWriter.fourcc(*"MJPG")
_AS_BYTES = {"FFMPEG": (cv2.CAP_PROP_FORMAT, -1), "V4L2": (cv2.CAP_PROP_CONVERT_RGB, 0)}
"""By backend of OpenCV, the property and its value with which `retrieve` gives what was sent."""


def ask_for_jpegs(capture: cv2.VideoCapture) -> bool:
    """Have `capture` give its JPEGs undecoded; False where it has none, or cannot."""
    if round(capture.get(cv2.CAP_PROP_FOURCC)) != _MJPG:
        return False
    setting = _AS_BYTES.get(capture.getBackendName())
    return setting is not None and capture.set(*setting)


def ask_for_pictures(capture: cv2.VideoCapture) -> None:
    """Have a camera's `capture` give pictures again."""
    capture.set(cv2.CAP_PROP_CONVERT_RGB, 1)


def read_picture(capture: cv2.VideoCapture, size: Size | None) -> Image | None:
    """The picture of the frame just grabbed; None where it cannot be decoded or is empty.

    Args:
        capture: Gives pictures, or the bytes of JPEGs.
        size: What the picture is expected to have, if that is known; one of another size is given as well.
    """
    is_taken, taken = capture.retrieve()
    if not is_taken or taken is None or taken.size == 0:
        return None
    frame = np.asarray(taken, np.uint8)
    if frame.ndim == 2 and len(frame) == 1:
        return _decoded(frame[0], size)
    return frame if frame.ndim == 3 else None


def _decoded(jpeg: Image, size: Size | None) -> Image | None:
    if size is not None:
        # A header can lie: no memory is taken for a picture larger than expected.
        room = np.empty((size.height_px, size.width_px, 3), np.uint8)
        with suppress(ValueError):
            return np.asarray(simplejpeg.decode_jpeg(jpeg, "BGR", fastupsample=True, buffer=room), np.uint8)
    try:  # OpenCV takes what is damaged inside, and other sizes; not what is cut off, or gigantic
        picture = cv2.imdecode(jpeg, cv2.IMREAD_COLOR_BGR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        return None
    return None if picture is None else np.asarray(picture, np.uint8)
