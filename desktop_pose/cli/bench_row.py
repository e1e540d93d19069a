"""The child process of one row of the bench: turns on standard input, figures on standard output.

The parent is `engine/measuring/row_process.py`. The first line written says that the tracker stands, or why
it does not; after that one line for each turn.
"""

import json
import sys
import time
from contextlib import closing
from io import FileIO
from typing import Annotated, Any

import numpy as np
import typer

from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.cli.options import given_settings, setting_option
from desktop_pose.core import places
from desktop_pose.core.clock import NS_PER_MS, NS_PER_S, monotonic_ns
from desktop_pose.core.errors import DesktopPoseError, ExitStatus
from desktop_pose.core.frames import Image
from desktop_pose.core.poses import VISIBILITY, FramePoses, X, Y
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Settings
from desktop_pose.pose.protocol import PoseTracker


def bench_row(
    backend: Annotated[str, setting_option("backend")],
    model: Annotated[str, setting_option("model")],
    threads: Annotated[str, setting_option("threads")],
    skip: Annotated[str, setting_option("skip")],
) -> None:
    """Track the frames that the bench names."""
    prepare_libraries()

    from desktop_pose.engine.options import tracker_options
    from desktop_pose.engine.processor import ProcessorMeter
    from desktop_pose.pose.opening import open_tracker

    given = given_settings(backend=backend, model=model, threads=threads, skip=skip)
    try:
        options = tracker_options(Settings().changed(**given))
        tracker = open_tracker(options, resources_dir() / "models", places.cache_dir())
    except DesktopPoseError as error:
        _answer({"error": str(error)})
        raise typer.Exit(ExitStatus.WORLD_FAILED) from error
    processor = ProcessorMeter()
    _answer({"ready": True})
    with closing(tracker):
        while line := sys.stdin.buffer.readline():
            _answer(_track(tracker, json.loads(line)) | {"rss_peak_mb": processor.peak_resident_mb()})


def _track(tracker: PoseTracker, turn: dict[str, Any]) -> dict[str, Any]:
    """The answer to a turn, but for the memory."""
    shape = turn["height_px"], turn["width_px"], 3
    wall_ns, cpu_ns = [], []
    all_poses: list[FramePoses] = []
    # Threads of an interpreter go on for a while after a frame, waiting for work; that is part of its price.
    # What this thread does between the frames is not.
    used_ns, own_ns = time.process_time_ns(), time.thread_time_ns()
    begun_ns = due_ns = monotonic_ns()
    with FileIO(turn["file"]) as file:
        for place, time_ns in turn["frames"]:
            _wait_until(due_ns)
            due_ns += turn["interval_ns"]
            image = _read(file, place, shape)
            before_ns, before_own_ns = time.process_time_ns(), time.thread_time_ns()
            start_ns = monotonic_ns()
            all_poses.append(tracker.track(image, time_ns))
            wall_ns.append(monotonic_ns() - start_ns)
            own_ns += time.thread_time_ns() - before_own_ns
            cpu_ns.append(time.process_time_ns() - before_ns)
    _wait_until(due_ns)
    bookkeeping_ns = time.thread_time_ns() - own_ns
    used_ns = time.process_time_ns() - used_ns - bookkeeping_ns
    return {
        "ms": [each / NS_PER_MS for each in wall_ns],
        "step_cpu_ms": [each / NS_PER_MS for each in cpu_ns],
        "cpu_ms": used_ns / NS_PER_MS,
        "wall_ms": (monotonic_ns() - begun_ns) / NS_PER_MS,
        "detector_ran": [poses.detector_ran for poses in all_poses],
        "reused": [poses.reused for poses in all_poses],
        "landmarks": [_landmarks(poses) for poses in all_poses],
    }


def _wait_until(due_ns: int) -> None:
    time.sleep(max(due_ns - monotonic_ns(), 0) / NS_PER_S)


def _read(file: FileIO, place: int, shape: tuple[int, int, int]) -> Image:
    """The frame at `place`, in memory of its own, as a frame from a camera is."""
    image = np.empty(shape, np.uint8)
    file.seek(place * image.nbytes)
    view = image.reshape(-1).data
    while view:
        count = file.readinto(view)
        if not count:
            raise EOFError(f"there is no frame {place}")
        view = view[count:]
    return image


def _landmarks(poses: FramePoses) -> list[list[float]] | None:
    if not poses.people:
        return None
    columns: list[list[float]] = poses.people[0].landmarks[:, [X, Y, VISIBILITY]].tolist()
    return columns


def _answer(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()
