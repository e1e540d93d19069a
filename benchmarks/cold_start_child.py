"""One cold start: everything imported, one frame tracked, then three seconds more; tells the figures.

    python -m benchmarks.cold_start_child litert|mediapipe MODEL PLACE FRAME.npy

PLACE is the cache folder for litert, a `.task` file for mediapipe. The clock starts before the first import.
"""

import time

STARTED = time.perf_counter()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

Track = Callable[[NDArray[np.uint8], int], Sequence[object]]

FRAMES = 90
FRAME_MS = 33


def litert(model: str, cache_dir: Path) -> Track:
    import desktop_pose.pose  # noqa: F401
    from desktop_pose.core.resources import resources_dir
    from desktop_pose.core.settings import Backend, PoseModel
    from desktop_pose.pose.opening import open_tracker
    from desktop_pose.pose.protocol import TrackerOptions

    options = TrackerOptions(Backend.LITERT, PoseModel(model), threads=1)
    tracker = open_tracker(options, resources_dir() / "models", cache_dir)
    return lambda image, time_ms: tracker.track(image, time_ms * 1_000_000).people


def mediapipe(_model: str, task: Path) -> Track:
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(task)), running_mode=vision.RunningMode.VIDEO
    )
    landmarker = vision.PoseLandmarker.create_from_options(options)

    def track(image: NDArray[np.uint8], time_ms: int) -> Sequence[object]:
        rgb = np.ascontiguousarray(image[:, :, ::-1])
        wrapped = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
        people: Sequence[object] = landmarker.detect_for_video(wrapped, time_ms).pose_landmarks
        return people

    return track


def main() -> None:
    backend, model, place, frame = sys.argv[1:]
    track = {"litert": litert, "mediapipe": mediapipe}[backend](model, Path(place))
    image = np.load(frame)
    people = track(image, FRAME_MS)
    first_ms = (time.perf_counter() - STARTED) * 1000

    import psutil

    memory = psutil.Process()
    first_mb = memory.memory_info().rss / 1e6
    for number in range(2, FRAMES + 2):
        track(image, number * FRAME_MS)
    rss_mb = memory.memory_info().rss / 1e6
    print(json.dumps({"ms": first_ms, "people": len(people), "first_mb": first_mb, "rss_mb": rss_mb}))


if __name__ == "__main__":
    main()
