"""Standard output and error, which may be missing, closed by their reader, full, or of a small alphabet."""

import io
import os
import sys
from contextlib import suppress
from typing import TextIO


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
        _lead_nowhere(stream)


def _lead_nowhere(stream: TextIO) -> None:
    """Let what the stream still holds, and all that follows, be written to nowhere."""
    with suppress(OSError):  # a stream without a file of the system: a test's
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
