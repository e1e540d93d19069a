"""What can go wrong with the world (camera, disk, file), as opposed to a bug.

A `DesktopPoseError` says in one sentence what happened and in another what to do; the application goes on.
Every other exception is a bug and is never turned into one of these.
"""

from enum import IntEnum


class ExitStatus(IntEnum):
    """Exit statuses of the command line."""

    DONE = 0
    WORLD_FAILED = 1
    WRONG_USAGE = 2
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


class DesktopPoseError(Exception):
    """The world failed.

    Args:
        message: What happened, one sentence without a final full stop.
        hint: What the user can do about it, one sentence without a final full stop.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}."


class SourceError(DesktopPoseError):
    """A camera, stream, file or folder cannot be opened or has stopped giving frames."""


class ModelError(DesktopPoseError):
    """A model file is missing, altered or refused, or a backend is not available here."""


class InputError(DesktopPoseError, ValueError):
    """A frame, or its time, is none that poses can be looked for in."""


class RecordingError(DesktopPoseError):
    """A session cannot be written or read."""


class RecordingTroubleError(DesktopPoseError):
    """A recording goes on, but has trouble, or less is recorded than was asked for."""


class BusyError(DesktopPoseError):
    """What was asked for has to wait for the end of something else; then this is true no more."""


class ExportError(DesktopPoseError):
    """An export cannot be written."""


class MeasuringError(DesktopPoseError):
    """This computer cannot be measured, or a measurement cannot be kept or read."""


class SettingsError(DesktopPoseError):
    """A setting has a value that is out of its bounds."""
