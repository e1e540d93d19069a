"""Turns what a command raises into the exit status and the one line that were promised.

The boundary of the command line: the only place where an unexpected exception is caught.
"""

import errno
import functools
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, ParamSpec

import typer

from desktop_pose.cli.streams import write_line
from desktop_pose.core import places
from desktop_pose.core.ending_signals import Terminated, line_about, signals_given_back, status_after
from desktop_pose.core.errors import DesktopPoseError, ExitStatus

P = ParamSpec("P")

log = logging.getLogger(__name__)


def exits_as_promised(command: Callable[P, None]) -> Callable[P, None]:
    """`command`, ending the program with the promised status whatever it raises."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with full_disk_told(), signals_given_back():
                command(*args, **kwargs)
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except DesktopPoseError as error:
            tell(str(error))
            raise typer.Exit(ExitStatus.WORLD_FAILED) from error
        except KeyboardInterrupt as error:
            tell(line_about(signal.SIGINT))
            raise typer.Exit(status_after(signal.SIGINT)) from error
        except Terminated as error:
            tell(line_about(error.number))
            raise typer.Exit(status_after(error.number)) from error
        except BrokenPipeError:
            raise  # the reader of our output has gone; typer ends quietly
        except Exception as error:  # noqa: BLE001  # the boundary
            _report_bug(error)

    return guarded


@contextmanager
def full_disk_told() -> Iterator[None]:
    """End the program in one line where the disk is full: that of a file, or that of standard output."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        tell("The disk is full. Free space and try again.")
        raise SystemExit(ExitStatus.WORLD_FAILED) from error


def tell(line: str) -> None:
    """Write one line to standard error."""
    write_line(sys.stderr, line)


def _report_bug(error: Exception) -> NoReturn:
    log.error(
        "A bug ended the program (%s). The log has the details: %s",
        type(error).__name__,
        places.log_file(),
        exc_info=error,
    )
    raise typer.Exit(ExitStatus.BUG) from error
