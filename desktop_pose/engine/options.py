"""What an engine is told once, and the part of the settings that a tracker is made for."""

from dataclasses import dataclass
from pathlib import Path

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.settings import Settings
from desktop_pose.pose.protocol import TrackerOptions

QUIT_NS = 3 * NS_PER_S
"""How long quitting waits for the threads: longer than the longest read time-out of a driver, 2.5 s."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What an engine is told once.

    Attributes:
        models_dir: The shipped models.
        cache_dir: Where stripped models are kept; None: nowhere.
        sessions_dir: Where sessions are recorded.
        does_loop: A finite source starts again at its end instead of ending the run.
        does_retry_first_open: A live source that cannot be opened at all is tried again until stopped.
    """

    models_dir: Path
    cache_dir: Path | None
    sessions_dir: Path
    does_loop: bool = True
    does_retry_first_open: bool = True


def tracker_options(settings: Settings) -> TrackerOptions:
    """The part of the settings that a tracker is made for."""
    return TrackerOptions(
        settings.backend,
        settings.model,
        settings.threads_in_use,
        settings.smoothing,
        settings.people,
        mask=settings.mask,
        skip=settings.skip,
        model_file=None if settings.model_file is None else Path(settings.model_file),
    )


def with_tracker_options(settings: Settings, options: TrackerOptions) -> Settings:
    """`settings` with the part that a tracker is made for taken from `options`.

    The number of threads stays as wished where the backend of `options` takes no notice of it.
    """
    changed = settings.changed(
        backend=options.backend,
        model=options.model,
        smoothing=options.smoothing,
        people=options.people,
        mask=options.mask,
        skip=options.skip,
        model_file=None if options.model_file is None else str(options.model_file),
    )
    return changed if changed.threads_in_use == options.threads else changed.changed(threads=options.threads)
