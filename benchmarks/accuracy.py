"""How far the LiteRT backend is from MediaPipe on the same frames, and what each costs.

    python -m benchmarks.accuracy [CLIP...] [--pose2sim FOLDER]

FOLDER is the package in the `pose2sim` wheel 0.10.49, with `Demo_SinglePerson` and `Demo_MultiPerson`. Where
the independent results of MediaPipe's web runtime lie beside the checkout (`../shared/data`), both backends
are held against these too. Ends with status 1 where a bound of `docs/accuracy.md` is missed.

Both backends are given the same frames in turns, so that the ratio of their costs holds on a noisy machine.
Distances are in per cent of the person's height (median over the clip of the extent in y of MediaPipe's 33
landmarks). CPU is the time of all threads of the process, per frame, from the BGR picture to the people.
"""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from benchmarks.clips import decoded
from desktop_pose.core import places
from desktop_pose.core.frames import Image, Size, size_of
from desktop_pose.core.poses import PRESENCE, VISIBILITY, FloatArray, FramePoses, Person
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Backend, PoseModel
from desktop_pose.pose.opening import backend_problem, open_tracker
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions

SQUATS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "pose_squats.mp4"
WEB_PIXELS = SQUATS.with_name("pose_squats.full.json")
WEB_WORLD = SQUATS.with_name("pose_squats_3d.full.json")
PICTURE, PICTURE_MASK = SQUATS.with_name("pose.jpg"), SQUATS.with_name("pose_segmentation.png")
POSE2SIM_CLIPS = "Demo_SinglePerson/videos/cam03.mp4", "Demo_MultiPerson/videos/cam01.mp4"
FRAMES = 100
FRAME_MS = 33
WEB_SHARE = 1.05
MASK_IOU = 0.94


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
    most_percent: float
    visibility: float
    presence: float
    world_mm: float
    frames_differing: int

    def is_within_bounds(self) -> bool:
        """Whether the promise is kept; somebody else who is followed is a person's height away at least."""
        return (
            self.mean_percent <= 0.15
            and self.p95_percent <= 0.5
            and self.most_percent < 50
            and max(self.visibility, self.presence) <= 0.02
            and self.world_mm <= 3
            and self.frames_differing == 0
        )


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
        most_percent=float(percent.max()),
        visibility=float(np.abs(landmarks - wanted)[..., VISIBILITY].mean()),
        presence=float(np.abs(landmarks - wanted)[..., PRESENCE].mean()),
        world_mm=float(np.mean([_world_distance(*pair) for pair in pairs]) * 1000),
        frames_differing=sum(bool(a.people) != bool(b.people) for a, b in zip(mine, reference, strict=True)),
    )


@dataclass(frozen=True)
class Row:
    """One line of what is printed, and whether it is as promised."""

    text: str
    is_kept: bool

    def show(self) -> bool:
        """Print it; whether the promise is broken."""
        print(self.text + ("" if self.is_kept else "   MISSED"), flush=True)
        return not self.is_kept


def _world_distance(person: Person, reference: Person) -> float:
    return float(np.linalg.norm(person.world - reference.world, axis=1).mean())


def frames_of(path: Path) -> list[Image]:
    """The first frames of a video, or the one of a picture."""
    return decoded(path, most=FRAMES)


def runs_of(frames: list[Image], model: PoseModel) -> list[Run]:
    """LiteRT on one and on two threads, and MediaPipe, over the same frames in turns."""
    options = [TrackerOptions(Backend.LITERT, model, threads) for threads in (1, 2)]
    options.append(TrackerOptions(Backend.MEDIAPIPE, model))
    runs = [Run(open_tracker(each, resources_dir() / "models", places.cache_dir())) for each in options]
    for number, frame in enumerate(frames, start=1):
        for run in runs:
            run.track(frame, number * FRAME_MS)
    for run in runs:
        run.tracker.close()
    return runs


def rows(name: str, model: PoseModel, size: Size, runs: list[Run]) -> Iterator[Row]:
    """The rows of the table: one for each number of threads."""
    reference, size_px = runs[-1], np.array((size.width_px, size.height_px), np.float64)
    for threads, run in enumerate(runs[:-1], start=1):
        found = differences(run.results, reference.results, size_px)
        (cpu, their_cpu), (wall, their_wall) = (
            [float(np.median(getattr(each, figure))) for each in (run, reference)]
            for figure in ("cpu_ms", "wall_ms")
        )
        texts = (
            f"{name:16} {model.value:5} {threads:3} {len(run.results):6}",
            f"{found.mean_percent:7.4f} {found.p95_percent:7.4f} {found.most_percent:7.4f}",
            f"{found.visibility:7.4f} {found.presence:7.4f} {found.world_mm:7.3f} {found.frames_differing:6}",
            f"{cpu:6.1f} {their_cpu:5.1f} {cpu / their_cpu:5.2f} {wall / their_wall:5.2f}",
        )
        yield Row(" ".join(texts), found.is_within_bounds())


def web_rows(size: Size, runs: list[Run]) -> Iterator[Row]:
    """How far LiteRT and MediaPipe are from the web runtime's results, coordinate by coordinate."""
    pixels, world = (np.array(json.loads(path.read_text("utf-8"))) for path in (WEB_PIXELS, WEB_WORLD))
    scores = {}
    for name, run in (("LiteRT", runs[0]), ("MediaPipe", runs[-1])):
        people = [poses.people[0] for poses in run.results]
        landmarks: FloatArray = np.stack([person.landmarks for person in people])
        apart_px = np.abs(landmarks[..., :2] * (size.width_px, size.height_px) - pixels[..., :2])
        apart_mm = np.abs(np.stack([person.world for person in people]) - world) * 1000
        scores[name] = np.array((apart_px.mean(), apart_px.max(), apart_mm.mean(), apart_mm.max()))
    is_kept = bool((scores["LiteRT"] <= WEB_SHARE * scores["MediaPipe"]).all())
    for name, (mean_px, most_px, mean_mm, most_mm) in scores.items():
        yield Row(
            f"{name:10} x and y: mean {mean_px:6.3f} px, most {most_px:6.2f} px; "
            f"world: mean {mean_mm:6.2f} mm, most {most_mm:6.1f} mm",
            is_kept,
        )


def mask_row(model: PoseModel) -> Row:
    """How far the mask of `PICTURE` covers the one of the web implementation."""
    options = TrackerOptions(Backend.LITERT, model, mask=True)
    with closing(open_tracker(options, resources_dir() / "models", places.cache_dir())) as tracker:
        mask = tracker.track(frames_of(PICTURE)[0], 0).mask
    assert mask is not None
    mine, expected = mask > 127, frames_of(PICTURE_MASK)[0][..., 0] > 127
    iou = float((mine & expected).sum() / (mine | expected).sum())
    return Row(f"{model.value:10} IoU {iou:.3f}", iou >= MASK_IOU)


def clip_rows(clip: Path) -> Iterator[Row]:
    """All rows of one clip."""
    frames = frames_of(clip)
    size = size_of(frames[0])
    for model in PoseModel:
        runs = runs_of(frames, model)
        yield from rows(clip.name, model, size, runs)
        if clip == SQUATS and model is PoseModel.FULL and WEB_PIXELS.exists():
            yield from web_rows(size, runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("clips", nargs="*", type=Path, help="video files; default: all that can be found")
    parser.add_argument("--pose2sim", type=Path, metavar="FOLDER", help="where Demo_SinglePerson lies")
    options = parser.parse_args()
    problem = backend_problem(Backend.MEDIAPIPE)
    if problem is not None:
        raise SystemExit(str(problem))
    clips = options.clips
    if not clips:
        wanted = [resources_dir() / "demo" / "balance.mp4", SQUATS]
        wanted += [options.pose2sim / name for name in POSE2SIM_CLIPS] if options.pose2sim else []
        clips = [path for path in wanted if path.exists()]
    cv2.setNumThreads(1)
    print(f"{'':33} {'distance, % of height':23} {'':15} {'world':>7} {'no/one':>6} CPU ms a frame   wall")
    columns = ("mean", "p95", "most", "visib.", "pres.", "mm")
    print(
        f"{'clip':16} {'model':5} thr frames {' '.join(f'{name:>7}' for name in columns)} {'differ':>6}"
        f" {'own':>6} {'MedPi':>5} ratio ratio"
    )
    missed = 0
    for clip in clips:
        for row in clip_rows(clip):
            missed += row.show()
    if not options.clips and PICTURE.exists():
        for model in PoseModel:
            missed += mask_row(model).show()
    raise SystemExit(f"{missed} rows are out of bounds" if missed else 0)


if __name__ == "__main__":
    main()
