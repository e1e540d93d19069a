"""What recording costs the application, on a 1280x720 stream of 30 frames a second.

Without and with recording take turns (A B C D, A B C D), so that a difference holds on a noisy machine.
Processor time is that of the process over wall time, from 2 s after the first displayed frame; `record` is
the share of the recording's own thread. `--memory` records for longer and prints resident memory as it goes,
and `--encoders` what each quality of video costs on its own, per frame and per minute.

usage: python -m benchmarks.recording_cost [--seconds 10] [--rounds 2] [--kind video] [--quality medium]
       python -m benchmarks.recording_cost --memory [--seconds 120]
       python -m benchmarks.recording_cost --encoders
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import psutil

from benchmarks.surroundings import DEMO_CLIP, DISPLAYS, ROOT, camera, fresh_environment, machine
from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.frames import Image, Size
from desktop_pose.core.settings import RecordingKind, VideoQuality
from desktop_pose.recording.video_track import VideoTrack

NOTHING = "nothing"
KINDS = tuple(kind.value for kind in RecordingKind)
TARGETS = {"landmarks": 2.0, "video": 22.0}
"""Per cent of a core more than without."""

_START_S = 30
_FIRST_RUN_S = 5
_RESIDENT = re.compile(r"(\d+) MB")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost."""

    cpu_percent: float
    record_percent: float
    rss_peak_mb: float
    lost: int
    session_mb_per_minute: float


def run_app(
    address: str, kind: str, quality: str, seconds: float, variables: dict[str, str]
) -> tuple[Cost, list[int]]:
    """Run the application; what it cost, and its resident memory each second."""
    with tempfile.TemporaryDirectory() as folder:
        report_file, sessions = Path(folder) / "report.json", Path(folder) / "sessions"
        recording = [] if kind == NOTHING else ["--record", kind, "--video-quality", quality]
        done = subprocess.run(
            [
                sys.executable, "-m", "desktop_pose", "run", "--source", address, "--model", "full",
                "--threads", "2", "--duration", str(seconds), "--report", str(report_file),
                "--sessions-dir", str(sessions), *recording,
            ],
            cwd=ROOT, env=variables, check=True, stdout=subprocess.PIPE, text=True,
            timeout=seconds + _START_S,
        )  # fmt: skip
        report = json.loads(report_file.read_text("utf-8"))
        size_bytes = sum(file.stat().st_size for file in sessions.rglob("*") if file.is_file())
    cost = Cost(
        cpu_percent=report["cpu"]["process_percent_of_core"],
        record_percent=report["cpu"]["per_thread_percent"]["record"],
        rss_peak_mb=report["memory_mb"]["rss_peak"],
        lost=report["frames"]["dropped"]["recorder"],
        session_mb_per_minute=size_bytes / 1e6 * 60 / seconds,
    )
    return cost, [int(match[1]) for match in map(_RESIDENT.search, done.stdout.splitlines()) if match]


def compare(options: argparse.Namespace, address: str, variables: dict[str, str]) -> None:
    """Take turns, and print what each kind of recording cost more than none."""
    kinds = (NOTHING, *(options.kind or KINDS))
    runs: dict[str, list[Cost]] = {kind: [] for kind in kinds}
    for turn in range(options.rounds):
        print(f"turn {turn + 1} of {options.rounds}", file=sys.stderr)
        for kind in kinds:
            runs[kind].append(run_app(address, kind, options.quality, options.seconds, variables)[0])
    print(
        f"{'recording':12}{'CPU %':>8}{'more':>8}{'record':>8}{'target':>8}{'peak MB':>9}{'lost':>6}"
        f"{'MB/min':>8}"
    )
    for kind in kinds:
        # The differences of neighbours, and not of means: the machine changes over minutes.
        more = [
            run.cpu_percent - base.cpu_percent for run, base in zip(runs[kind], runs[NOTHING], strict=True)
        ]
        target = TARGETS.get(kind)
        print(
            f"{kind:12}{middle(runs[kind], 'cpu_percent'):8.1f}{statistics.median(more):8.1f}"
            f"{middle(runs[kind], 'record_percent'):8.1f}{'' if target is None else f'{target:.0f}':>8}"
            f"{middle(runs[kind], 'rss_peak_mb'):9.0f}{sum(run.lost for run in runs[kind]):6}"
            f"{middle(runs[kind], 'session_mb_per_minute'):8.1f}"
        )


def middle(runs: list[Cost], name: str) -> float:
    """The median of a figure."""
    return statistics.median(getattr(run, name) for run in runs)


def watch_memory(options: argparse.Namespace, address: str, variables: dict[str, str]) -> None:
    """Record video, and print resident memory at its beginning, middle and end."""
    cost, resident = run_app(address, "video", options.quality, options.seconds, variables)
    tenth = max(1, len(resident) // 10)
    print(f"resident MB over {options.seconds:.0f} s of video, in tenths:")
    print(
        "  "
        + " ".join(
            f"{statistics.median(resident[at : at + tenth]):.0f}" for at in range(0, len(resident), tenth)
        )
    )
    print(f"{cost.session_mb_per_minute:.0f} MB of session a minute; {cost.lost} frames lost")


def measure_encoders() -> None:
    """Print what each quality costs to encode, of the demo clip at 1280x720 with a camera's noise."""
    frames = _noisy_frames(120)
    size = Size(1280, 720)
    process = psutil.Process()
    cv2.setNumThreads(1)
    print(f"{'quality':10}{'ms/frame':>10}{'% of a core at 30/s':>22}{'MB/min':>8}")
    for quality in VideoQuality:
        with tempfile.TemporaryDirectory() as folder:
            track = VideoTrack(Path(folder), size, quality)
            track.write(frames[0], 0)  # opens the encoder
            began_s = sum(process.cpu_times()[:2])
            for index, frame in enumerate(frames[1:], 1):
                track.write(frame, index * NS_PER_S // 30)
            used_s = sum(process.cpu_times()[:2]) - began_s
            track.close()
            size_bytes = sum(file.stat().st_size for file in Path(folder).iterdir())
        ms = 1000 * used_s / (len(frames) - 1)
        print(f"{quality.value:10}{ms:10.2f}{ms * 3:22.1f}{size_bytes / 1e6 * 1800 / len(frames):8.0f}")


def _noisy_frames(count: int) -> list[Image]:
    capture = cv2.VideoCapture(str(DEMO_CLIP))
    rng = np.random.default_rng(1)
    noises = [rng.normal(0, 2, (720, 1280, 3)).astype(np.int16) for _ in range(4)]
    frames: list[Image] = []
    while len(frames) < count:
        ok, image = capture.read()
        if not ok:
            break
        large = cv2.resize(image, (1280, 720)).astype(np.int16) + noises[len(frames) % len(noises)]
        frames.append(np.clip(large, 0, 255).astype(np.uint8))
    capture.release()
    return frames


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10, help="length of a run")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each")
    parser.add_argument("--kind", choices=KINDS, action="append", help="all unless given")
    parser.add_argument("--quality", choices=[quality.value for quality in VideoQuality], default="medium")
    parser.add_argument("--display", choices=DISPLAYS, default="xvfb")
    parser.add_argument("--memory", action="store_true", help="watch resident memory instead")
    parser.add_argument("--encoders", action="store_true", help="measure the encoder alone instead")
    options = parser.parse_args()
    began_ns = monotonic_ns()
    if options.encoders:
        measure_encoders()
    else:
        with camera() as address, fresh_environment(options.display) as variables:
            if options.memory:
                watch_memory(options, address, variables)
            else:
                run_app(address, NOTHING, options.quality, _FIRST_RUN_S, variables)  # strips the model
                compare(options, address, variables)
    print(f"on {machine()['processor']}, in {(monotonic_ns() - began_ns) / NS_PER_S:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
