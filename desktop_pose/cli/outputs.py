"""Where the exports of one or several inputs go: the rules for OUT, --format and --overwrite."""

import os
from dataclasses import dataclass
from pathlib import Path

import typer

from desktop_pose.cli.places import refuse_inputs
from desktop_pose.core.errors import ExportError
from desktop_pose.recording.exporters import FORMATS, check_free, files_of_export


@dataclass(frozen=True, slots=True)
class Output:
    """Where the export of one input goes.

    Attributes:
        source: The input as it was given.
        path: The file to write.
        format: Key in `FORMATS`.
    """

    source: str
    path: Path
    format: str


def plan_outputs(inputs: dict[str, str], out: str, format_name: str | None) -> tuple[Output, ...]:
    """One output for each input: OUT itself, or files in the folder OUT for several or with a final slash.

    Args:
        inputs: Name for the output, without suffix, by input.
        out: OUT as it was given; its final slash counts.
        format_name: The chosen format; None: by the suffix of OUT.

    Raises:
        typer.BadParameter: The format is missing or unknown, two outputs would have one name, or one that of
            an input.
    """
    is_folder = len(inputs) > 1 or out.endswith(("/", os.sep))
    if format_name is None:
        if is_folder:
            raise typer.BadParameter(
                f"For a folder say which format: {', '.join(FORMATS)}.", param_hint="'--format'"
            )
        format_name = _format_of(Path(out))
    suffix = FORMATS[format_name].suffix
    outputs = tuple(
        Output(source, Path(out) / f"{name}{suffix}" if is_folder else Path(out), format_name)
        for source, name in inputs.items()
    )
    _refuse_clashes(outputs)
    refuse_inputs((output.path for output in outputs), inputs)
    return outputs


def _refuse_clashes(outputs: tuple[Output, ...]) -> None:
    taken: dict[str, str] = {}
    for output in outputs:
        key = output.path.name.casefold()
        if key in taken:
            raise typer.BadParameter(
                f"{taken[key]} and {output.source} would both become {output.path}. Write them one by one.",
                param_hint="'--out'",
            )
        taken[key] = output.source


def make_ready(output: Output, *, overwrite: bool) -> None:
    """Make sure, before the work, that `output` may be written; its folder is made if it is missing.

    Raises:
        ExportError: It may not be written, or its folder cannot be made or entered.
    """
    check_free(output.path, FORMATS[output.format], overwrite=overwrite)
    folder = output.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"The folder {folder} cannot be made ({error.strerror})", "Choose another place"
        ) from error


def done_files(output: Output) -> tuple[Path, ...]:
    """The files that an earlier run has written as `output`: a file is there only when it is complete."""
    return files_of_export(output.path, FORMATS[output.format])


def check_format(name: str | None) -> str | None:
    """`name`, if it is a format.

    Raises:
        typer.BadParameter: It is none.
    """
    if name is not None and name not in FORMATS:
        raise typer.BadParameter(f"{name!r} is no format. Choose one of {', '.join(FORMATS)}.")
    return name


def _format_of(out: Path) -> str:
    for name, each in FORMATS.items():
        if out.suffix.lower() in each.suffixes:
            return name
    raise typer.BadParameter(
        f"The suffix of {out} says no format. Choose one of {', '.join(FORMATS)}.", param_hint="'--format'"
    )
