"""Standard output and error, which may be missing, closed by their reader, full, or of a small alphabet."""

import io
import logging
import os
import sys
from contextlib import suppress
from typing import TextIO

from desktop_pose.core import places


def prepare_output() -> None:
    """Have standard output written line by line, with escapes for what its encoding lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A Windows code page has no arrow; into a file or a pipe Python would raise.
        sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")


def write_line(stream: TextIO | None, line: str) -> None:
    """Write `line` to `stream` at once; where nobody can take it, it is lost, and so are all that follow.

    For what is told beside the work, which must not end because nobody listens.

    Args:
        stream: Standard output or error; None where the process has none.
        line: Without its end.
    """
    if stream is None:
        return
    try:
        stream.write(f"{line}\n")
        stream.flush()
    except OSError:
        with suppress(OSError):  # a stream without a file of the system: a test's
            _lead(stream, os.open(os.devnull, os.O_WRONLY))


def keep_standard_error() -> None:
    """Keep standard error for what is written in Python; what libraries write natively goes to the log.

    LiteRT and MediaPipe tell there, at every start, what no user can use, and cannot be told not to.
    """
    former = sys.stderr
    if former is not sys.__stderr__ or former is None:
        return  # there is none, or a test listens to it
    former.flush()
    kept = os.dup(former.fileno())
    try:
        target = os.open(places.log_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        target = os.open(os.devnull, os.O_WRONLY)
    _lead(former, target)
    sys.stderr = os.fdopen(kept, "w", 1, former.encoding, "backslashreplace")
    for handler in logging.getLogger("desktop_pose").handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is former:
            handler.setStream(sys.stderr)


def _lead(stream: TextIO, target: int) -> None:
    """Let what `stream` still holds, and all that follows, be written to the open file `target`."""
    try:
        os.dup2(target, stream.fileno())
    finally:
        os.close(target)
