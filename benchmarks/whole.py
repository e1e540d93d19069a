"""The whole application beside the plain MediaPipe loop: every frame inferred, frames skipped, camera off.

The same 1280x720 stream of 30 frames a second for all; charts on; one inference thread in each. The loop runs
with OpenCV's threads as they come and with one, and ratios are to the cheaper of the two. All take turns,
never together, and each figure is the median of its turns. What is measured and how is told in
`benchmarks.live` and `benchmarks.side_by_side`. Adaptive skipping gets the clips of `benchmarks.clips`, and
needs FOLDER, which holds `Demo_SinglePerson/videos` of the `pose2sim` wheel.

usage: python -m benchmarks.whole [--pose2sim FOLDER] [--seconds 30] [--rounds 2] [--only NAME]...
                                  [--json FILE]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2

from benchmarks.clips import at_rest, exercise
from benchmarks.side_by_side import Figures, middle, prepare_loop, run_app, run_loop, slowness, table
from benchmarks.surroundings import DEMO_CLIP, ROOT, camera, fresh_environment, machine
from desktop_pose.core.frames import Image

_FIRST_RUN_S = 5
_OFF_S = 20
_OFF_TARGET_PERCENT = 1.0
_SINGLE_PERSON = Path("Demo_SinglePerson", "videos", "cam01.mp4")


@dataclass(frozen=True)
class Scenario:
    """One comparison.

    Attributes:
        name: For the table.
        model: Of both.
        skip: Of the application.
        clip: Makes the frames the camera sees, of the video; None: the demo clip.
        cpu_ratio: Greatest share of the loop's processor time.
        others: Further targets, by name of the figure; at most.
    """

    name: str
    model: str
    skip: str
    clip: Callable[[Path], list[Image]] | None
    cpu_ratio: float
    others: dict[str, float]


SCENARIOS = (
    Scenario("every frame, lite", "lite", "off", None, 0.65, {"latency_p95_ms": 12.0, "rss_peak_mb": 230.0}),
    Scenario("every frame, full", "full", "off", None, 0.72, {"latency_p95_ms": 16.0, "rss_peak_mb": 240.0}),
    Scenario(
        "adaptive, exercise", "full", "adaptive", lambda video: exercise(video, speed=1).frames, 0.52, {}
    ),
    Scenario("adaptive, at rest", "full", "adaptive", lambda video: at_rest(video).frames, 0.36, {}),
)


def save(frames: list[Image], path: Path) -> None:
    """Write `frames` as a video of JPEGs."""
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30.0, (width, height))
    for frame in frames:
        writer.write(frame)
    writer.release()


def measure(
    scenario: Scenario, clip: Path, seconds: float, rounds: int, variables: dict[str, str]
) -> list[list[Figures]]:
    """The runs of the application, of the loop with OpenCV's own threads, and of that with one of them."""
    runs: list[list[Figures]] = [[], [], []]
    with camera(clip) as address:
        options = ("--threads", "1", "--skip", scenario.skip)
        run_app(scenario.model, address, _FIRST_RUN_S, variables, options)  # strips the model and caches it
        for turn in range(rounds):
            print(f"{scenario.name}: turn {turn + 1} of {rounds}", file=sys.stderr)
            runs[0].append(run_app(scenario.model, address, seconds, variables, options))
            runs[1].append(run_loop(scenario.model, address, seconds, variables))
            runs[2].append(run_loop(scenario.model, address, seconds, variables, opencv_threads=1))
    return runs


def ratios(runs: list[list[Figures]]) -> list[float]:
    """Processor time a frame as a share of the cheaper loop's, turn by turn."""
    costs = ([run.cpu_ms_per_frame for run in turn] for turn in zip(*runs, strict=True))
    return [app / min(loops) for app, *loops in costs]


def camera_off_percent(variables: dict[str, str]) -> float:
    """Processor time of the application, its window open and its camera off."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.camera_off_child", str(_OFF_S)],
        cwd=ROOT,
        env=variables,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(done.stdout.split()[-1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pose2sim", type=Path, metavar="FOLDER")
    parser.add_argument("--seconds", type=float, default=30, help="length of a run")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each")
    names = [*(scenario.name for scenario in SCENARIOS), "camera off"]
    parser.add_argument("--only", choices=names, action="append", help="all unless given")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    wanted = options.only or names
    prepare_loop()
    results = []
    with fresh_environment("xvfb") as variables, tempfile.TemporaryDirectory() as folder:
        for scenario in SCENARIOS:
            if scenario.name not in wanted:
                continue
            clip = DEMO_CLIP
            if scenario.clip is not None:
                if options.pose2sim is None:
                    print(f"\n{scenario.name}: needs --pose2sim", file=sys.stderr)
                    continue
                clip = Path(folder) / "clip.avi"
                save(scenario.clip(options.pose2sim / _SINGLE_PERSON), clip)
            runs = measure(scenario, clip, options.seconds, options.rounds, variables)
            app, *loops = map(middle, runs)
            named = dict(zip(("loop", "1 thread"), loops, strict=True))
            slower = slowness(scenario.model, loops[1], opencv_threads=1)
            print(f"\n{table(scenario.name, app, named, scenario.others, slower, scenario.cpu_ratio)}")
            print("ratio of each turn", *(f"{ratio:.2f}" for ratio in ratios(runs)))
            results.append({
                "name": scenario.name,
                "slower": slower,
                "application": [asdict(run) for run in runs[0]],
                "plain_loop": [asdict(run) for run in runs[1]],
                "plain_loop_one_opencv_thread": [asdict(run) for run in runs[2]],
            })  # fmt: skip
        if "camera off" in wanted:
            off_percent = camera_off_percent(variables)
            judgement = "met" if off_percent <= _OFF_TARGET_PERCENT else "missed"
            print(
                f"\ncamera off, % of a core {off_percent:8.2f}, target {_OFF_TARGET_PERCENT:.0f}: {judgement}"
            )
            results.append({"name": "camera off", "cpu_percent": off_percent})
    if options.json is not None:
        document = {"schema": 2, "machine": machine(), "seconds": options.seconds, "results": results}
        options.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
