"""Where the pose core's time goes, and how near the landmark model comes to what the processor can do.

Every model on one and on two threads is given the same frames in turns, each frame freshly written as after
decoding, so that rows compare on a noisy machine. Before each turn the tracker forgets its person: the
detector runs on the first frame of a turn, and the other stages are those of the frames after it. The
multiply-adds are those of the convolutions of the model as it runs, without its mask head; beside them stands
a product of two 1024x1024 float32 matrices by numpy on one thread, in the same run.

Where the processor's cores are shared with other machines, interpreted code runs at one of two speeds, one
twice the other; the fastest tenth of the frames shows the higher one.

usage: python -m benchmarks.stages [CLIP] [--json FILE]
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from math import prod
from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from benchmarks.accuracy import frames_of
from benchmarks.surroundings import DEMO_CLIP, machine
from desktop_pose.core import places
from desktop_pose.core.clock import StepTimes
from desktop_pose.core.frames import Image, Size
from desktop_pose.core.poses import FloatArray
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import PoseModel
from desktop_pose.pose.landmarks import DecodedPose
from desktop_pose.pose.manifest import read_model
from desktop_pose.pose.models import MASK_OUTPUT
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions
from desktop_pose.pose.smoothing import PoseSmoother
from desktop_pose.pose.stripping import without_output

STAGES = ("crop", "landmarks", "decode", "smoothing", "detector")
AROUND = ("crop", "decode", "smoothing")
TARGET_MS = 1.0  # of these together
TURN_FRAMES = 10
FRAME_NS = 33_000_000
MATRIX_SIDE = 1024
_MULTIPLYING = {schema.BuiltinOperator.CONV_2D: 4, schema.BuiltinOperator.DEPTHWISE_CONV_2D: 3}
"""By operator: how many of the last dimensions of its weights are gone through for each output value."""

_PRODUCT = f"""
import time, numpy
random = numpy.random.default_rng(0)
a, b = (random.random(({MATRIX_SIDE}, {MATRIX_SIDE}), numpy.float32) for _ in range(2))
times = []
for _ in range(12):
    start = time.perf_counter()
    a @ b
    times.append(time.perf_counter() - start)
print(sorted(times)[len(times) // 2])
"""


@dataclass
class Row:
    """What one model on so many threads took."""

    model: PoseModel
    threads: int
    tracker: PoseTracker
    ms: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in STAGES})
    whole_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def take_turn(self, frames: list[Image], start_ns: int) -> None:
        """Track `frames`, and book what each stage took."""
        self.tracker.reset()
        written = np.empty_like(frames[0])
        for number, frame in enumerate(frames):
            cv2.bitwise_or(frame, frame, dst=written)  # a copy would go past the caches
            probe = StepTimes()
            SMOOTHING_NS.clear()
            cpu, wall = time.process_time(), time.perf_counter()
            self.tracker.track(written, start_ns + number * FRAME_NS, probe)
            wall_ms, cpu_ms = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
            took_ms = {name: ns / 1e6 for name, ns in probe.ns.items()}
            if "detector" in took_ms:
                self.ms["detector"].append(took_ms["detector"])
                continue
            smoothing_ms = sum(SMOOTHING_NS) / 1e6
            took_ms |= {"smoothing": smoothing_ms, "decode": took_ms["decode"] - smoothing_ms}
            for name in STAGES[:-1]:
                self.ms[name].append(took_ms[name])
            self.whole_ms.append(wall_ms)
            self.cpu_ms.append(cpu_ms)

    def medians(self) -> dict[str, float]:
        """Milliseconds a frame by stage, of the whole step, and of the fastest tenth around the model."""
        medians = {name: float(np.median(values)) for name, values in self.ms.items()}
        around = np.array([self.ms[name] for name in AROUND]).sum(axis=0)
        medians["around_tenth"], medians["around"] = map(float, np.percentile(around, (10, 50)))
        return medians | {"whole": float(np.median(self.whole_ms)), "cpu": float(np.median(self.cpu_ms))}


SMOOTHING_NS: list[int] = []


def time_smoothing() -> None:
    """Book the smoothing, which the tracker counts as decoding, by itself."""
    apply = PoseSmoother.apply

    def timed(
        smoother: PoseSmoother, pose: DecodedPose, time_ns: int, size: Size
    ) -> tuple[FloatArray, FloatArray]:
        start_ns = time.perf_counter_ns()
        smoothed = apply(smoother, pose, time_ns, size)
        SMOOTHING_NS.append(time.perf_counter_ns() - start_ns)
        return smoothed

    PoseSmoother.apply = timed  # type: ignore[method-assign]


def multiply_adds(content: bytes) -> int:
    """Multiply-adds of the convolutions of a TensorFlow Lite model, for one input."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    (graph,) = model.subgraphs
    total = 0
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        dimensions = _MULTIPLYING.get(max(code.builtinCode, code.deprecatedBuiltinCode))
        if dimensions is not None:
            weights = graph.tensors[operator.inputs[1]].shape[1:dimensions]
            output = graph.tensors[operator.outputs[0]].shape
            total += prod(map(int, output)) * prod(map(int, weights))
    return total


def product_s() -> float:
    """Seconds that numpy takes for the product of two matrices on one thread."""
    one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")}
    command = [sys.executable, "-c", _PRODUCT]
    done = subprocess.run(command, env=os.environ | one_thread, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


def measured(frames: list[Image]) -> list[Row]:
    """The rows of all models, on one and two threads."""
    rows = [
        Row(
            model,
            threads,
            open_tracker(
                TrackerOptions(model=model, threads=threads), resources_dir() / "models", places.cache_dir()
            ),
        )
        for model in PoseModel
        for threads in (1, 2)
    ]
    for start in range(0, len(frames), TURN_FRAMES):
        for row in rows:
            row.take_turn(frames[start : start + TURN_FRAMES], (start + 1) * FRAME_NS)
    for row in rows:
        row.tracker.close()
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path, default=DEMO_CLIP, help="default: the demo clip")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    time_smoothing()
    products_s = [product_s()]
    rows = measured(frames_of(options.clip))
    products_s.append(product_s())
    product = MATRIX_SIDE**3 / min(products_s) / 1e9
    counts = {
        model: multiply_adds(without_output(read_model(resources_dir() / "models", model.value), MASK_OUTPUT))
        for model in PoseModel
    }
    print(f"{options.clip.name}; median milliseconds a frame, crop to smoothing without the detector")
    print(f"{'model':6}{'threads':>8}" + "".join(f"{name:>11}" for name in STAGES), end="")
    print(f"{'around it':>11}{'tenth':>7}{'whole':>9}{'CPU':>9}{'10^9/s':>9}{'of product':>12}")
    documents = []
    for row in rows:
        ms = row.medians()
        rate = counts[row.model] / ms["landmarks"] / 1e6
        documents.append(
            {"model": row.model.value, "threads": row.threads, "ms": ms, "multiply_adds_per_ns": rate}
        )
        print(f"{row.model.value:6}{row.threads:8}" + "".join(f"{ms[name]:11.2f}" for name in STAGES), end="")
        print(f"{ms['around']:11.2f}{ms['around_tenth']:7.2f}{ms['whole']:9.2f}{ms['cpu']:9.2f}", end="")
        print(f"{rate:9.1f}{rate / product:12.2f}")
    print(f"around it: crop, decoding and smoothing; the target is {TARGET_MS} ms")
    print("tenth: what a tenth of the frames stayed below, while nobody else used the processor")
    print(f"10^9/s: multiply-adds per second in the landmark model; the matrix product has {product:.1f}")
    if options.json is not None:
        document = {"schema": 1, "machine": machine(), "product_per_ns": product, "rows": documents}
        options.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
