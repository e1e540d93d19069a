"""Starts the processes of rows, a few at a time: on a slow computer some are then ready in time."""

from collections.abc import Callable, Sequence
from threading import Event

from desktop_pose.core import places
from desktop_pose.core.clock import monotonic_ns
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Backend, PoseModel, core_count
from desktop_pose.core.skip import EVERY_FRAME
from desktop_pose.engine.measuring.row_process import RowProcess
from desktop_pose.engine.measuring.rows import Row
from desktop_pose.pose.manifest import model_file

_POLL_S = 0.02


def start_rows(
    rows: Sequence[Row], deadline_ns: int, tick: Callable[[], object], started: list[RowProcess]
) -> list[Row]:
    """Start the processes of `rows` and wait until they stand; the rows for which there was not the time.

    Args:
        rows: What to measure.
        deadline_ns: Until when they have to stand; those that do not by then have failed.
        tick: Called again and again; what it raises ends the waiting.
        started: Every process is put here as soon as it exists, to be ended by the caller in any case.
    """
    waiting = sorted(rows, key=_urgency)
    unsettled: list[RowProcess] = []
    pause = Event()
    while waiting or unsettled:
        tick()
        unsettled = [child for child in unsettled if not child.has_settled()]
        if monotonic_ns() >= deadline_ns:
            for child in unsettled:
                child.leave_out("it was not ready in time")
            return waiting
        while waiting and len(unsettled) <= core_count():
            child = RowProcess(waiting.pop(0), tick)
            started.append(child)
            unsettled.append(child)
        pause.wait(_POLL_S)
    return waiting


def rows_to_prepare(rows: Sequence[Row]) -> list[Row]:
    """A row for each model that is not in the cache: rows that make it take longer and more memory."""
    cached = {path.name.partition(".")[0] for path in places.cache_dir().glob("*.tflite")}
    by_model = {row.model: row for row in rows if row.backend is Backend.LITERT}
    return [row for model, row in by_model.items() if _file_stem(model) not in cached]


def _urgency(row: Row) -> tuple[bool, int, bool]:
    """First what others are compared with, the small models, and our own."""
    return row.skip != EVERY_FRAME, list(PoseModel).index(row.model), row.backend is Backend.MEDIAPIPE


def _file_stem(model: PoseModel) -> str:
    return model_file(resources_dir() / "models", model.value).path.stem
