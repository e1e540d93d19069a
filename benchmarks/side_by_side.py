"""The application and the plain loop on one stream: a run of each, its figures, and the table of them.

A target in per cent of a core or in milliseconds holds for the machine it was set on, where the plain loop
took the processor time of `REFERENCE_MS`. Beside it stands what it comes to at the speed at which the loop
runs here and now, and both are judged; ratios need no such help.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from benchmarks.surroundings import ROOT

LOOP_ENVIRONMENT = ROOT / "build" / "plain-loop-environment"
LOOP_PACKAGES = ("mediapipe==0.10.31", "opencv-python>=4.10")
REFERENCE_MS = {None: {"lite": 19.2, "full": 23.2}, 1: {"lite": 17.7, "full": 21.3}}
"""Processor milliseconds a frame of the loop on the machine of the targets, by OpenCV's threads and model."""

_SCALED = ("cpu_percent", "latency_p50_ms", "latency_p95_ms")
_AT_LEAST = ("fps",)
_START_S = 30

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


def slowness(model: str, loop: Figures, opencv_threads: int | None) -> float:
    """How many times as long as on the machine of the targets the loop computes here."""
    return loop.cpu_ms_per_frame / REFERENCE_MS[opencv_threads][model]


def table(
    title: str,
    app: Figures,
    loops: Mapping[str, Figures],
    targets: Mapping[str, float],
    slower: float | None,
    cpu_ratio: float | None = None,
) -> str:
    """The figures side by side, with ratios to the loop that takes the least processor time a frame.

    Args:
        title: Of the table.
        app: The application.
        loops: The loops by the heads of their columns; none if they were not run.
        targets: Targets by the names of their figures: at most, or at least where more is better.
        slower: How many times slower than the machine of the targets this one is; None: not known.
        cpu_ratio: Greatest ratio of the processor time to the loop's, where there is such a target; by frame,
            for a loop that falls behind the camera does less in a second.
    """
    cheapest = min(loops.values(), key=lambda loop: loop.cpu_ms_per_frame, default=None)
    lines = [f"{title:20}{'application':>12}" + "".join(f"{name:>12}" for name in loops)]
    if cheapest is not None:
        lines[0] += f"{'ratio':>8}"
    lines[0] += f"{'target':>9}{'':8}" + (f"{'x ' + format(slower, '.2f'):>8}" if slower else "")
    for name in (*(field.name for field in fields(Figures)), "cpu_ms_per_frame"):
        value = getattr(app, name)
        cells = f"{name:20}{value:12.1f}" + "".join(f"{getattr(loop, name):12.1f}" for loop in loops.values())
        if cheapest is not None:
            other = getattr(cheapest, name)
            ratio = value / other if other else float("nan")
            cells += f"{ratio:8.2f}"
            if cpu_ratio is not None and name == "cpu_ms_per_frame":
                cells += f"{cpu_ratio:9.2f}{_verdict(ratio <= cpu_ratio)}"
        if name in targets:
            target = targets[name]
            holds = value >= target if name in _AT_LEAST else value <= target
            cells += f"{target:9.0f}{_verdict(holds)}"
            if slower is not None and name in _SCALED:
                cells += f"{target * slower:8.0f}{_verdict(value <= target * slower)}"
        lines.append(cells.rstrip())
    return "\n".join(lines)


def _verdict(holds: bool) -> str:
    return "  met   " if holds else "  missed"
