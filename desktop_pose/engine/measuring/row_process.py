"""The parent's side of a row: starts the child process, gives it turns, and survives its end.

The child is `desktop-pose bench-row` (`cli/bench_row.py`). It finds the frames in a file; a turn is a line of
JSON that says which, when, and how fast, and the child answers each with a line when it is done.
"""

import json
import logging
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.own_command import own_command
from desktop_pose.core.topology import LANDMARK_COUNT
from desktop_pose.engine.measuring.rows import Row

log = logging.getLogger(__name__)

ROW_COMMAND = "bench-row"

_POLL_S = 0.05
_END_S = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """What a row is to do in one go.

    Attributes:
        file: Holds the frames, one after the other, (height, width, 3) uint8 BGR.
        width_px: Of each frame.
        height_px: Of each frame.
        frames: Place in the file and time in nanoseconds of each frame to be tracked.
        interval_ns: From the start of one frame to that of the next; 0: without a pause.
    """

    file: Path
    width_px: int
    height_px: int
    frames: tuple[tuple[int, int], ...]
    interval_ns: int = 0

    def as_line(self) -> bytes:
        """The turn as the child reads it."""
        return json.dumps(asdict(self) | {"file": str(self.file)}).encode() + b"\n"


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a row said of one turn.

    Attributes:
        ms: Wall time of each frame.
        step_cpu_ms: Processor time of all threads while each frame was tracked.
        cpu_ms: Processor time of the turn without what the child's own bookkeeping took.
        wall_ms: From the beginning of the turn to its end.
        detector_ran: By frame; None where the backend does not tell.
        reused: By frame.
        rss_peak_mb: The most that was resident so far.
        landmarks: (frames, 33, 3) float32: x and y in shares of the picture and visibility of the first
            person's landmarks; NaN in a frame without anybody.
    """

    ms: list[float]
    step_cpu_ms: list[float]
    cpu_ms: float
    wall_ms: float
    detector_ran: list[bool | None]
    reused: list[bool]
    rss_peak_mb: float
    landmarks: NDArray[np.float32]

    @classmethod
    def from_told(cls, told: dict[str, Any]) -> "Answer":
        """What the child wrote as JSON.

        Its landmarks become an array at once: as numbers of Python's own those of all rows would take 20 MB.
        """
        landmarks = np.full((len(told["landmarks"]), LANDMARK_COUNT, 3), np.nan, np.float32)
        for index, of_person in enumerate(told["landmarks"]):
            if of_person is not None:
                landmarks[index] = of_person
        return cls(**told | {"landmarks": landmarks})


class RowProcess:
    """The child process of one row.

    Args:
        row: What it measures.
        tick: Called again and again while it is waited for; what it raises ends the waiting.

    Attributes:
        row: What it measures.
        failure: Why it gives no more answers, a clause; None while it does.
    """

    def __init__(self, row: Row, tick: Callable[[], object]) -> None:
        self.row = row
        self.failure: str | None = None
        self._tick = tick
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._process = subprocess.Popen(
            [
                *own_command(), ROW_COMMAND, "--backend", row.backend.value, "--model", row.model.value,
                "--threads", str(row.threads), "--skip", str(row.skip),
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input: IO[bytes] = self._process.stdin
        self._reader = Thread(target=self._read_all, args=(self._process.stdout,), name="row", daemon=True)
        self._reader.start()

    @property
    def is_alive(self) -> bool:
        """Whether it can be given turns."""
        return self.failure is None

    def has_settled(self) -> bool:
        """Whether the tracker stands, or it is known that it never will; waits for nothing."""
        if not self.is_alive:
            return True
        try:
            line = self._lines.get_nowait()
        except Empty:
            return False
        told = self._read(line)
        if told is not None and "error" in told:
            self._fail(str(told["error"]).rstrip("."))
        return True

    def track(self, turn: Turn, deadline_ns: int) -> Answer | None:
        """What comes of one turn; None where that is nothing, and the row has failed."""
        if not self.is_alive:
            return None
        try:
            self._input.write(turn.as_line())
            self._input.flush()
        except OSError as error:
            log.warning("The pipe to %s is broken: %s", self.row, error)
            self._fail("its process has ended")
            return None
        seconds = (deadline_ns - monotonic_ns()) / NS_PER_S
        told = self._next_line(deadline_ns, seconds)
        return None if told is None else Answer.from_told(told)

    def leave_out(self, why: str) -> None:
        """Ask nothing more of it."""
        self.let_go()
        self._fail(why)

    def let_go(self) -> None:
        """Tell the process that no more turns will come."""
        try:
            self._input.close()
        except OSError as error:
            log.debug("The pipe to %s was broken: %s", self.row, error)

    def close(self) -> None:
        """End the process; it may be at a turn that nobody waits for any more."""
        self.let_go()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()

    def _next_line(self, deadline_ns: int, seconds: float) -> dict[str, Any] | None:
        while True:
            self._tick()
            try:
                line = self._lines.get(timeout=_POLL_S)
            except Empty:
                if monotonic_ns() < deadline_ns:
                    continue
                self._process.kill()
                self._fail(f"its process did not answer for {seconds:.0f} s")
                return None
            return self._read(line)

    def _read(self, line: bytes) -> dict[str, Any] | None:
        try:
            told: dict[str, Any] = json.loads(line)
        except ValueError:
            self._fail("its process has ended")
            return None
        return told

    def _read_all(self, output: IO[bytes]) -> None:
        """Hand on all lines, and an empty one at the end."""
        with output:
            for line in output:
                self._lines.put(line)
        self._lines.put(b"")

    def _fail(self, why: str) -> None:
        self.failure = why
        log.warning("Measuring %s: %s", self.row, why)
