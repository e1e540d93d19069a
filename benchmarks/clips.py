"""Clips for `benchmarks.skip`, made from real material of 60 frames a second.

The PyPI wheel `pose2sim` 0.10.49 (BSD-3-Clause) has the videos, in the folder that holds `Demo_SinglePerson`.
No frame is duplicated or blended; a clip that is too short runs forwards and backwards, and where it turns is
told.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from desktop_pose.core.frames import Image

FRAME_NS = 1_000_000_000 // 30
_ROUNDS = 2
_REST_FRAMES = 600
_REST_FRAME = 10
_NOISE_SIGMA = 2.0
_SHAKE_PX = 0.5
_JPEG_QUALITY = 85
_SETTLING = 8  # frames until tracker and filters have settled
_AROUND_TURN = 2  # frames whose movement is not that of a person


@dataclass(frozen=True)
class Clip:
    """Frames at 30 a second.

    Attributes:
        name: For the table.
        frames: The pictures.
        judged: (frames,) bool: whether the frame counts; those at the start and around a turn stand apart.
    """

    name: str
    frames: list[Image]
    judged: np.ndarray


def exercise(video: Path, *, speed: int) -> Clip:
    """Somebody moving, at `speed` times the true speed."""
    forwards = decoded(video)[:: 2 * speed]
    there_and_back = [*forwards, *forwards[-2:0:-1]]
    frames = there_and_back * (_ROUNDS * speed)
    judged = np.arange(len(frames)) >= _SETTLING
    for turn in range(0, len(frames), len(forwards) - 1):
        judged[turn : turn + _AROUND_TURN + 1] = False
    return Clip(f"{video.stem}, speed x{speed}", frames, judged)


def at_rest(video: Path) -> Clip:
    """One frame for 20 s, with the noise, the shake and the JPEG artefacts of a camera."""
    still = decoded(video)[_REST_FRAME]
    random = np.random.default_rng(0)
    frames = [_as_a_camera_sees(still, random) for _ in range(_REST_FRAMES)]
    return Clip(f"{video.stem}, at rest", frames, np.arange(_REST_FRAMES) >= _SETTLING)


def decoded(video: Path, most: int | None = None) -> list[Image]:
    """The frames of a file, the first `most` or all."""
    capture, frames = cv2.VideoCapture(str(video)), []
    while len(frames) != most:
        is_read, frame = capture.read()
        if not is_read:
            break
        frames.append(np.asarray(frame, np.uint8))
    capture.release()
    return frames


def _as_a_camera_sees(still: Image, random: np.random.Generator) -> Image:
    height, width = still.shape[:2]
    shift = np.array([[1, 0, 0], [0, 1, 0]], np.float64)
    shift[:, 2] = random.uniform(-_SHAKE_PX, _SHAKE_PX, 2)
    shaken = cv2.warpAffine(still, shift, (width, height), borderMode=cv2.BORDER_REPLICATE)
    noisy = np.clip(shaken + random.normal(0, _NOISE_SIGMA, shaken.shape), 0, 255).astype(np.uint8)
    code = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1]
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)
