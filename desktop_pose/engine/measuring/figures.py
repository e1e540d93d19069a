"""What a measurement says, and the JSON it is written as.

The keys of schema 1 stay as they are, and may be joined by others; `docs/measuring.md` describes them.
"""

import math
from dataclasses import dataclass
from typing import Any

from desktop_pose.core.errors import MeasuringError
from desktop_pose.core.settings import Backend, PoseModel
from desktop_pose.core.skip import Skip
from desktop_pose.engine.measuring.rows import Row

SCHEMA = 1

RATE_HZ = 30.0
"""The rate at which frames are fed where it is said that they are paced."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 95th percentile."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Apart:
    """Mean and 95th percentile of distances, in per cent of the person's height."""

    mean: float
    p95: float


@dataclass(frozen=True, slots=True)
class Paced:
    """What a frame costs when frames come `RATE_HZ` times a second, as from a camera.

    Attributes:
        ms: Wall time, picture in, people out.
        cpu_ms: Processor time of all threads, with what they use between the frames.
        hz: The rate that was reached.
    """

    ms: Spread
    cpu_ms: float
    hz: float

    @property
    def percent_of_core(self) -> float:
        """Processor time over wall time, in per cent of one core."""
        return self.cpu_ms * self.hz / 10


@dataclass(frozen=True, slots=True)
class RowFigures:
    """What one row came to.

    Attributes:
        row: What was measured.
        ms: Wall time a frame, frame after frame without a pause.
        cpu_ms: Processor time a frame, all threads, mean; also without a pause.
        sustainable_hz: The highest rate that can be kept up on this clip.
        rss_mb: The most that was resident.
        detector_runs: None where the backend does not tell.
        reused: Frames on which the model did not run.
        paced: None where there was not the time.
        vs_same: Distance from MediaPipe's landmarks with the same model; None where that was not measured.
        vs_heavy: Distance from MediaPipe's landmarks with heavy.
    """

    row: Row
    ms: Spread
    cpu_ms: float
    sustainable_hz: float
    rss_mb: float
    detector_runs: int | None
    reused: int
    paced: Paced | None
    vs_same: Apart | None
    vs_heavy: Apart | None

    def as_record(self) -> dict[str, Any]:
        """The figures in JSON's own types."""
        return self.row.as_record() | {
            "ms_per_frame": _as_record(self.ms),
            "cpu_ms_per_frame": self.cpu_ms,
            "rss_mb": self.rss_mb,
            "detector_runs": self.detector_runs,
            "error_percent_height": {
                "vs_mediapipe_same_model": _as_record(self.vs_same),
                "vs_mediapipe_heavy": _as_record(self.vs_heavy),
            },
            "reused_frames": self.reused,
            "sustainable_fps": self.sustainable_hz,
            "paced": None
            if self.paced is None
            else {
                "asked_fps": RATE_HZ,
                "fps": self.paced.hz,
                "ms_per_frame": _as_record(self.paced.ms),
                "cpu_ms_per_frame": self.paced.cpu_ms,
            },
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that was not measured, and why, a clause."""

    row: Row
    why: str

    def __str__(self) -> str:
        return f"Left out {self.row}: {self.why}"


@dataclass(frozen=True, slots=True)
class Machine:
    """The computer that was measured."""

    system: str
    release: str
    architecture: str
    processor: str
    cores: int
    usable_cores: int
    python: str

    def as_record(self) -> dict[str, str | int]:
        """The machine in JSON's own types."""
        return {key: getattr(self, key) for key in self.__slots__}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Machine":
        """The machine that `as_record` wrote."""
        return cls(
            system=str(record["system"]),
            release=str(record["release"]),
            architecture=str(record["architecture"]),
            processor=str(record["processor"]),
            cores=int(record["cores"]),
            usable_cores=int(record["usable_cores"]),
            python=str(record["python"]),
        )

    def is_like(self, other: "Machine") -> bool:
        """Whether figures of both can be compared: the same processor with as many cores to use."""
        return (self.processor, self.usable_cores) == (other.processor, other.usable_cores)


@dataclass(frozen=True, slots=True)
class Measurement:
    """All that was measured at one time.

    Attributes:
        started: Local time in ISO 8601 with its offset.
        machine: What was measured.
        video: What the frames came from, without a login.
        frames: How many each row was given.
        frames_with_person: In how many of them the first row saw somebody.
        rows: In the order of `all_rows`; None where it was not measured.
        left_out: Which those are, and why.
    """

    started: str
    machine: Machine
    video: str
    frames: int
    frames_with_person: int
    rows: tuple[RowFigures | None, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def measured(self) -> tuple[RowFigures, ...]:
        """The rows there are figures of."""
        return tuple(row for row in self.rows if row is not None)

    @property
    def failure(self) -> MeasuringError | None:
        """Why there are no figures at all; None where there are some."""
        if self.measured:
            return None
        reasons = "; ".join(dict.fromkeys(each.why for each in self.left_out))
        return MeasuringError(
            f"Nothing could be measured: {reasons}",
            "Close other programs, or give it more time by bench --limit SECONDS",
        )

    def find(self, row: Row) -> RowFigures | None:
        """The figures of `row`; None where it was not measured."""
        return next((figures for figures in self.measured if figures.row == row), None)

    def is_like(self, other: "Measurement") -> bool:
        """Whether both can be compared: of the same clip, on the same kind of computer."""
        return self.video == other.video and self.machine.is_like(other.machine)

    def as_document(self) -> dict[str, Any]:
        """The measurement in JSON's own types."""
        return {
            "schema": SCHEMA,
            "machine": self.machine.as_record(),
            "video": self.video,
            "frames": self.frames,
            "rows": [None if row is None else row.as_record() for row in self.rows],
            "started": self.started,
            "frames_with_person": self.frames_with_person,
            "left_out": [each.row.as_record() | {"why": each.why} for each in self.left_out],
        }

    @classmethod
    def from_document(cls, document: Any) -> "Measurement":  # noqa: ANN401  # whatever the file holds
        """The measurement that `as_document` wrote.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: It did not write this.
        """
        if document["schema"] != SCHEMA:
            raise ValueError(f"its schema is not {SCHEMA}")
        return cls(
            started=str(document["started"]),
            machine=Machine.from_record(document["machine"]),
            video=str(document["video"]),
            frames=int(document["frames"]),
            frames_with_person=int(document["frames_with_person"]),
            rows=tuple(None if row is None else _figures(row) for row in document["rows"]),
            left_out=tuple(LeftOut(_row(each), str(each["why"])) for each in document["left_out"]),
        )


def _as_record(pair: Spread | Apart | None) -> dict[str, float] | None:
    return None if pair is None else {key: getattr(pair, key) for key in pair.__slots__}


def _number(value: Any) -> float:  # noqa: ANN401  # whatever the file holds
    number = float(value)
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"{number} is no figure")
    return number


def _row(record: dict[str, Any]) -> Row:
    return Row(
        Backend(record["backend"]),
        PoseModel(record["model"]),
        int(record["threads"]),
        Skip.parse(record["skip"]),
    )


def _figures(record: dict[str, Any]) -> RowFigures:
    error, paced = record["error_percent_height"], record["paced"]
    return RowFigures(
        row=_row(record),
        ms=_spread(record["ms_per_frame"]),
        cpu_ms=_number(record["cpu_ms_per_frame"]),
        sustainable_hz=_number(record["sustainable_fps"]),
        rss_mb=_number(record["rss_mb"]),
        detector_runs=None if record["detector_runs"] is None else int(record["detector_runs"]),
        reused=int(record["reused_frames"]),
        paced=None if paced is None else _paced(paced),
        vs_same=_apart(error["vs_mediapipe_same_model"]),
        vs_heavy=_apart(error["vs_mediapipe_heavy"]),
    )


def _spread(record: dict[str, Any]) -> Spread:
    return Spread(_number(record["p50"]), _number(record["p95"]))


def _paced(record: dict[str, Any]) -> Paced:
    return Paced(_spread(record["ms_per_frame"]), _number(record["cpu_ms_per_frame"]), _number(record["fps"]))


def _apart(record: dict[str, Any] | None) -> Apart | None:
    return None if record is None else Apart(_number(record["mean"]), _number(record["p95"]))
