"""`desktop-pose export`: recorded sessions as files."""

from pathlib import Path
from typing import Annotated

import typer

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
from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.cli.options import sessions_folder, setting_option
from desktop_pose.cli.outputs import Output, make_ready, plan_outputs
from desktop_pose.cli.progress import Bars, progress_bars
from desktop_pose.cli.streams import keep_standard_error
from desktop_pose.core.ending_signals import unwind_on_signals
from desktop_pose.core.errors import DesktopPoseError, ExitStatus
from desktop_pose.recording.exporters import ExportOptions


def export(
    session: Annotated[list[str], typer.Argument(metavar="SESSION...", help="Ids or folders of sessions.")],
    out: OutOption,
    format_name: FormatOption = None,
    raw: RawOption = False,
    rate: RateOption = None,
    person: Annotated[
        list[int] | None,
        typer.Option("--person", metavar="ID", min=0, help="Only this person; can be given several times."),
    ] = None,
    angles: AnglesOption = False,
    chart: ChartOption = None,
    overwrite: OverwriteOption = False,
    sessions_dir: Annotated[str | None, setting_option("sessions_dir")] = None,
) -> None:
    """Write sessions to files."""
    from desktop_pose.recording.library import find_session

    options = ExportOptions(
        raw=raw,
        rate_hz=rate,
        people=frozenset(person) if person else None,
        angles=angles,
        charts=tuple(dict.fromkeys(chart or ())),
    )
    folder = sessions_folder(sessions_dir)
    infos = [find_session(text, folder) for text in session]
    paths = {str(info.path): info.path for info in infos}
    outputs = plan_outputs({text: path.absolute().name for text, path in paths.items()}, out, format_name)
    check_options(outputs, options)
    prepare_libraries()
    keep_standard_error()
    unwind_on_signals()
    problems = []
    with progress_bars(len(outputs)) as bars:
        for output in outputs:
            try:
                _export_one(output, options, bars, overwrite=overwrite)
            except DesktopPoseError as error:
                problems.append(error)
            bars.finish_file()
    for problem in problems:
        tell(str(problem))
    if problems:
        raise typer.Exit(ExitStatus.WORLD_FAILED)


def _export_one(output: Output, options: ExportOptions, bars: Bars, *, overwrite: bool) -> None:
    from desktop_pose.engine import exports
    from desktop_pose.recording.reader import SessionReader

    make_ready(output, overwrite=overwrite)
    with (
        SessionReader.open(Path(output.source)) as reader,
        bars.file(output.path.name, reader.frame_count) as progress,
    ):
        exports.export_session(
            reader, output.path, output.format, options, overwrite=overwrite, progress=progress
        )
