"""The program `desktop-pose`: its commands, and the options before them."""

import sys
from typing import Annotated

import typer

from desktop_pose import __version__
from desktop_pose.cli.bench import bench
from desktop_pose.cli.bench_row import bench_row
from desktop_pose.cli.devices import devices
from desktop_pose.cli.doctor import doctor
from desktop_pose.cli.export import export
from desktop_pose.cli.failures import exits_as_promised
from desktop_pose.cli.model_trial import model_trial
from desktop_pose.cli.request import RunRequest, RunWindow
from desktop_pose.cli.run import RunCommand, make_run
from desktop_pose.cli.sessions import sessions
from desktop_pose.cli.track import track
from desktop_pose.core import log


def make_app(run_window: RunWindow) -> typer.Typer:
    """The command line; `run_window` runs the window to its end and gives the exit status."""
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

    app.command("run", cls=RunCommand)(exits_as_promised(make_run(run_window)))
    for command in (track, export, sessions, devices, bench, doctor):
        app.command()(exits_as_promised(command))
    app.command("bench-row", hidden=True)(exits_as_promised(bench_row))
    app.command("model-trial", hidden=True)(exits_as_promised(model_trial))
    return app


def run_program(run_window: RunWindow) -> None:
    """Run what the command line asks for, and exit with its status."""
    if sys.stdout is not None:
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a text stream here
    make_app(run_window)(prog_name="desktop-pose")


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"desktop-pose {__version__}")
        raise typer.Exit


def _check_level(level: str) -> str:
    if level not in log.LEVELS:
        raise typer.BadParameter(f"Choose one of {', '.join(log.LEVELS)}.")
    return level
