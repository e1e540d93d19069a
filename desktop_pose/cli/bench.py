"""`desktop-pose bench`: what tracking costs on this computer, for every backend and model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop_pose.cli.failures import raise_on_sigterm
from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.cli.places import expanded, try_place, write_json

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
    raise_on_sigterm()

    from rich.console import Console

    prepare_libraries()
    from desktop_pose.cli.measuring import measure

    document = measure(video, limit)
    if json_file is not None:
        write_json(json_file, document, "bench")
    Console().print(_table(document))


def _caption(rows: list[dict[str, Any] | None]) -> str:
    from desktop_pose.cli.measuring import LEAST_FRAMES

    caption = "Milliseconds a frame, median; error: from MediaPipe with the same model, of the height."
    if None in rows:
        caption += f"\n–: not measured; fewer than {LEAST_FRAMES} frames in the time, or left out."
    return caption


def _table(document: dict[str, Any]) -> "Table":
    from rich.table import Table

    table = Table(
        title=f"{document['video']}, {document['frames']} frames",
        caption=_caption(document["rows"]),
    )
    for heading in ("backend", "model"):
        table.add_column(heading)
    for heading in ("threads", "ms", "p95", "CPU ms", "MB", "detector", "error %", "p95"):
        table.add_column(heading, justify="right")
    for row in document["rows"]:
        if row is None:
            table.add_row(*["–"] * 10)
            continue
        error = row["error_percent_height"]["vs_mediapipe_same_model"]
        table.add_row(
            row["backend"],
            row["model"],
            str(row["threads"]),
            f"{row['ms_per_frame']['p50']:.1f}",
            f"{row['ms_per_frame']['p95']:.1f}",
            f"{row['cpu_ms_per_frame']:.1f}",
            f"{row['rss_mb']:.0f}",
            "–" if row["detector_runs"] is None else str(row["detector_runs"]),
            "–" if error is None else f"{error['mean']:.2f}",
            "–" if error is None else f"{error['p95']:.2f}",
        )
    return table
