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

_MAY_NOT = "{} may not be read or written. Ask its owner for permission, or choose another place."
_REFUSALS = {
    errno.ENOSPC: "The disk is full. Free space and try again.",
    errno.EACCES: _MAY_NOT,
    errno.EPERM: _MAY_NOT,
    errno.EROFS: _MAY_NOT,
    errno.ENAMETOOLONG: "{} is too long for a name. Choose a shorter one.",
}
"""Failures of the world that may come from any place that looks at a file."""


def exits_as_promised(command: Callable[P, None]) -> Callable[P, None]:
    """`command`, ending the program with the promised status whatever it raises."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with refusals_told(), signals_given_back():
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
def refusals_told() -> Iterator[None]:
    """End the program in one line where the system refuses to read or write a file, or standard output."""
    try:
        yield
    except OSError as error:
        line = _REFUSALS.get(error.errno or 0)
        if line is None:
            raise
        tell(line.format(error.filename or "A file"))
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
