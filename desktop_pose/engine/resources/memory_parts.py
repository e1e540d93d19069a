"""What the resident memory is used for at a moment, from the book of the steps that brought it there."""

from collections.abc import Mapping

import psutil

from desktop_pose.core.memory_steps import STEPS, MemoryPart, MemorySteps
from desktop_pose.engine.processor import BYTES_PER_MB

UNEXPLAINED = "unexplained"
PART_NAMES = (*(part.value for part in MemoryPart), UNEXPLAINED)
"""The parts, and what is resident beyond them."""

PartsMb = Mapping[str, float]
"""Megabytes (10^6 bytes) by the names of the parts."""


def begin_book() -> None:
    """Let the book of this process begin where the system has no file that tells the resident size."""
    process = psutil.Process()
    STEPS.read_with(lambda: int(process.memory_info().rss))


def parts_of(resident_mb: float, book: MemorySteps = STEPS) -> PartsMb | None:
    """Megabytes (10^6 bytes) by part; None where the book has none.

    A part that has given back more than it was booked counts as zero. `unexplained` is the difference to
    `resident_mb`, and negative where more is booked than there is.
    """
    booked = book.booked_bytes()
    if booked is None:
        return None
    parts = {part.value: max(count, 0) / BYTES_PER_MB for part, count in booked.items()}
    return parts | {UNEXPLAINED: resident_mb - sum(parts.values())}
