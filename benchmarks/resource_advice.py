"""What MediaPipe's legacy advice on resources comes to on this machine: the measurements of the pose core.

Each figure is taken in a process of its own, on frames of the demo clip in the middle of 1280x720.
"""

import importlib
import json
import statistics
import subprocess
import sys
import time

import cv2
import numpy as np
import psutil

from benchmarks.surroundings import DEMO_CLIP, ROOT
from desktop_pose.core import places
from desktop_pose.core.frames import Image, size_of
from desktop_pose.core.memory import give_back_free_memory
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import PoseModel
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.preprocess import Border, Cropper
from desktop_pose.pose.protocol import TrackerOptions
from desktop_pose.pose.roi import Region

FRAMES = 120
FRAME_NS = 33_333_333
_WARM_FRAMES = 45
"""More than a second: by then the detector is freed."""

_SIDE_PX = 256


def frames_720p(count: int) -> list[Image]:
    """Frames of the demo clip as a camera of 1280x720 would see them."""
    capture, frames = cv2.VideoCapture(str(DEMO_CLIP)), []
    while len(frames) < count:
        is_read, image = capture.read()
        if not is_read:
            capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            continue
        scene = np.zeros((720, 1280, 3), np.uint8)
        scene[:, 437:842] = cv2.resize(image, (405, 720), interpolation=cv2.INTER_AREA)
        frames.append(scene)
    capture.release()
    return frames


def in_a_child(what: str, *arguments: object) -> dict[str, float]:
    """The figures that one of this module's measurements prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.resource_advice", what, *map(str, arguments)],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def tracking(model: str, threads: int, mask: int, does_forget: int) -> dict[str, float]:
    """What tracking costs: memory of the tracker, time and processor time a frame, peak of the processor.

    Where it forgets, nothing is known from one frame to the next, and the detector runs on each.
    """
    frames = frames_720p(30)
    importlib.import_module("desktop_pose.pose.litert")  # libraries are not what models take
    importlib.import_module("desktop_pose.pose.tracker")
    give_back_free_memory()
    process = psutil.Process()
    before_mb = process.memory_info().rss / 1e6
    tracker = open_tracker(
        TrackerOptions(model=PoseModel(model), threads=threads, mask=bool(mask)),
        resources_dir() / "models",
        places.cache_dir(),
    )
    for number in range(_WARM_FRAMES):
        tracker.track(frames[number % len(frames)], number * FRAME_NS)
    give_back_free_memory()
    rss_mb = process.memory_info().rss / 1e6 - before_mb
    walls, cpus, runs = [], [], 0
    for number in range(_WARM_FRAMES, _WARM_FRAMES + FRAMES):
        if does_forget:
            tracker.reset()
        wall, cpu = time.perf_counter(), time.process_time()
        runs += bool(tracker.track(frames[number % len(frames)], number * FRAME_NS).detector_ran)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    tracker.close()
    peak = max(cpu / wall for cpu, wall in zip(cpus, walls, strict=True))
    return {
        "tracker_mb": rss_mb,
        "wall_ms": 1000 * statistics.median(walls),
        "cpu_ms": 1000 * statistics.mean(cpus),
        "peak_percent": 100 * peak,
        "detector_runs": runs,
    }


def resizing() -> dict[str, float]:
    """The model's input from the frame by one warp, and by several steps, ms a frame.

    Like for like: both by OpenCV on one thread, with bilinear interpolation, into the same input of floats,
    on the same frames in turns; the one warp is the application's, and the steps in between keep the
    resolution of the frame, so that no detail is lost. How far the inputs lie apart is told in grey levels.
    """
    frames = frames_720p(30)
    region = Region(*(np.float32(value) for value in (0.5, 0.5, 0.45, 0.8, 0.3)))
    cropper = Cropper(_SIDE_PX, Border.REPLICATED, 0.0, 1.0)
    corners_px = region.corners_px(size_of(frames[0]))
    native_px = round(float(np.hypot(*(corners_px[1] - corners_px[0]))))
    square = np.array([[0, native_px], [0, 0], [native_px, 0], [native_px, native_px]], np.float32)
    to_native = cv2.getPerspectiveTransform(corners_px, square)
    outs = {name: np.empty((_SIDE_PX, _SIDE_PX, 3), np.float32) for name in ("one", "several")}

    def in_one(frame: Image) -> None:
        cropper.crop(frame, corners_px, out=outs["one"])

    def in_steps(frame: Image) -> None:
        upright = cv2.warpPerspective(
            cv2.cvtColor(frame, cv2.COLOR_BGR2RGB),
            to_native,
            (native_px, native_px),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        crop = cv2.resize(upright, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_LINEAR)
        np.multiply(crop, np.float32(1 / 255), out=outs["several"])

    ways = {"one": in_one, "several": in_steps}
    times: dict[str, list[float]] = {name: [] for name in ways}
    apart = []
    for turn in range(10):
        order = [*ways] if turn % 2 == 0 else [*reversed(ways)]
        for frame in frames:
            for name in order:
                start = time.perf_counter()
                ways[name](frame)
                times[name].append(time.perf_counter() - start)
            apart.append(float(np.abs(outs["one"] - outs["several"]).mean()))
    figures = {f"{name}_ms": 1000 * statistics.median(values) for name, values in times.items()}
    return figures | {"apart_levels": 255 * statistics.mean(apart), "native_px": native_px}


def main() -> None:
    """Measure what the arguments say, and print it as JSON."""
    cv2.setNumThreads(1)
    what, *arguments = sys.argv[1:]
    if what == "tracking":
        model, *numbers = arguments
        print(json.dumps(tracking(model, *map(int, numbers))))
    else:
        print(json.dumps(resizing()))


if __name__ == "__main__":
    main()
