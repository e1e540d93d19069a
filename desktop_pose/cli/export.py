"""`desktop-pose export`: the data of recorded sessions as files."""

from pathlib import Path
from typing import Annotated

import typer

from desktop_pose.cli.failures import raise_on_sigterm, tell
from desktop_pose.cli.options import sessions_folder, setting_option
from desktop_pose.cli.outputs import FORMATS, Output, check_format, make_ready, plan_outputs
from desktop_pose.cli.progress import progress_bar
from desktop_pose.core.errors import DesktopPoseError, ExitStatus


def export(
    session: Annotated[list[str], typer.Argument(metavar="SESSION...", help="Ids or folders of sessions.")],
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="OUT", help="File; a folder for several, or with a final /.")
    ],
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="|".join(FORMATS), help="Format, else by suffix.", callback=check_format
        ),
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Landmarks before smoothing.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")] = False,
    sessions_dir: Annotated[str | None, setting_option("sessions_dir")] = None,
) -> None:
    """Write sessions to files."""
    from desktop_pose.recording.library import find_session

    raise_on_sigterm()
    folder = sessions_folder(sessions_dir)
    infos = [find_session(text, folder) for text in session]
    paths = {str(info.path): info.path for info in infos}
    has_failed = False
    for output in plan_outputs(
        {text: path.absolute().name for text, path in paths.items()}, out, format_name
    ):
        try:
            _export_one(output, raw=raw, overwrite=overwrite)
        except DesktopPoseError as error:
            tell(str(error))
            has_failed = True
    if has_failed:
        raise typer.Exit(ExitStatus.WORLD_FAILED)


def _export_one(output: Output, *, raw: bool, overwrite: bool) -> None:
    from desktop_pose.recording import exporters
    from desktop_pose.recording.reader import SessionReader

    make_ready(output, overwrite=overwrite)
    with (
        SessionReader.open(Path(output.source)) as reader,
        progress_bar(output.path.name, reader.frame_count) as progress,
    ):
        exporters.export(reader, output.path, output.format, raw=raw, overwrite=overwrite, progress=progress)
