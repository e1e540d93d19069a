"""Writes small files whole or not at all."""

import contextlib
import os
import secrets
from pathlib import Path

MOST_OF_NAME = 40
"""Letters of a temporary name that are the final one's: systems allow 255 bytes in all."""


def is_special(path: Path) -> bool:
    """Whether `path` is there and no file that could be replaced: a pipe, a device, a terminal."""
    return path.exists() and not path.is_file() and not path.is_dir()


def write_whole(path: Path, content: bytes, *, is_private: bool = False) -> None:
    """Put `content` into `path`; after a failure `path` is as it was, and nothing is left beside it.

    A link stays, and leads to the new content; a pipe or device stays what it is, and is written to.

    Args:
        path: File to make or to replace, in a folder that exists.
        content: All of it.
        is_private: Whether nobody but the user may read it.

    Raises:
        OSError: It cannot be written.
    """
    if is_special(path):
        path.write_bytes(content)
        return
    path = Path(os.path.realpath(path))
    temporary = path.with_name(f".{path.name[:MOST_OF_NAME]}.{secrets.token_hex(4)}.tmp")
    mode = 0o600 if is_private else 0o666
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the first failure is the one to tell
            temporary.unlink()
        raise
