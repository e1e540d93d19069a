"""`desktop-pose track`: every frame of video files, without a window."""

import os
from pathlib import Path
from typing import Annotated

import typer

from desktop_pose import __version__
from desktop_pose.cli.export_options import (
    AnglesOption,
    ChartOption,
    FormatOption,
    OutOption,
    OverwriteOption,
    RateOption,
    RawOption,
    check_options,
)
from desktop_pose.cli.failures import tell
from desktop_pose.cli.ledger import Ledger, OutputState, identity
from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.cli.options import (
    given_settings,
    setting_option,
    settings_in_force,
    stored_settings,
)
from desktop_pose.cli.outputs import plan_outputs
from desktop_pose.cli.places import expanded, try_place, write_json
from desktop_pose.cli.streams import keep_standard_error
from desktop_pose.core import places
from desktop_pose.core.ending_signals import Terminated, unwind_on_signals
from desktop_pose.core.errors import DesktopPoseError, ExitStatus
from desktop_pose.core.settings import Backend, Rotation, Settings, Smoothing, as_record
from desktop_pose.core.skip import EVERY_FRAME
from desktop_pose.recording.exporters import ExportOptions

_MOST_JOBS = 64


def track(
    video: Annotated[list[str], typer.Argument(metavar="VIDEO...", help="Video files.")],
    out: OutOption,
    backend: Annotated[str | None, setting_option("backend")] = None,
    model: Annotated[str | None, setting_option("model")] = None,
    model_file: Annotated[str | None, setting_option("model_file")] = None,
    threads: Annotated[str | None, setting_option("threads")] = None,
    people: Annotated[str | None, setting_option("people")] = None,
    smoothing: Annotated[str | None, setting_option("smoothing")] = None,
    skip: Annotated[str | None, setting_option("skip")] = None,
    mask: Annotated[
        bool, typer.Option("--mask", help="Find which pixels show people as well; the report tells the cost.")
    ] = False,
    rotate: Annotated[str | None, setting_option("rotate")] = None,
    raw: RawOption = False,
    format_name: FormatOption = None,
    rate: RateOption = None,
    angles: AnglesOption = False,
    chart: ChartOption = None,
    overwrite: OverwriteOption = False,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            metavar="N",
            min=1,
            max=_MOST_JOBS,
            help="Files at a time, each with as many threads as --threads says.",
        ),
    ] = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="Pass over what was tracked before with the same settings.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what the tracking cost as JSON.", callback=expanded),
    ] = None,
) -> None:
    """Track every frame of video files."""
    given = given_settings(
        backend=backend,
        model=model,
        model_file=model_file,
        threads=threads,
        people=people,
        smoothing=smoothing,
        skip=skip,
        rotate=rotate,
    )
    settings = _for_files(stored_settings(), given | {"mask": mask}, video)
    if raw and settings.backend is Backend.MEDIAPIPE:
        raise typer.BadParameter(
            "MediaPipe gives no raw landmarks. Leave this out, or choose --backend litert.",
            param_hint="'--raw'",
        )
    planned = plan_outputs({text: Path(text).stem for text in video}, out, format_name)
    options = ExportOptions(raw=raw, rate_hz=rate, angles=angles, charts=tuple(dict.fromkeys(chart or ())))
    check_options(planned, options)
    ledger = Ledger(places.cache_dir(), _deciding(settings, options))
    states = {output: ledger.state(output) for output in planned} if resume else {}
    outputs = tuple(output for output in planned if states.get(output) is not OutputState.DONE)
    if report is not None:
        try_place(report, "report", video)
        if os.path.realpath(report) in [os.path.realpath(output.path) for output in planned]:
            raise typer.BadParameter(
                f"{report} is what is tracked already. Choose another name.", param_hint="'--report'"
            )
    prepare_libraries()
    keep_standard_error()

    from desktop_pose.cli.batch import Batch
    from desktop_pose.cli.progress import progress_bars
    from desktop_pose.cli.tracking import Tracking

    unwind_on_signals()
    ended_by, problems, are_done = "source_end", dict[str, DesktopPoseError](), False
    bug: str | None = None
    tracking = None
    try:
        with progress_bars(len(outputs)) as bars:
            tracking = Tracking(settings, options, bars, ledger, states, overwrite=overwrite)
            batch = Batch(tracking.run, bars.finish_file)
            problems = batch.problems
            batch.run(outputs, jobs)
            are_done = True
        if problems:
            ended_by = "error"
    except (KeyboardInterrupt, Terminated):
        ended_by = "signal"
        raise
    except Exception as error:
        ended_by = "error"
        bug = f"{type(error).__name__}: {error}"
        raise
    finally:
        _tell_all(problems, len(planned), len(planned) - len(outputs), are_done=are_done)
        if report is not None and tracking is not None:
            lines = [f"{source}: {error}" for source, error in problems.items()]
            text = "\n".join([*lines, bug] if bug else lines) or None
            write_json(report, tracking.report(ended_by, text), "report")
    if problems:
        raise typer.Exit(ExitStatus.WORLD_FAILED)


def _tell_all(problems: dict[str, DesktopPoseError], count: int, passed_over: int, *, are_done: bool) -> None:
    """Say which of `count` files failed, and how many were there already."""
    for source, error in problems.items():
        tell(f"{source}: {error}" if count > 1 else str(error))
    if problems and count > 1:
        others = " The others are complete." if are_done and len(problems) < count else ""
        tell(f"{len(problems)} of {count} files failed, as told above.{others}")
    if passed_over:
        tell(f"{passed_over} of {count} files were tracked before.")


def _deciding(settings: Settings, options: ExportOptions) -> dict[str, object]:
    """Everything that decides what comes out of a file."""
    record = as_record(settings)
    chosen = {key: record[key] for key in ("backend", "model", "people", "smoothing", "skip", "rotate")}
    own = None if settings.model_file is None else identity(Path(settings.model_file))
    asked = {
        "raw": options.raw,
        "rate_hz": options.rate_hz,
        "angles": options.angles,
        "charts": options.charts,
    }
    return {"program_version": __version__, **chosen, "model_file": own, **asked}


def _for_files(stored: Settings, given: dict[str, object], videos: list[str]) -> Settings:
    """The settings for files: every frame is inferred and none is turned, unless that is said here."""
    for_files = stored.changed(rotate=Rotation.NONE, skip=EVERY_FRAME)
    settings = settings_in_force(for_files, given).changed(source=", ".join(videos))
    if settings.backend is Backend.MEDIAPIPE:
        return settings.changed(threads=1, smoothing=Smoothing.MEDIAPIPE)
    return settings
