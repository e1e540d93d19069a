"""`desktop-pose bench`: what tracking costs on this computer, for every backend and model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.cli.places import expanded, try_place, write_json
from desktop_pose.core.ending_signals import unwind_on_signals

if TYPE_CHECKING:
    from rich.table import Table


def bench(
    video: Annotated[
        str | None, typer.Argument(metavar="[VIDEO]", help="Video file; the shipped demo clip if left out.")
    ] = None,
    limit: Annotated[float, typer.Option(metavar="SECONDS", min=1, help="Stop after so many seconds.")] = 60,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write the figures as JSON.", callback=expanded),
    ] = None,
) -> None:
    """Measure what tracking costs here."""
    if json_file is not None:
        try_place(json_file, "bench")
    from rich.console import Console

    prepare_libraries()
    from desktop_pose.cli.measuring import measure

    unwind_on_signals()
    document = measure(video, limit)
    if json_file is not None:
        write_json(json_file, document, "bench")
    Console().print(_table(document))


def _caption(rows: list[dict[str, Any] | None]) -> str:
    from desktop_pose.cli.measuring import LEAST_FRAMES

    caption = (
        "ms: wall time a frame, median and 95th percentile\n"
        "CPU ms: processor time a frame, all threads, mean\n"
        "x: as a share of MediaPipe's with the same model and one thread\n"
        "MB: the most that was resident; det.: runs of the detector\n"
        "same, p95: distance from MediaPipe's landmarks in % of the height\n"
        "heavy: mean distance from MediaPipe's landmarks with heavy"
    )
    if None in rows:
        caption += f"\n–: not measured; fewer than {LEAST_FRAMES} frames in the time, or left out."
    return caption


def _table(document: dict[str, Any]) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    rows = document["rows"]
    table = Table(
        title=f"{document['video']}, {document['frames']} frames",
        caption=_caption(rows),
        box=SIMPLE_HEAD,
        padding=0,
    )
    for heading in ("backend", "model"):
        table.add_column(heading, no_wrap=True)
    for heading in ("thr.", "ms", "p95", "x", "CPU ms", "x", "MB", "det.", "same", "p95", "heavy"):
        table.add_column(heading, justify="right", no_wrap=True)
    theirs = {row["model"]: row for row in rows if row is not None and row["backend"] == "mediapipe"}
    for row in rows:
        table.add_row(*(_cells(row, theirs.get(row["model"])) if row is not None else ["–"] * 13))
    return table


def _cells(row: dict[str, Any], reference: dict[str, Any] | None) -> list[str]:
    wall_ms, cpu_ms = row["ms_per_frame"]["p50"], row["cpu_ms_per_frame"]
    error = row["error_percent_height"]
    same_model, heavy = error["vs_mediapipe_same_model"], error["vs_mediapipe_heavy"]
    return [
        row["backend"],
        row["model"],
        str(row["threads"]),
        f"{wall_ms:.1f}",
        f"{row['ms_per_frame']['p95']:.1f}",
        "–" if reference is None else f"{wall_ms / reference['ms_per_frame']['p50']:.2f}",
        f"{cpu_ms:.1f}",
        "–" if reference is None else f"{cpu_ms / reference['cpu_ms_per_frame']:.2f}",
        f"{row['rss_mb']:.0f}",
        "–" if row["detector_runs"] is None else str(row["detector_runs"]),
        "–" if same_model is None else f"{same_model['mean']:.2f}",
        "–" if same_model is None else f"{same_model['p95']:.2f}",
        "–" if heavy is None else f"{heavy['mean']:.2f}",
    ]
