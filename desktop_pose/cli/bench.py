"""`desktop-pose bench`: what tracking costs on this computer, and what to use therefore."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop_pose.cli.failures import tell
from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.cli.places import expanded, try_place, write_json
from desktop_pose.cli.progress import progress_bar
from desktop_pose.core import places
from desktop_pose.core.ending_signals import unwind_on_signals
from desktop_pose.core.errors import MeasuringError
from desktop_pose.core.sources import DEMO

if TYPE_CHECKING:
    from desktop_pose.engine.measuring.figures import Measurement
    from desktop_pose.engine.measuring.saved import SavedMeasurements


_LONGEST_S = 3600


def _checked_limit(seconds: float) -> float:
    if not 1 <= seconds <= _LONGEST_S:
        raise typer.BadParameter(f"Give a number of seconds from 1 to {_LONGEST_S}.")
    return seconds


def bench(
    video: Annotated[
        str | None,
        typer.Argument(
            metavar="[VIDEO]", help="Video file, camera or stream; the shipped demo clip if left out."
        ),
    ] = None,
    limit: Annotated[
        float,
        typer.Option(metavar="SECONDS", help="Stop after so many seconds.", callback=_checked_limit),
    ] = 60,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write the figures as JSON.", callback=expanded),
    ] = None,
) -> None:
    """Measure what tracking costs here, and recommend settings."""
    if json_file is not None:
        try_place(json_file, "measurement", [video or DEMO])
    prepare_libraries()
    unwind_on_signals()

    measurement = _measured(video or DEMO, limit)
    if json_file is not None:
        write_json(json_file, measurement.as_document(), "measurement")
    if measurement.failure is not None:
        raise measurement.failure
    saved = _kept(measurement)

    from rich.console import Console

    from desktop_pose.cli.bench_table import advice, legend, table

    console = Console(highlight=False)
    console.print(table(measurement))
    console.print(legend(measurement))
    for part in advice(measurement, saved):
        console.print(part)
    for left_out in measurement.left_out:
        tell(str(left_out))


def _measured(text: str, limit_s: float) -> "Measurement":
    from desktop_pose.engine.measuring.measurement import measure

    with progress_bar("Measuring", 100) as advance:
        measurement = measure(text, limit_s, lambda done, total: advance(round(100 * done / max(total, 1))))
    assert measurement is not None  # nothing here gives up
    return measurement


def _kept(measurement: "Measurement") -> "SavedMeasurements":
    """The measurements that were kept before `measurement`, which is kept now."""
    from desktop_pose.engine.measuring.saved import load_all, save

    saved = load_all(places.measurements_dir())
    if saved.problem is not None:
        tell(str(saved.problem))
    try:
        save(measurement, places.measurements_dir())
    except MeasuringError as error:
        tell(str(error))
    return saved
