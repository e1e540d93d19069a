"""What the process does when SIGINT, SIGTERM or SIGHUP ask it to end, from its first moment to its last.

Nothing is at stake while the program loads: it ends at once. A command that writes files unwinds instead, and
the window finalises its recording. When all is done, a late signal changes nothing any more.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from desktop_pose.core.errors import ExitStatus

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Terminated(BaseException):
    """The process was asked to end by the signal `number`; SIGINT raises `KeyboardInterrupt` instead."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def ending_signals() -> tuple[signal.Signals, ...]:
    """Those that ask the process to end, where the system has them; a terminal that is closed sends SIGHUP.

    SIGHUP is left out where whoever started the process has it ignored, as nohup does.
    """
    found = (signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__)
    return tuple(number for number in found if not (number.name == "SIGHUP" and _is_ignored(number)))


def status_after(number: int) -> ExitStatus:
    """The exit status of a process that the signal `number` has ended."""
    return ExitStatus.INTERRUPTED if number == signal.SIGINT else ExitStatus.TERMINATED


def line_about(number: int) -> str:
    """What to tell the user about the signal `number`."""
    return f"Ended by {signal.Signals(number).name}."


def end_at_once_on_signals() -> None:
    """End with the promised status and one line, wherever a signal finds the main thread.

    Not by an exception: raised within an import, some libraries lose it and others abort.
    """
    _handle_with(_end_at_once)


def unwind_on_signals() -> None:
    """Raise `KeyboardInterrupt` or `Terminated` in the main thread, so that files are finalised."""
    _handle_with(_unwind)


def ignore_signals() -> None:
    """Let the process end as it does, also while the interpreter is taken down."""
    for number in ending_signals():
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def signals_given_back() -> Iterator[None]:
    """Have signals handled afterwards as they were before."""
    former = {number: signal.getsignal(number) for number in ending_signals()}
    try:
        yield
    finally:
        for number, handler in former.items():
            if handler is not None:  # None is one that Python does not know
                signal.signal(number, handler)


def _handle_with(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in ending_signals():
        signal.signal(number, handler)


def _is_ignored(number: signal.Signals) -> bool:
    return signal.getsignal(number) is signal.SIG_IGN


def _end_at_once(number: int, _frame: FrameType | None) -> NoReturn:
    with suppress(AttributeError, OSError, ValueError):  # nobody listens
        os.write(sys.stderr.fileno(), f"{line_about(number)}\n".encode())
    os._exit(status_after(number))


def _unwind(number: int, _frame: FrameType | None) -> NoReturn:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise Terminated(number)
