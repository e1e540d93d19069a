"""The states of the engine and of a recording, as the window shows them."""

from dataclasses import dataclass
from enum import Enum

from desktop_pose.core.settings import RecordingKind


class EngineState(Enum):
    """What the engine is doing.

    stopped -> starting -> running <-> reconnecting -> stopped; a failure leads to stopped from anywhere.
    """

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    RECONNECTING = "reconnecting"

    @property
    def is_active(self) -> bool:
        """Whether a source is in use, or about to be."""
        return self is not EngineState.STOPPED


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """The recording that is being made, if any.

    Attributes:
        kind: What it holds; None when nothing is being recorded.
        path: Its folder; None before its first frame.
        duration_s: Length so far.
        bytes_written: Size so far.
        trouble: What is recorded less or not at all, in a few words each; empty where all is well.
    """

    kind: RecordingKind | None = None
    path: str | None = None
    duration_s: float = 0.0
    bytes_written: int = 0
    trouble: tuple[str, ...] = ()

    @property
    def is_recording(self) -> bool:
        """Whether a recording is being made."""
        return self.kind is not None
