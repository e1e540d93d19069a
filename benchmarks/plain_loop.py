"""The loop people write: OpenCV's camera, MediaPipe Tasks, lines drawn by OpenCV, `imshow`.

Runs in an environment of its own (it needs an OpenCV with windows) and imports nothing of this project.
usage: python plain_loop.py ADDRESS TASK_FILE SECONDS [OPENCV_THREADS]; prints its figures as JSON.
"""

import json
import resource
import sys
import time
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from mediapipe.tasks.python.components.containers.landmark import NormalizedLandmark

BONES = (
    (0, 1), (1, 2), (2, 3), (3, 7), (0, 4), (4, 5), (5, 6), (6, 8), (9, 10),
    (11, 12), (11, 13), (13, 15), (15, 17), (15, 19), (15, 21), (17, 19),
    (12, 14), (14, 16), (16, 18), (16, 20), (16, 22), (18, 20),
    (11, 23), (12, 24), (23, 24), (23, 25), (24, 26), (25, 27), (26, 28),
    (27, 29), (28, 30), (29, 31), (30, 32), (27, 31), (28, 32),
)  # fmt: skip
WARM_UP_S = 2.0


def used_s() -> float:
    """Processor time of this process and its children so far."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def resident_mb(name: str) -> float:
    """Resident memory: now (`VmRSS`) or at most (`VmHWM`, which unlike `ru_maxrss` is not the parent's)."""
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith(name))


def draw(image: np.ndarray, landmarks: list[NormalizedLandmark]) -> None:
    """Draw one person."""
    height, width = image.shape[:2]
    points = [(int(point.x * width), int(point.y * height)) for point in landmarks]
    for first, second in BONES:
        cv2.line(image, points[first], points[second], (0, 255, 0), 2)
    for point in points:
        cv2.circle(image, point, 3, (0, 0, 255), -1)


def main() -> None:
    """Run the loop and print its figures."""
    address, task_file, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    if len(sys.argv) > 4:
        cv2.setNumThreads(int(sys.argv[4]))
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=task_file), running_mode=vision.RunningMode.VIDEO
    )
    capture = cv2.VideoCapture(address)
    begun = time.monotonic()
    first = warm = warm_used = None
    shown, people, latencies = 0, 0, []
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        while time.monotonic() - begun < seconds:
            if not capture.grab():
                sys.exit("The stream has ended")
            grabbed = time.monotonic()
            _, image = capture.retrieve()
            picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
            found = landmarker.detect_for_video(picture, int(grabbed * 1000)).pose_landmarks
            for landmarks in found:
                draw(image, landmarks)
            cv2.imshow("pose", image)
            cv2.waitKey(1)
            now = time.monotonic()
            first = first or now
            if now - first < WARM_UP_S:
                continue
            if warm is None:
                warm, warm_used = now, used_s()
                continue
            shown += 1
            people += len(found)
            latencies.append(now - grabbed)
    wall = now - warm
    latencies.sort()
    figures = {
        "cpu_percent": 100 * (used_s() - warm_used) / wall,
        "fps": shown / wall,
        "latency_p50_ms": 1000 * latencies[len(latencies) // 2],
        "latency_p95_ms": 1000 * latencies[int(0.95 * len(latencies))],
        "rss_mb": resident_mb("VmRSS"),
        "rss_peak_mb": resident_mb("VmHWM"),
        "person_share": people / shown,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
