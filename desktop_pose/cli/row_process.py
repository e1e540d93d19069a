"""The parent's side of a row of the bench: starts the child process, feeds it, and survives its end."""

import json
import logging
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

import numpy as np

from desktop_pose.cli.failures import tell
from desktop_pose.core.frames import Image, size_of
from desktop_pose.core.own_command import own_command
from desktop_pose.core.settings import Backend, PoseModel

log = logging.getLogger(__name__)

PATIENCE_S = 60.0
"""Longer than any computer takes to load a model, or for the frames of a turn."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one row measures."""

    backend: Backend
    model: PoseModel
    threads: int

    def __str__(self) -> str:
        return f"{self.backend.value} {self.model.value} with {self.threads} thread{'s' * (self.threads > 1)}"


class RowProcess:
    """The child process of one row; dead ones take frames and give nothing.

    Attributes:
        row: What it measures.
        answers: What it said of each frame, as in `bench_row`.
    """

    def __init__(self, row: Row) -> None:
        self.row = row
        self.answers: list[dict[str, Any]] = []
        self._is_alive, self._is_hung = True, False
        self._process = subprocess.Popen(
            [
                *own_command(), "bench-row", "--backend", row.backend.value, "--model", row.model.value,
                "--threads", str(row.threads),
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def wait_until_ready(self) -> None:
        """Wait until the tracker stands; tell why it does not."""
        with self._patience():
            answer = self._read()
        if answer is not None and "error" in answer:
            tell(f"Left out {self.row}: {answer['error']}")
            self._is_alive = False

    def track(self, frames: list[tuple[Image, int]]) -> None:
        """Have frames tracked, each with its time in nanoseconds."""
        with self._patience():
            for image, time_ns in frames:
                self._track(image, time_ns)

    def _track(self, image: Image, time_ns: int) -> None:
        if not self._is_alive or self._process.stdin is None:
            return
        size = size_of(image)
        told = {"time_ns": time_ns, "width_px": size.width_px, "height_px": size.height_px}
        try:
            self._process.stdin.write(json.dumps(told).encode() + b"\n")
            self._process.stdin.write(np.ascontiguousarray(image).data)
            self._process.stdin.flush()
        except OSError as error:
            self._give_up(error)
            return
        answer = self._read()
        if answer is not None:
            self.answers.append(answer)

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """Kill the process if what is done within takes too long: both ends of the pipes then come free."""
        is_done = Event()

        def watch() -> None:
            if not is_done.wait(PATIENCE_S):
                self._is_hung = True
                self._process.kill()

        watcher = Thread(target=watch, name="patience", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            is_done.set()
            watcher.join()

    def close(self) -> None:
        """End the process: it ends by itself when nothing more can come."""
        if self._process.stdin is not None:
            try:
                self._process.stdin.close()
            except OSError as error:
                log.debug("The pipe to a row was broken: %s", error)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> dict[str, Any] | None:
        line = b"" if self._process.stdout is None else self._process.stdout.readline()
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError as error:
            self._give_up(error)
            return None
        return answer

    def _give_up(self, error: Exception) -> None:
        self._is_alive = False
        what = f"did not answer for {PATIENCE_S:g} s" if self._is_hung else "has ended"
        tell(f"Left out {self.row}: its process {what}")
        log.warning("The bench's child for %s %s: %s", self.row, what, error)
