"""A measurement as the terminal shows it, in 80 columns."""

from collections.abc import Iterator
from statistics import median

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from desktop_pose.core.settings import Backend
from desktop_pose.engine.measuring.figures import Apart, Measurement, RowFigures
from desktop_pose.engine.measuring.measurement import STRETCH_FRAMES
from desktop_pose.engine.measuring.recommendation import Target, in_threads, in_words, recommend
from desktop_pose.engine.measuring.saved import SavedMeasurements, cost_ratio, newest_like

_NOTHING = "–"
_LEGEND = (
    "ms, p95: wall time a frame without a pause, median and 95th percentile",
    "CPU: processor ms a frame, all threads; x: as a share of MediaPipe's (MP)",
    "30/s, p95: per cent of a core and ms when frames come 30 times a second",
    "max: frames a second at most; MB: the most that was resident",
    "same, heavy: mean distance from MediaPipe's landmarks with the same model",
    "and with heavy, in % of the person's height",
)
_LEAST_PEOPLE = 0.5


def table(measurement: Measurement) -> Table:
    """All rows."""
    made = Table(
        title=f"{measurement.video}, {measurement.frames} frames; {measurement.machine.processor}, "
        f"{measurement.machine.usable_cores} cores",
        box=SIMPLE_HEAD,
        padding=0,
    )
    for heading in ("model", "skip"):
        made.add_column(heading, no_wrap=True)
    for heading in ("thr.", "ms", "x", "p95", "CPU", "x", "30/s", "p95", "max", "MB", "same", "heavy"):
        made.add_column(heading, justify="right", no_wrap=True)
    theirs = {row.row.model: row for row in measurement.measured if row.row.backend is Backend.MEDIAPIPE}
    for figures in measurement.rows:
        if figures is None:
            made.add_row(*[_NOTHING] * 14)
        else:
            made.add_row(*_cells(figures, theirs.get(figures.row.model)))
    return made


def legend(measurement: Measurement) -> str:
    """What the columns mean."""
    lines = list(_LEGEND)
    if None in measurement.rows:
        lines.append(f"{_NOTHING}: not measured; fewer than {STRETCH_FRAMES} frames in the time, or left out")
    return "\n".join((*lines, ""))


def advice(measurement: Measurement, saved: SavedMeasurements) -> Iterator[RenderableType]:
    """What is odd about the measurement, what to use for each target, and what has changed since the last."""
    if measurement.frames_with_person < _LEAST_PEOPLE * measurement.frames:
        yield "Nobody was seen in most frames: the figures are those of an empty picture."
    for target in Target:
        recommendation = recommend(measurement, target)
        if recommendation is None:
            yield "There was too little time to recommend settings; give more with --limit."
            break
        row = recommendation.figures.row
        settings = f"{row.model.value}, {in_threads(row.threads)}, skip {row.skip}"
        yield Text(f"{target.label}: {settings}", "bold")
        yield Padding(in_words(recommendation), (0, 0, 0, 2))
        options = f"--model {row.model.value} --threads {row.threads} --skip {row.skip}"
        yield Padding(f"desktop-pose run {options}", (0, 0, 1, 2))
    changes = _changes(measurement, saved)
    if changes is not None:
        yield changes


def _changes(measurement: Measurement, saved: SavedMeasurements) -> str | None:
    earlier = newest_like(saved, measurement)
    if earlier is None:
        return None
    ratios = [cost_ratio(figures, earlier.find(figures.row)) for figures in measurement.measured]
    known = [ratio for ratio in ratios if ratio is not None]
    if not known:
        return None
    when = earlier.started[:16].replace("T", " ")
    return (
        f"Processor time at 30/s against the measurement of {when}: {median(known):.2f} times, "
        f"{min(known):.2f} to {max(known):.2f} over {len(known)} rows"
    )


def _cells(figures: RowFigures, reference: RowFigures | None) -> list[str]:
    row, paced = figures.row, figures.paced
    is_theirs = row.backend is Backend.MEDIAPIPE
    return [
        f"MP {row.model.value}" if is_theirs else row.model.value,
        "" if is_theirs else str(row.skip),
        str(row.threads),
        _ms(figures.ms.p50),
        _NOTHING if reference is None else f"{figures.ms.p50 / reference.ms.p50:.2f}",
        _ms(figures.ms.p95),
        _ms(figures.cpu_ms),
        _NOTHING if reference is None else f"{figures.cpu_ms / reference.cpu_ms:.2f}",
        _NOTHING if paced is None else f"{paced.percent_of_core:.0f} %",
        _NOTHING if paced is None else _ms(paced.ms.p95),
        f"{figures.sustainable_hz:.0f}",
        f"{figures.rss_mb:.0f}",
        _mean(figures.vs_same),
        _mean(figures.vs_heavy),
    ]


def _ms(value: float) -> str:
    """In four characters, as 80 columns have room for."""
    return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def _mean(apart: Apart | None) -> str:
    return _NOTHING if apart is None else f"{apart.mean:.2f}"
