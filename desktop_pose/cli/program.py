"""The program `desktop-pose`: its commands, and the options before them.

Where the first word is a command, no other is imported: the window is up 0.1 s sooner.
"""

import importlib
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from desktop_pose import __version__
from desktop_pose.cli.failures import exits_as_promised, refusals_told
from desktop_pose.cli.request import RunRequest, RunWindow
from desktop_pose.cli.run import RunCommand, make_run
from desktop_pose.cli.streams import prepare_output
from desktop_pose.core import log

_RUN = "run"
_COMMANDS = ("track", "export", "sessions", "devices", "bench", "doctor")
"""Each the function of this name in the module of this name."""

_HIDDEN = ("bench-row", "model-trial")
"""The same, called by the program itself."""


def make_app(run_window: RunWindow, arguments: Sequence[str]) -> typer.Typer:
    """The command line.

    Args:
        run_window: Runs the window to its end and gives the exit status.
        arguments: What is going to be parsed. If that begins with a command, the others are left out.
    """
    app = typer.Typer(
        name="desktop-pose",
        help="Live human pose tracking on the desktop, with its cost on screen and under your control.",
        epilog="Without a command: the window, on the source used last.",
        add_completion=False,
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode=None,
    )

    @app.callback(invoke_without_command=True)
    @exits_as_promised
    def start(
        context: typer.Context,
        _version: Annotated[
            bool,
            typer.Option(
                "--version", help="Print the version and exit.", callback=_print_version, is_eager=True
            ),
        ] = False,
        log_level: Annotated[
            str,
            typer.Option(metavar="|".join(log.LEVELS), help="What goes into the log.", callback=_check_level),
        ] = "info",
    ) -> None:
        log.set_up(log_level)
        if context.invoked_subcommand is None:
            status = run_window(RunRequest())
            if status:
                raise typer.Exit(status)

    wanted = {arguments[0]} if arguments else {_RUN}
    if not wanted <= {_RUN, *_COMMANDS, *_HIDDEN}:
        wanted = {_RUN, *_COMMANDS, *_HIDDEN}  # an option, a mistake
    if _RUN in wanted:
        app.command(_RUN, cls=RunCommand)(exits_as_promised(make_run(run_window)))
    for name in (*_COMMANDS, *_HIDDEN):
        if name in wanted:
            function = name.replace("-", "_")
            command = getattr(importlib.import_module(f"desktop_pose.cli.{function}"), function)
            app.command(name, hidden=name in _HIDDEN)(exits_as_promised(command))
    return app


def run_program(run_window: RunWindow) -> None:
    """Run what the command line asks for, and exit with its status."""
    prepare_output()
    with refusals_told():
        make_app(run_window, sys.argv[1:])(prog_name="desktop-pose")


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"desktop-pose {__version__}")
        raise typer.Exit


def _check_level(level: str) -> str:
    if level not in log.LEVELS:
        raise typer.BadParameter(f"Choose one of {', '.join(log.LEVELS)}.")
    return level
