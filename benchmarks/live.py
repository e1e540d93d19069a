"""The application beside the plain MediaPipe loop, on the same 1280x720 stream of 30 frames a second.

The two take turns (A B A B), never together, so that a ratio holds on a noisy machine. Processor time is user
and system time of the process and its children over wall time, from 2 s after the first displayed frame;
latency runs from the return of `grab` to the picture being painted, which holds the decoding of the JPEG for
the application and not for the loop, whose `grab` decodes; the camera and the X server are outside the count.
The charts of the application are on.

usage: python -m benchmarks.live [--seconds 60] [--rounds 2] [--model lite --model full] [--json FILE]
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from benchmarks.surroundings import DEMO_CLIP, DISPLAYS, ROOT, camera, fresh_environment, machine

LOOP_ENVIRONMENT = ROOT / "build" / "plain-loop-environment"
LOOP_PACKAGES = ("mediapipe==0.10.31", "opencv-python>=4.10")
MODELS = ("lite", "full")
TARGETS = {
    "lite": {"fps": 29.0, "latency_p95_ms": 15.0, "cpu_percent": 40.0, "rss_peak_mb": 240.0},
    "full": {"fps": 29.0, "latency_p95_ms": 20.0, "cpu_percent": 55.0, "rss_peak_mb": 250.0},
}
_START_S = 30
_FIRST_RUN_S = 5

_MAKE_TASK = """
import sys
from pathlib import Path
from desktop_pose.pose.task_bundle import task_bundle
models = Path("resources/models")
names = ("pose_detection", f"pose_landmark_{sys.argv[1]}")
detector, landmarks = ((models / f"{name}.tflite").read_bytes() for name in names)
Path(sys.argv[2]).write_bytes(task_bundle(detector, landmarks))
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run cost."""

    cpu_percent: float
    fps: float
    latency_p50_ms: float
    latency_p95_ms: float
    rss_mb: float
    rss_peak_mb: float
    person_share: float

    @property
    def cpu_ms_per_frame(self) -> float:
        """Processor time of a frame shown: what to compare where one of them is too slow for the camera."""
        return 10 * self.cpu_percent / self.fps


def run_app(
    model: str,
    address: str,
    seconds: float,
    variables: dict[str, str],
    options: Sequence[str] = ("--threads", "2"),
) -> Figures:
    """Run the application with further `options`; its figures are those of its report."""
    with tempfile.TemporaryDirectory() as folder:
        report_file = Path(folder) / "report.json"
        subprocess.run(
            [
                sys.executable, "-m", "desktop_pose", "run", "--source", address, "--model", model,
                "--duration", str(seconds), "--report", str(report_file), *options,
            ],
            cwd=ROOT, env=variables, check=True, stdout=subprocess.DEVNULL, timeout=seconds + _START_S,
        )  # fmt: skip
        report = json.loads(report_file.read_text("utf-8"))
    latency, frames = report["latency_ms"]["capture_to_display"], report["frames"]
    return Figures(
        cpu_percent=report["cpu"]["process_percent_of_core"],
        fps=report["fps"]["display"],
        latency_p50_ms=latency["p50"],
        latency_p95_ms=latency["p95"],
        rss_mb=report["memory_mb"]["rss"],
        rss_peak_mb=report["memory_mb"]["rss_peak"],
        person_share=report["frames_with_person"] / (frames["inferred"] + frames["reused"]),
    )


def run_loop(
    model: str, address: str, seconds: float, variables: dict[str, str], opencv_threads: int | None = None
) -> Figures:
    """Run the plain loop, with OpenCV's threads as they are unless given; its figures are those it prints."""
    more = [] if opencv_threads is None else [str(opencv_threads)]
    with tempfile.TemporaryDirectory() as folder:
        task_file = Path(folder) / "pose.task"
        subprocess.run([sys.executable, "-c", _MAKE_TASK, model, str(task_file)], cwd=ROOT, check=True)
        done = subprocess.run(
            [
                LOOP_ENVIRONMENT / "bin" / "python", str(ROOT / "benchmarks" / "plain_loop.py"),
                address, str(task_file), str(seconds), *more,
            ],
            env={name: value for name, value in variables.items() if name != "PYTHONPATH"},
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds + _START_S,
        )  # fmt: skip
    return Figures(**json.loads(done.stdout.splitlines()[-1]))


def prepare_loop() -> None:
    """Make the environment of the plain loop, once."""
    mark = LOOP_ENVIRONMENT / "packages.txt"
    if mark.is_file() and mark.read_text("utf-8").split() == list(LOOP_PACKAGES):
        return
    print("Making an environment for the plain loop", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(LOOP_ENVIRONMENT)], check=True)
    subprocess.run(
        [LOOP_ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", *LOOP_PACKAGES], check=True
    )
    mark.write_text("\n".join(LOOP_PACKAGES), "utf-8")


def middle(runs: list[Figures]) -> Figures:
    """The median of each figure."""
    return Figures(
        *(statistics.median(getattr(run, field.name) for run in runs) for field in fields(Figures))
    )


def print_table(model: str, app: Figures, loop: Figures | None) -> None:
    """Print the figures of one model side by side."""
    print(f"\n{model:14}{'application':>13}{'plain loop':>13}{'ratio':>8}{'target':>9}")
    for field in fields(Figures):
        value = getattr(app, field.name)
        cells = f"{field.name:14}{value:13.1f}"
        if loop is None:
            cells += f"{'':21}"
        else:
            other = getattr(loop, field.name)
            cells += f"{other:13.1f}{value / other if other else float('nan'):8.2f}"
        target = TARGETS[model].get(field.name)
        if target is not None:
            holds = value >= target if field.name == "fps" else value <= target
            cells += f"{target:9.0f}{'' if holds else '  missed'}"
        print(cells)
    cells = f"{'cpu ms/frame':14}{app.cpu_ms_per_frame:13.1f}"
    if loop is not None:
        cells += f"{loop.cpu_ms_per_frame:13.1f}{app.cpu_ms_per_frame / loop.cpu_ms_per_frame:8.2f}"
    print(cells)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="length of a run")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each")
    parser.add_argument("--model", choices=MODELS, action="append", help="lite and full unless given")
    parser.add_argument("--display", choices=DISPLAYS, default="xvfb")
    parser.add_argument("--clip", type=Path, default=DEMO_CLIP, help="what the camera sees")
    parser.add_argument("--without-loop", action="store_true", help="measure the application alone")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    has_loop = not options.without_loop and options.display == "xvfb"
    if has_loop:
        prepare_loop()
    results = []
    with camera(options.clip) as address, fresh_environment(options.display) as variables:
        for model in options.model or MODELS:
            run_app(model, address, _FIRST_RUN_S, variables)  # strips the model and caches it
            app_runs, loop_runs = [], []
            for turn in range(options.rounds):
                print(f"{model}: turn {turn + 1} of {options.rounds}", file=sys.stderr)
                app_runs.append(run_app(model, address, options.seconds, variables))
                if has_loop:
                    loop_runs.append(run_loop(model, address, options.seconds, variables))
            app, loop = middle(app_runs), middle(loop_runs) if loop_runs else None
            print_table(model, app, loop)
            results.append({
                "model": model,
                "application": asdict(app),
                "plain_loop": None if loop is None else asdict(loop),
                "runs": {
                    "application": [asdict(run) for run in app_runs],
                    "plain_loop": [asdict(run) for run in loop_runs],
                },
            })  # fmt: skip
    if options.json is not None:
        document = {"schema": 1, "machine": machine(), "seconds": options.seconds, "results": results}
        options.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
