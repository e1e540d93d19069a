"""`desktop-pose track`: every frame of video files, without a window."""

from pathlib import Path
from typing import Annotated

import typer

from desktop_pose.cli.failures import Terminated, raise_on_sigterm, tell
from desktop_pose.cli.libraries import keep_standard_error, prepare_libraries
from desktop_pose.cli.options import (
    given_settings,
    setting_option,
    settings_in_force,
    stored_settings,
)
from desktop_pose.cli.outputs import FORMATS, check_format, plan_outputs
from desktop_pose.cli.places import expanded, try_place, write_json
from desktop_pose.core.errors import DesktopPoseError, ExitStatus
from desktop_pose.core.settings import Backend, Rotation, Settings, Smoothing


def track(
    video: Annotated[list[str], typer.Argument(metavar="VIDEO...", help="Video files.")],
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="OUT", help="File; a folder for several, or with a final /.")
    ],
    backend: Annotated[str | None, setting_option("backend")] = None,
    model: Annotated[str | None, setting_option("model")] = None,
    threads: Annotated[str | None, setting_option("threads")] = None,
    smoothing: Annotated[str | None, setting_option("smoothing")] = None,
    mask: Annotated[
        bool, typer.Option("--mask", help="Find which pixels show people as well; the report tells the cost.")
    ] = False,
    rotate: Annotated[str | None, setting_option("rotate")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Landmarks before smoothing.")] = False,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="|".join(FORMATS), help="Format, else by suffix.", callback=check_format
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what the tracking cost as JSON.", callback=expanded),
    ] = None,
) -> None:
    """Track every frame of video files."""
    given = given_settings(backend=backend, model=model, threads=threads, smoothing=smoothing, rotate=rotate)
    settings = _for_files(stored_settings(), given | {"mask": mask}, video)
    if raw and settings.backend is Backend.MEDIAPIPE:
        raise typer.BadParameter(
            "MediaPipe gives no raw landmarks. Leave this out, or choose --backend litert.",
            param_hint="'--raw'",
        )
    outputs = plan_outputs({text: Path(text).stem for text in video}, out, format_name)
    if report is not None:
        try_place(report, "report")
    raise_on_sigterm()
    prepare_libraries()
    keep_standard_error()

    from desktop_pose.cli.tracking import Tracking

    tracking = Tracking(settings, raw=raw, overwrite=overwrite)
    ended_by, problems = "source_end", list[str]()
    try:
        for output in outputs:
            try:
                tracking.run(output)
            except DesktopPoseError as error:
                tell(f"{output.source}: {error}" if len(outputs) > 1 else str(error))
                problems.append(f"{output.source}: {error}")
        if problems:
            ended_by = "error"
    except (KeyboardInterrupt, Terminated):
        ended_by = "signal"
        raise
    except Exception as error:
        ended_by = "error"
        problems.append(f"{type(error).__name__}: {error}")
        raise
    finally:
        if report is not None:
            write_json(report, tracking.report(ended_by, "\n".join(problems) or None), "report")
    if problems:
        raise typer.Exit(ExitStatus.WORLD_FAILED)


def _for_files(stored: Settings, given: dict[str, object], videos: list[str]) -> Settings:
    """The settings for files; a stored rotation belongs to the source it was chosen for, not to these."""
    settings = settings_in_force(stored.changed(rotate=Rotation.NONE), given).changed(
        source=", ".join(videos)
    )
    if settings.backend is Backend.MEDIAPIPE:
        return settings.changed(threads=1, smoothing=Smoothing.MEDIAPIPE)
    return settings
