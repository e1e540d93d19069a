"""How far the LiteRT backend is from MediaPipe on the same frames, and what each costs.

    python -m benchmarks.accuracy [CLIP...]

Both backends are given the same frames in turns, so that the ratio of their costs holds on a noisy machine.
Distances are in per cent of the person's height (median over the clip of the extent in y of MediaPipe's 33
landmarks). CPU is the time of all threads of the process, per frame, from the BGR picture to the people.
"""

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from desktop_pose.core import places
from desktop_pose.core.frames import Image, size_of
from desktop_pose.core.poses import FramePoses, Person
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Backend, PoseModel
from desktop_pose.pose.opening import backend_problem, open_tracker
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions

SQUATS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "pose_squats.mp4"
FRAME_MS = 33


@dataclass
class Run:
    """What one backend made of a clip."""

    tracker: PoseTracker
    results: list[FramePoses] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def track(self, image: Image, time_ms: int) -> None:
        """Let the backend have one frame, and time it."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.results.append(self.tracker.track(image, time_ms * 1_000_000))
        self.cpu_ms.append((time.process_time() - cpu) * 1000)
        self.wall_ms.append((time.perf_counter() - wall) * 1000)


@dataclass(frozen=True)
class Differences:
    """What separates two runs over one clip."""

    mean_percent: float
    p95_percent: float
    visibility: float
    world_mm: float
    frames_differing: int


def differences(mine: list[FramePoses], reference: list[FramePoses], size_px: np.ndarray) -> Differences:
    pairs = [
        (a.people[0], b.people[0]) for a, b in zip(mine, reference, strict=True) if a.people and b.people
    ]
    landmarks, wanted = (np.stack([pair[index].landmarks for pair in pairs]) for index in (0, 1))
    height_px = np.median(np.ptp(wanted[..., 1], axis=1)) * size_px[1]
    percent = np.linalg.norm((landmarks - wanted)[..., :2] * size_px, axis=-1) / height_px * 100
    return Differences(
        mean_percent=float(percent.mean()),
        p95_percent=float(np.percentile(percent, 95)),
        visibility=float(np.abs(landmarks - wanted)[..., 3].mean()),
        world_mm=float(np.mean([_world_distance(*pair) for pair in pairs]) * 1000),
        frames_differing=sum(bool(a.people) != bool(b.people) for a, b in zip(mine, reference, strict=True)),
    )


def _world_distance(person: Person, reference: Person) -> float:
    return float(np.linalg.norm(person.world - reference.world, axis=1).mean())


def frames_of(path: Path) -> list[Image]:
    capture, frames = cv2.VideoCapture(str(path)), []
    while True:
        is_read, frame = capture.read()
        if not is_read:
            capture.release()
            return frames
        frames.append(frame)


def measured(path: Path, model: PoseModel) -> str:
    """One row of the table."""
    frames = frames_of(path)
    runs = [
        Run(open_tracker(TrackerOptions(backend, model), resources_dir() / "models", places.cache_dir()))
        for backend in (Backend.LITERT, Backend.MEDIAPIPE)
    ]
    for number, frame in enumerate(frames, start=1):
        for run in runs:
            run.track(frame, number * FRAME_MS)
    size = size_of(frames[0])
    found = differences(
        runs[0].results, runs[1].results, np.array((size.width_px, size.height_px), np.float64)
    )
    for run in runs:
        run.tracker.close()
    cpu, wall = ([float(np.median(getattr(run, name))) for run in runs] for name in ("cpu_ms", "wall_ms"))
    return (
        f"{path.name:18} {model.value:5} {len(frames):6} {found.mean_percent:8.4f} {found.p95_percent:8.4f} "
        f"{found.visibility:8.5f} {found.world_mm:8.3f} {found.frames_differing:5}   "
        f"{cpu[0]:6.1f} {cpu[1]:6.1f} {cpu[0] / cpu[1]:5.2f}   "
        f"{wall[0]:6.1f} {wall[1]:6.1f} {wall[0] / wall[1]:5.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "clips", nargs="*", type=Path, help="video files; default: the demo and pose_squats.mp4"
    )
    clips = parser.parse_args().clips
    problem = backend_problem(Backend.MEDIAPIPE)
    if problem is not None:
        raise SystemExit(str(problem))
    if not clips:
        clips = [resources_dir() / "demo" / "balance.mp4"] + ([SQUATS] if SQUATS.exists() else [])
    cv2.setNumThreads(1)
    print(f"{'':32} distance, % of height   visib.  world   no/one   CPU ms a frame       wall ms a frame")
    print(
        f"{'clip':18} {'model':5} {'frames':6} {'mean':>8} {'p95':>8} {'':8} {'mm':>8} {'diff':>5}   "
        f"{'LiteRT':>6} {'MedPi':>6} ratio   {'LiteRT':>6} {'MedPi':>6} ratio"
    )
    for clip in clips:
        for model in PoseModel:
            print(measured(clip, model), flush=True)


if __name__ == "__main__":
    main()
