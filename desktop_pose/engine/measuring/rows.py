"""What is measured: every backend, model, number of threads and way of skipping, a row each."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop_pose.core.settings import Backend, PoseModel, Settings, core_count
from desktop_pose.core.skip import EVERY_FRAME, Skip

ADAPTIVE = Skip(None)

_ALL_COUNTS_TO = 4
"""With more cores only powers of two are tried: models this small gain little from more than four threads."""

_ROW_MB = {Backend.LITERT: 180, Backend.MEDIAPIPE: 250}
"""Resident memory of a row's process with heavy, rounded up."""

_SHARE_OF_MEMORY = 0.7


@dataclass(frozen=True, slots=True)
class Row:
    """What one row measures."""

    backend: Backend
    model: PoseModel
    threads: int
    skip: Skip = EVERY_FRAME

    def __str__(self) -> str:
        threads = f"{self.threads} thread{'s' * (self.threads > 1)}"
        skip = "" if self.skip == EVERY_FRAME else f", skip {self.skip}"
        return f"{self.backend.value} {self.model.value} with {threads}{skip}"

    def as_record(self) -> dict[str, str | int]:
        """The row in JSON's own types."""
        return {
            "backend": self.backend.value,
            "model": self.model.value,
            "threads": self.threads,
            "skip": str(self.skip),
        }

    def applied_to(self, settings: Settings) -> Settings:
        """`settings` with what this row measured in place."""
        return settings.changed(
            backend=self.backend, model=self.model, threads=self.threads, skip=self.skip, model_file=None
        )


def thread_counts(cores: int) -> tuple[int, ...]:
    """The numbers of threads to try on so many cores: 1, 2 … all."""
    if cores <= _ALL_COUNTS_TO:
        return tuple(range(1, cores + 1))
    powers = [2**power for power in range(cores.bit_length()) if 2**power <= cores]
    return (*powers, cores) if powers[-1] < cores else tuple(powers)


def all_rows() -> tuple[Row, ...]:
    """LiteRT with all models, threads and skips, then MediaPipe with all models."""
    ours = [
        Row(Backend.LITERT, model, threads, skip)
        for model in PoseModel
        for threads in thread_counts(core_count())
        for skip in (EVERY_FRAME, ADAPTIVE)
    ]
    return (*ours, *(Row(Backend.MEDIAPIPE, model, 1) for model in PoseModel))


def rows_that_fit(rows: tuple[Row, ...], free_mb: float, told: Callable[[Row], object]) -> list[Row]:
    """The rows whose processes have room side by side, from the first on; the others are `told`."""
    room_mb = _SHARE_OF_MEMORY * free_mb
    fitting: list[Row] = []
    for row in rows:
        room_mb -= _ROW_MB[row.backend]
        if room_mb >= 0 or not fitting:
            fitting.append(row)
        else:
            told(row)
    return fitting
