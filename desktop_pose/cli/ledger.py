"""What `track` has made of what, so that `--resume` tells what is done from what only has the same name.

Kept in the program's cache, a file of JSON lines for each output folder: nothing lies beside the outputs. A
line says that an output was begun, from which input and with which settings, or that it is complete, and
which files it is. Without a line (the cache was cleared, the outputs were made elsewhere) an output counts as
done where it is newer than its input, as `make` has it.
"""

import hashlib
import json
import logging
import os
import threading
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from desktop_pose.cli.outputs import Output, done_files

log = logging.getLogger(__name__)

_FOLDER = "tracked"


class OutputState(Enum):
    """What is known of an output before the work."""

    MISSING = "missing"
    """There is no file."""
    DONE = "done"
    """It is what this run would make."""
    UNFINISHED = "unfinished"
    """A run like this one was ended while it made it: the files are that run's own, and not all."""
    OTHER = "other"
    """It is of another input, or was made with other settings."""


class Ledger:
    """Reads and keeps what is known of outputs. May be used from several threads.

    Args:
        cache_dir: Where it is kept, in a folder of its own.
        settings: Everything that decides what comes out, besides the input; plain values by name.
    """

    def __init__(self, cache_dir: Path, settings: Mapping[str, object]) -> None:
        self._folder = cache_dir / _FOLDER
        self._settings = json.loads(json.dumps(settings))  # as it will be read again
        self._lock = threading.Lock()
        self._entries: dict[Path, dict[str, dict[str, Any]]] = {}

    def state(self, output: Output) -> OutputState:
        """What is known of `output`."""
        files, entry = done_files(output), self._noted(self._file(output)).get(output.path.name)
        made_from = identity(Path(output.source))
        if entry is not None:
            is_same = entry["input"] == made_from and entry["settings"] == self._settings
            if "files" not in entry:
                return OutputState.UNFINISHED if is_same else _if_any(files, OutputState.OTHER)
            if files and entry["files"] == [identity(path) for path in files]:
                return OutputState.DONE if is_same else OutputState.OTHER
        if not files:
            return OutputState.MISSING
        return OutputState.DONE if _are_newer(files, Path(output.source)) else OutputState.OTHER

    def begin(self, output: Output) -> None:
        """Note that `output` is being made."""
        self._append(output, {})

    def finish(self, output: Output) -> None:
        """Note that `output` is complete, with the files there are now."""
        self._append(output, {"files": [identity(path) for path in done_files(output)]})

    def _file(self, output: Output) -> Path:
        folder = os.path.realpath(output.path.parent)
        return self._folder / f"{hashlib.sha256(os.fsencode(folder)).hexdigest()[:32]}.jsonl"

    def _noted(self, file: Path) -> dict[str, dict[str, Any]]:
        """The newest entry of each output of a folder, by name; read once."""
        if file not in self._entries:
            try:
                lines = file.read_text("utf-8", "replace").splitlines()
            except OSError:
                lines = []
            known = filter(None, map(_entry, lines))
            self._entries[file] = {entry["output"]: entry for entry in known}
        return self._entries[file]

    def _append(self, output: Output, more: Mapping[str, object]) -> None:
        entry = {
            "output": output.path.name,
            "input": identity(Path(output.source)),
            "settings": self._settings,
            **more,
        }
        line = (json.dumps(entry) + "\n").encode()
        path = self._file(output)
        self._entries.pop(path, None)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                with os.fdopen(descriptor, "ab", buffering=0) as file:
                    file.write(line)  # in one piece: another process may append as well
        except OSError as error:
            log.warning("what is tracked cannot be noted in %s: %s", path, error)


def identity(path: Path) -> dict[str, object] | None:
    """What tells a file from another of the same name; None where it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return {"name": path.name, "size_bytes": status.st_size, "mtime_ns": status.st_mtime_ns}


def _entry(line: str) -> dict[str, Any] | None:
    """A line as it was written; None for one that was cut off."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    is_one = isinstance(entry, dict) and {"input", "settings"} <= entry.keys()
    return entry if is_one and isinstance(entry.get("output"), str) else None


def _if_any(files: tuple[Path, ...], state: OutputState) -> OutputState:
    return state if files else OutputState.MISSING


def _are_newer(files: tuple[Path, ...], source: Path) -> bool:
    try:
        made_ns = min(path.stat().st_mtime_ns for path in files)
        return made_ns >= source.stat().st_mtime_ns
    except OSError:
        return False
