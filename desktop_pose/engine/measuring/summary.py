"""Makes figures of what the rows answered."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Size
from desktop_pose.core.settings import Backend, PoseModel
from desktop_pose.engine.measuring.accuracy import distance, points_px
from desktop_pose.engine.measuring.figures import Apart, Paced, RowFigures, Spread
from desktop_pose.engine.measuring.row_process import Answer
from desktop_pose.engine.measuring.rows import Row

Answers = Sequence[tuple[Answer, int]]
"""Of one row: the answer to each stretch, and the pause between its frames in nanoseconds. The first is the
warm-up: its frames count for the distances, and its times do not."""

_Points = NDArray[np.float64]

_SETTLING_FRAMES = 2
"""At the beginning of a turn another row's data are still in the caches; no live picture meets that."""


def summarised(rows: Sequence[Row], answers: Mapping[Row, Answers], size: Size) -> dict[str, Any]:
    """The attributes `frames`, `frames_with_person` and `rows` of a `Measurement`."""
    points = {row: points_px(_joined(of_row), size) for row, of_row in answers.items()}
    references = {row.model: points[row] for row in answers if row.backend is Backend.MEDIAPIPE}
    first = next(iter(points.values()), np.empty((0, 1, 2)))
    return {
        "frames": len(first),
        "frames_with_person": int((~np.isnan(first[:, 0, 0])).sum()),
        "rows": tuple(
            _figures(row, answers[row], points[row], references) if row in answers else None for row in rows
        ),
    }


def _joined(answers: Answers) -> NDArray[np.float32]:
    return np.concatenate([answer.landmarks for answer, _ in answers])


def _figures(
    row: Row,
    answers: Answers,
    points: NDArray[np.float64],
    references: Mapping[PoseModel, NDArray[np.float64]],
) -> RowFigures:
    measured = answers[1:]
    unpaced = [answer for answer, interval_ns in measured if interval_ns == 0]
    paced = [answer for answer, interval_ns in measured if interval_ns != 0]
    wall_ms = _of_frames([answer.ms for answer in unpaced])
    runs = [ran for answer, _ in answers for ran in answer.detector_ran]
    return RowFigures(
        row=row,
        ms=_spread(wall_ms),
        cpu_ms=round(float(_of_frames([answer.step_cpu_ms for answer in unpaced]).mean()), 3),
        sustainable_hz=round(1000 / float(wall_ms.mean()), 1),
        rss_mb=round(max(answer.rss_peak_mb for answer, _ in answers), 1),
        detector_runs=None if None in runs else sum(bool(ran) for ran in runs),
        reused=sum(sum(answer.reused) for answer, _ in answers),
        paced=_paced(paced) if paced else None,
        vs_same=_apart(points, references.get(row.model)),
        vs_heavy=_apart(points, references.get(PoseModel.HEAVY)),
    )


def _paced(answers: list[Answer]) -> Paced:
    frames = sum(len(answer.ms) for answer in answers)
    return Paced(
        ms=_spread(_of_frames([answer.ms for answer in answers])),
        cpu_ms=round(sum(answer.cpu_ms for answer in answers) / frames, 3),
        hz=round(1000 * frames / sum(answer.wall_ms for answer in answers), 1),
    )


def _of_frames(turns: list[list[float]]) -> NDArray[np.float64]:
    return np.concatenate([turn[_SETTLING_FRAMES:] for turn in turns])


def _spread(values: NDArray[np.float64]) -> Spread:
    p50, p95 = np.percentile(values, [50, 95])
    return Spread(round(float(p50), 3), round(float(p95), 3))


def _apart(points: _Points, reference: _Points | None) -> Apart | None:
    return None if reference is None else distance(points, reference)
