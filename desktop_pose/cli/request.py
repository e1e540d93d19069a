"""What the command line asks of the window."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run of the window.

    Attributes:
        overrides: Settings that the command line gave, by key; over the stored ones, and not stored.
        duration_s: End after so many seconds; None: when the user, a signal or the source ends it.
        report: File for the report, known to be writable.
        screenshot: File for a picture of the window just before the end, known to be writable.
        is_headless: Run on Qt's offscreen platform.
        resources: File for what the process used and why, known to be writable.
        has_charts: Whether the window makes its charts.
    """

    overrides: Mapping[str, object] = field(default_factory=dict)
    duration_s: float | None = None
    report: Path | None = None
    screenshot: Path | None = None
    is_headless: bool = False
    resources: Path | None = None
    has_charts: bool = True

    @property
    def is_unattended(self) -> bool:
        """Whether nobody is expected to look at the window and close it."""
        return self.is_headless or self.duration_s is not None


RunWindow = Callable[[RunRequest], int]
"""Runs the window to its end and gives the exit status."""
