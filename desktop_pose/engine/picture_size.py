"""Pictures of the size of a session's frames."""

import cv2
import numpy as np

from desktop_pose.core.frames import Image, Size, size_of


def of_size(picture: Image, size: Size) -> Image:
    """`picture` as large as `size`: a recorded one is smaller where its video had to step down."""
    if size_of(picture) == size:
        return picture
    scaled = cv2.resize(picture, (size.width_px, size.height_px), interpolation=cv2.INTER_LINEAR)
    return np.asarray(scaled, np.uint8)
