"""Measures the rows of the bench: a child process each, fed the same frames in turns.

In turns, so that whatever else the computer does hits every row alike and ratios between rows hold.
"""

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_pose.capture.protocol import BadFrameError, FrameSource
from desktop_pose.cli.progress import progress_bar
from desktop_pose.cli.row_process import Row, RowProcess
from desktop_pose.cli.videos import open_video
from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.frames import Image, Size, SourceKind
from desktop_pose.core.settings import Backend, PoseModel, core_count
from desktop_pose.core.sources import DEMO
from desktop_pose.core.topology import LANDMARK_COUNT

CHUNK_FRAMES = 10
"""Frames a row gets in its turn: enough for its caches to be its own, few against a machine's drift."""

LEAST_FRAMES = 30


def all_rows() -> tuple[Row, ...]:
    """Both backends and all models; LiteRT on 1 and 2 threads where there are two cores."""
    rows = [
        Row(Backend.LITERT, model, threads)
        for model in PoseModel
        for threads in (1, 2)
        if threads <= core_count()
    ]
    return (*rows, *(Row(Backend.MEDIAPIPE, model, 1) for model in PoseModel))


def measure(video: str | None, limit_s: float) -> dict[str, Any]:
    """The document of the bench on `video`, the demo clip if None, within `limit_s` seconds.

    Raises:
        SourceError: The video cannot be read.
    """
    deadline_ns = monotonic_ns() + int(limit_s * NS_PER_S)
    rows = all_rows()
    with ExitStack() as stack:
        source = stack.enter_context(open_video(video or DEMO, ahead=False))
        children = [RowProcess(row) for row in rows]
        for child in children:
            stack.callback(child.close)
        for child in children:
            child.wait_until_ready()
        size = source.info.size
        frames = _feed(source, children, deadline_ns)
        document_rows = _document_rows(children, frames, size)
        name = DEMO if source.info.kind is SourceKind.DEMO else str(video)
    return {"schema": 1, "machine": _machine(), "video": name, "frames": frames, "rows": document_rows}


def _feed(source: FrameSource, children: list["RowProcess"], deadline_ns: int) -> int:
    """Give all frames to all children in turns; the number of frames that every child has had."""
    total, frames = source.info.frame_count, _frames(source)
    done = 0
    with progress_bar("bench", total) as progress:
        while monotonic_ns() < deadline_ns and (chunk := list(islice(frames, CHUNK_FRAMES))):
            for child in children:
                child.track(chunk)
                if monotonic_ns() >= deadline_ns:
                    # The others have not had this chunk: it counts for nobody.
                    return done
            done += len(chunk)
            progress(done)
    return done


def _frames(source: FrameSource) -> Iterator[tuple[Image, int]]:
    last_ns = -1
    while source.grab():
        last_ns = max(source.media_ns or 0, last_ns + 1)
        try:
            yield source.retrieve(), last_ns
        except BadFrameError:
            continue


def _document_rows(children: list[RowProcess], frames: int, size: Size) -> list[dict[str, Any] | None]:
    references = {
        child.row.model: _points_px(child.answers[:frames], size)
        for child in children
        if child.row.backend is Backend.MEDIAPIPE and _is_measured(child, frames)
    }
    return [
        _document_row(child, frames, references, size) if _is_measured(child, frames) else None
        for child in children
    ]


def _is_measured(child: RowProcess, frames: int) -> bool:
    return frames >= LEAST_FRAMES and len(child.answers) >= frames


def _document_row(
    child: RowProcess, frames: int, references: dict[PoseModel, NDArray[np.float64]], size: Size
) -> dict[str, Any]:
    answers = child.answers[:frames]
    points_px = _points_px(answers, size)
    p50, p95 = np.percentile([answer["ms"] for answer in answers], [50, 95])
    runs = [answer["detector_ran"] for answer in answers]
    return {
        "backend": child.row.backend.value,
        "model": child.row.model.value,
        "threads": child.row.threads,
        "skip": "off",
        "ms_per_frame": {"p50": round(float(p50), 3), "p95": round(float(p95), 3)},
        "cpu_ms_per_frame": round(float(np.mean([answer["cpu_ms"] for answer in answers])), 3),
        "rss_mb": round(max(answer["rss_peak_mb"] for answer in answers), 1),
        "detector_runs": None if None in runs else sum(runs),
        "error_percent_height": {
            name: error_percent_height(points_px, references[model]) if model in references else None
            for name, model in (
                ("vs_mediapipe_same_model", child.row.model),
                ("vs_mediapipe_heavy", PoseModel.HEAVY),
            )
        },
    }


def _points_px(answers: list[dict[str, Any]], size: Size) -> NDArray[np.float64]:
    """(frames, 33, 2) pixels, NaN where nobody was found."""
    points = np.full((len(answers), LANDMARK_COUNT, 2), np.nan)
    for index, answer in enumerate(answers):
        if answer["landmarks"] is not None:
            points[index] = np.asarray(answer["landmarks"])[:, :2] * (size.width_px, size.height_px)
    return points


def error_percent_height(
    points_px: NDArray[np.float64], reference_px: NDArray[np.float64]
) -> dict[str, float] | None:
    """Mean and 95th percentile of the 2-D distance, in per cent of the person's height.

    The height is the clip's median of (max y - min y) over the reference's landmarks.

    Args:
        points_px: (frames, 33, 2) pixels, NaN where nobody was found.
        reference_px: The same of the reference.

    Returns:
        Over all landmarks of all frames in which both found somebody; None where there is no such frame.
    """
    both = ~np.isnan(points_px[:, 0, 0]) & ~np.isnan(reference_px[:, 0, 0])
    if not both.any():
        return None
    y_px = reference_px[~np.isnan(reference_px[:, 0, 0]), :, 1]
    height_px = float(np.median(y_px.max(axis=1) - y_px.min(axis=1)))
    distances = np.linalg.norm(points_px[both] - reference_px[both], axis=-1) / height_px * 100
    return {"mean": round(float(distances.mean()), 4), "p95": round(float(np.percentile(distances, 95)), 4)}


def _machine() -> dict[str, Any]:
    return {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "processor": _processor_name(),
        "cores": os.cpu_count(),
        "usable_cores": core_count(),
        "python": platform.python_version(),
    }


def _processor_name() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
