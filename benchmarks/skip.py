"""What skipping frames saves, and what it costs in accuracy, against inferring every frame.

    python -m benchmarks.skip FOLDER [--model lite --model full]

FOLDER holds `Demo_SinglePerson` and `Demo_MultiPerson` of the `pose2sim` wheel; see `benchmarks.clips`.
Adaptive skipping is beside plain every-N-th, and beside holding the last pose on the frames between. Errors
are distances of visible landmarks from those of the every-frame run of the same model, in per cent of the
person's height, smoothing on, over the reused frames, the inferred ones and all. Turning points and the first
frames stand apart: in the last column, over those of them that are reused. What can be reached is told by a
run that infers every frame too, but looks for the person where the region is 1 % of its side off. CPU is the
time of all threads of the process in the pose core, one inference thread. The runs of a clip take turns frame
by frame, so that the ratio holds on a noisy machine.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from benchmarks.clips import FRAME_NS, Clip, at_rest, exercise
from desktop_pose.core import places
from desktop_pose.core.frames import Image, Size, size_of
from desktop_pose.core.poses import VISIBILITY, FramePoses
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import PoseModel
from desktop_pose.core.skip import EVERY_FRAME, Skip
from desktop_pose.core.topology import LANDMARK_COUNT
from desktop_pose.pose.change import ChangeMeter
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions
from desktop_pose.pose.tracker import RoiTracker

HEADS = (
    "", "inferred %", "CPU ratio", "reused: mean %", "p95 %", "inferred: mean %", "all: mean %", "p95 %",
    "turns: mean %",
)  # fmt: skip
WIDTHS = (20, 11, 11, 16, 7, 18, 13, 7, 15)
LOOK_MS = 0.2
BESIDE = 0.01  # of the region's side
SINGLE = tuple(Path("Demo_SinglePerson", "videos", f"{name}.mp4") for name in ("cam01", "cam03"))
SEVERAL = Path("Demo_MultiPerson", "videos", "cam01.mp4")
TARGETS = {  # inferred %, CPU ratio, mean and 95th percentile over reused frames
    "rest": (20.0, 0.27, 0.2, 0.6),
    "x1": (55.0, 0.62, 0.6, 1.8),
    "x2": (100.0, 1.03, 0.6, 2.0),
}


@dataclass
class Run:
    """What one way of skipping makes of a clip."""

    name: str
    tracker: PoseTracker
    is_holding: bool = False
    is_beside: bool = False
    poses: list[FramePoses] = field(default_factory=list)
    cpu_s: float = 0.0
    _random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def track(self, image: Image, time_ns: int) -> None:
        """Let it have a frame."""
        if self.is_beside and self.poses:
            self._step_aside()
        before_s = time.process_time()
        found = self.tracker.track(image, time_ns)
        self.cpu_s += time.process_time() - before_s
        if self.is_holding and found.reused:
            found = replace(found, people=self.poses[-1].people)
        self.poses.append(found)

    def _step_aside(self) -> None:
        assert isinstance(self.tracker, RoiTracker)
        way = BESIDE * np.exp(2j * np.pi * self._random.random())
        people = self.poses[-1].people
        rois = [person.next_roi for person in people]
        moved = [
            replace(
                person,
                next_roi=replace(
                    roi,
                    centre_x_px=roi.centre_x_px + way.real * roi.size_px,
                    centre_y_px=roi.centre_y_px + way.imag * roi.size_px,
                ),
            )
            for person, roi in zip(people, rois, strict=True)
            if roi is not None
        ]
        self.tracker.carry(tuple(moved), 0)


def runs_of(model: PoseModel, people: int) -> Iterator[Run]:
    """Every-frame first, then what is compared with it."""
    yield Run("every frame", opened(model, EVERY_FRAME, people))
    yield Run("every frame, moved", opened(model, EVERY_FRAME, people), is_beside=True)
    yield Run("adaptive", opened(model, Skip(None), people))
    for every in (2, 3, 5):
        yield Run(f"every {every}.", opened(model, Skip(every), people))
        yield Run(f"every {every}., held", opened(model, Skip(every), people), is_holding=True)


def opened(model: PoseModel, skip: Skip, people: int) -> PoseTracker:
    """A tracker on one thread."""
    options = TrackerOptions(model=model, threads=1, skip=skip, people=people)
    return open_tracker(options, resources_dir() / "models", places.cache_dir())


def landmarks_of(run: Run, size: Size, people: int) -> tuple[np.ndarray, np.ndarray]:
    """(frames, people, 33, 2) pixels by a person's id, NaN where not seen, and whether they are visible."""
    places = np.full((len(run.poses), people, LANDMARK_COUNT, 2), np.nan)
    visible = np.zeros(places.shape[:-1], bool)
    for number, poses in enumerate(run.poses):
        for person in poses.people:
            if person.id < people:
                places[number, person.id] = person.landmarks[:, :2] * (size.width_px, size.height_px)
                visible[number, person.id] = person.landmarks[:, VISIBILITY] > 0.5
    return places, visible


def print_table(model: PoseModel, clip: Clip, people: int) -> None:
    """Run a clip in all ways, and print."""
    runs = list(runs_of(model, people))
    for number, frame in enumerate(clip.frames):
        for run in runs:
            run.track(frame, (number + 1) * FRAME_NS)
    reference, *others = runs
    size = size_of(clip.frames[0])
    wanted_px, visible = landmarks_of(reference, size, people)
    heights_px = np.nanmedian(np.ptp(wanted_px[..., 1], axis=2), axis=0)[:, None]
    frames = f"{len(clip.frames)} frames of which {clip.judged.sum()} are judged"
    print(f"\n{model.value}, {clip.name}, {people} followed, {frames}")
    print("".join(f"{head:>{width}}" for head, width in zip(HEADS, WIDTHS, strict=True)))
    for run in others:
        got_px, _ = landmarks_of(run, size, people)
        errors = np.linalg.norm(got_px - wanted_px, axis=-1) / heights_px * 100
        errors[~visible] = np.nan
        reused = np.array([poses.reused for poses in run.poses])
        figures = (
            100 * (1 - reused.mean()),
            run.cpu_s / reference.cpu_s,
            *_mean_and_p95(errors[clip.judged & reused]),
            _mean_and_p95(errors[clip.judged & ~reused])[0],
            *_mean_and_p95(errors[clip.judged]),
            _mean_and_p95(errors[~clip.judged & reused])[0],
        )
        line = "{:11.0f}{:11.2f}{:16.2f}{:7.2f}{:18.2f}{:13.2f}{:7.2f}{:15.2f}".format(*figures)
        print(f"{run.name:20}{line}", flush=True)
    kind = next(kind for kind in TARGETS if clip.name.endswith(kind))
    print(f"{'target, adaptive':20}" + "{:11.0f}{:11.2f}{:16.2f}{:7.2f}".format(*TARGETS[kind]), flush=True)
    for run in runs:
        run.tracker.close()


LOOKS_NS: list[int] = []


def time_looks() -> None:
    """Book how long adaptive skipping looks for changes in a frame."""
    change = ChangeMeter.change

    def timed(meter: ChangeMeter, image: Image) -> float:
        start_ns = time.perf_counter_ns()
        changed = change(meter, image)
        LOOKS_NS.append(time.perf_counter_ns() - start_ns)
        return changed

    ChangeMeter.change = timed  # type: ignore[method-assign]


def usual(video: Path) -> Clip:
    """Somebody who moves."""
    return exercise(video, speed=1)


def doubled(video: Path) -> Clip:
    """The same twice as fast."""
    return exercise(video, speed=2)


def _mean_and_p95(errors: np.ndarray) -> tuple[float, float]:
    """Of no frames at all: not a number."""
    known = errors[~np.isnan(errors)]
    return (float(known.mean()), float(np.percentile(known, 95))) if known.size else (np.nan, np.nan)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="that holds Demo_SinglePerson and Demo_MultiPerson")
    parser.add_argument(
        "--model", choices=("lite", "full", "heavy"), action="append", help="lite and full unless given"
    )
    parser.add_argument("--people", type=int, choices=(1, 2), action="append", help="both unless given")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    time_looks()
    for video in (*SINGLE, SEVERAL):
        if not (options.folder / video).is_file():
            parser.error(f"{options.folder / video} is missing; give the folder of pose2sim 0.10.49")
    single = [(options.folder / video, make, 1) for video in SINGLE for make in (at_rest, usual, doubled)]
    several = [(options.folder / SEVERAL, usual, 2)]
    for video, make, people in (*single, *several):
        if people not in (options.people or (1, 2)):
            continue
        clip = make(video)
        for model in options.model or ("lite", "full"):
            print_table(PoseModel(model), clip, people)
    if LOOKS_NS:
        median_ms, p95_ms = np.percentile(LOOKS_NS, (50, 95)) / 1e6
        print(
            f"\na look for changes: median {median_ms:.2f} ms, 95th percentile {p95_ms:.2f}; target {LOOK_MS}"
        )


if __name__ == "__main__":
    main()
