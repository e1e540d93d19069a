"""The child process of one row of the bench: frames on standard input, figures on standard output.

For each frame the parent writes one line of JSON, `{"time_ns", "width_px", "height_px"}`, and the pixels;
the child answers with one line. The first line it writes says that the tracker stands, or why it does not.
"""

import json
import sys
import time
from contextlib import closing
from typing import Annotated, Any, BinaryIO

import numpy as np
import typer

from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.cli.options import given_settings, setting_option
from desktop_pose.core import places
from desktop_pose.core.clock import NS_PER_MS, monotonic_ns
from desktop_pose.core.errors import DesktopPoseError, ExitStatus
from desktop_pose.core.poses import VISIBILITY, FramePoses, X, Y
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Settings


def bench_row(
    backend: Annotated[str, setting_option("backend")],
    model: Annotated[str, setting_option("model")],
    threads: Annotated[str, setting_option("threads")],
) -> None:
    """Track the frames that the bench sends."""
    prepare_libraries()

    from desktop_pose.engine.options import tracker_options
    from desktop_pose.engine.processor import ProcessorMeter
    from desktop_pose.pose.opening import open_tracker

    settings = Settings().changed(**given_settings(backend=backend, model=model, threads=threads))
    try:
        tracker = open_tracker(tracker_options(settings), resources_dir() / "models", places.cache_dir())
    except DesktopPoseError as error:
        _answer({"error": str(error)})
        raise typer.Exit(ExitStatus.WORLD_FAILED) from error
    processor = ProcessorMeter()
    _answer({"ready": True})
    with closing(tracker):
        while (frame := _read_frame(sys.stdin.buffer)) is not None:
            image, time_ns = frame
            cpu_ns, start_ns = time.process_time_ns(), monotonic_ns()
            poses = tracker.track(image, time_ns)
            wall_ns = monotonic_ns() - start_ns
            cpu_ns = time.process_time_ns() - cpu_ns
            _answer(
                {
                    "ms": wall_ns / NS_PER_MS,
                    "cpu_ms": cpu_ns / NS_PER_MS,
                    "detector_ran": poses.detector_ran,
                    "rss_peak_mb": processor.peak_resident_mb(),
                    "landmarks": _landmarks(poses),
                }
            )


def _landmarks(poses: FramePoses) -> list[list[float]] | None:
    if not poses.people:
        return None
    columns: list[list[float]] = poses.people[0].landmarks[:, [X, Y, VISIBILITY]].tolist()
    return columns


def _read_frame(stream: BinaryIO) -> tuple[Any, int] | None:
    line = stream.readline()
    if not line:
        return None
    told = json.loads(line)
    height_px, width_px = told["height_px"], told["width_px"]
    pixels = stream.read(height_px * width_px * 3)
    return np.frombuffer(pixels, np.uint8).reshape(height_px, width_px, 3), told["time_ns"]


def _answer(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()
