"""`desktop-pose run`: the window with options, or unattended."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from desktop_pose.cli.options import given_settings, setting_option, switch_option
from desktop_pose.cli.places import expanded, try_place
from desktop_pose.cli.request import RunRequest, RunWindow
from desktop_pose.core.settings import RecordingKind
from desktop_pose.core.sources import DEMO

_LONGEST_S = 2_000_000
"""Three weeks: Qt's timers count milliseconds in 31 bits."""

_PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp")


class RunCommand(TyperCommand):
    """Lets `--record` stand alone, which typer has no declaration for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  # typer's or click's
        """Parse `args` after spelling a lone `--record` out."""
        return super().parse_args(ctx, with_record_spelled_out(args))


def with_record_spelled_out(arguments: list[str]) -> list[str]:
    """`arguments` with the kind put behind a `--record` that another option or the end follows."""
    spelled = []
    for index, argument in enumerate(arguments):
        spelled.append(argument)
        following = arguments[index + 1 : index + 2]
        if argument == "--record" and (not following or following[0].startswith("-")):
            spelled.append(RecordingKind.LANDMARKS.value)
    return spelled


def _checked_picture(path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in _PICTURE_SUFFIXES:
        raise typer.BadParameter(f"End the name in one of {', '.join(_PICTURE_SUFFIXES)}.")
    return expanded(path)


def _checked_seconds(value: float | None) -> float | None:
    if value is not None and not 0 < value <= _LONGEST_S:
        raise typer.BadParameter(f"Give a number of seconds above 0 and up to {_LONGEST_S}, or leave it out.")
    return value


def make_run(run_window: RunWindow) -> Callable[..., None]:
    """The command `run`, which hands its request to `run_window`."""

    def run(
        source: Annotated[str | None, setting_option("source")] = None,
        size: Annotated[str | None, setting_option("size")] = None,
        fps: Annotated[str | None, setting_option("fps")] = None,
        rotate: Annotated[str | None, setting_option("rotate")] = None,
        backend: Annotated[str | None, setting_option("backend")] = None,
        model: Annotated[str | None, setting_option("model")] = None,
        model_file: Annotated[str | None, setting_option("model_file")] = None,
        threads: Annotated[str | None, setting_option("threads")] = None,
        people: Annotated[str | None, setting_option("people")] = None,
        smoothing: Annotated[str | None, setting_option("smoothing")] = None,
        skip: Annotated[str | None, setting_option("skip")] = None,
        cpu_budget: Annotated[str | None, setting_option("cpu_budget")] = None,
        lighter_model: Annotated[bool | None, switch_option("lighter_model")] = None,
        budget_recording: Annotated[bool | None, switch_option("budget_recording")] = None,
        mask: Annotated[bool | None, switch_option("mask")] = None,
        background: Annotated[str | None, setting_option("background")] = None,
        mirror: Annotated[bool | None, switch_option("mirror")] = None,
        record: Annotated[str | None, setting_option("record")] = None,
        video_quality: Annotated[str | None, setting_option("video_quality")] = None,
        sessions_dir: Annotated[str | None, setting_option("sessions_dir")] = None,
        duration: Annotated[
            float | None,
            typer.Option(metavar="SECONDS", help="End after so many seconds.", callback=_checked_seconds),
        ] = None,
        report: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Write what the run cost as JSON.", callback=expanded),
        ] = None,
        screenshot: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE",
                help="Save a picture of the window just before the end.",
                callback=_checked_picture,
            ),
        ] = None,
        headless: Annotated[
            bool, typer.Option("--headless", help="Run without a display, on Qt's offscreen platform.")
        ] = False,
        resources: Annotated[
            Path | None, typer.Option(metavar="FILE", hidden=True, callback=expanded)
        ] = None,
        charts: Annotated[bool, typer.Option("--charts/--no-charts", hidden=True)] = True,
    ) -> None:
        given = given_settings(
            source=source, size=size, fps=fps, rotate=rotate, backend=backend, model=model,
            model_file=model_file, threads=threads,
            people=people, smoothing=smoothing, skip=skip, cpu_budget=cpu_budget, lighter_model=lighter_model,
            budget_recording=budget_recording, mask=mask, background=background, mirror=mirror,
            record=record, video_quality=video_quality, sessions_dir=sessions_dir,
        )  # fmt: skip
        if report is not None:
            try_place(report, "report", [source or DEMO])
        if screenshot is not None:
            try_place(screenshot, "screenshot", [source or DEMO])
        request = RunRequest(given, duration, report, screenshot, headless, resources, charts)
        status = run_window(request)
        if status:
            raise typer.Exit(status)

    run.__doc__ = "Open the window, with options."
    return run
