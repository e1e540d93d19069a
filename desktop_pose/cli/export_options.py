"""Options of `export` and `track` that say where and how a format is written, and which of them it has."""

from typing import Annotated

import typer

from desktop_pose.cli.outputs import Output, check_format
from desktop_pose.recording.exporters import FORMATS, ExportOptions
from desktop_pose.recording.exporters.protocol import CHARTS, HIGHEST_RATE_HZ, MOST_CHARTS


def _check_rate(rate: float | None) -> float | None:
    if rate is not None and not 0 < rate <= HIGHEST_RATE_HZ:
        raise typer.BadParameter(f"{rate:g} is no rate. Choose one above 0 and up to {HIGHEST_RATE_HZ}.")
    return rate


OutOption = Annotated[
    str, typer.Option("--out", "-o", metavar="OUT", help="File; a folder for several, or with a final /.")
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="|".join(FORMATS), help="Format, else by suffix.", callback=check_format
    ),
]
RawOption = Annotated[bool, typer.Option("--raw", help="Landmarks before smoothing.")]
RateOption = Annotated[
    float | None,
    typer.Option(
        "--rate",
        metavar="N",
        help="Frames per second of formats that have one rate, else the median rate.",
        callback=_check_rate,
    ),
]
AnglesOption = Annotated[bool, typer.Option("--angles", help="Write joint angles on the annotated video.")]


def _check_charts(charts: list[str] | None) -> list[str] | None:
    for chart in charts or ():
        if chart not in CHARTS:
            raise typer.BadParameter(f"{chart!r} is no chart. Choose from {', '.join(CHARTS)}.")
    if len(charts or ()) > MOST_CHARTS:
        raise typer.BadParameter(f"There is room for {MOST_CHARTS} charts at most.")
    return charts


ChartOption = Annotated[
    list[str] | None,
    typer.Option(
        "--chart",
        metavar="ANGLE",
        help=f"Draw a chart below the annotated video, up to {MOST_CHARTS} times: {', '.join(CHARTS)}.",
        callback=_check_charts,
    ),
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")]


def check_options(outputs: tuple[Output, ...], options: ExportOptions) -> None:
    """Make sure that the format of `outputs` has all `options` that were given.

    Raises:
        typer.BadParameter: It has not.
    """
    for output in outputs:
        each = FORMATS[output.format]
        if options.rate_hz is not None and not each.has_constant_rate:
            raise typer.BadParameter(
                f"{each.name} keeps the frames' own times. Leave this out.", param_hint="'--rate'"
            )
        if options.charts and not each.shows_pictures:
            raise typer.BadParameter(
                f"{each.name} shows no picture to draw below. Leave this out; mot has the angles.",
                param_hint="'--chart'",
            )
        if options.angles and not each.shows_pictures:
            raise typer.BadParameter(
                f"{each.name} shows no picture to write on. Leave this out; mot has the angles.",
                param_hint="'--angles'",
            )
