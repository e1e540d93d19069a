"""A session on disk: a folder with `landmarks.sqlite` and, with video, `video.mkv`.

Owns the names of the files, what a session says of itself, and its states. Opens nothing: the writer, the
reader and the library do. The format is documented in `docs/session-format.md`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Size, SourceKind
from desktop_pose.core.settings import UNVERIFIED, Backend, PoseModel, RecordingKind, Rotation, VideoQuality

LANDMARKS_FILE = "landmarks.sqlite"
VIDEO_FILE = "video.mkv"
VIDEO_FILES = (VIDEO_FILE, "video_2.mkv", "video_3.mkv", "video_4.mkv")
"""The video, and where its quality had to step down while it was recorded, what follows."""
LOCK_FILE = "recording.lock"
REPAIR_FILE = "video.repaired.mkv"
ABOUT_FILE = "about.json"
SESSION_FILES = (
    *VIDEO_FILES,
    REPAIR_FILE,
    *(LANDMARKS_FILE + suffix for suffix in ("", "-wal", "-shm", "-journal")),
    ABOUT_FILE,
    LOCK_FILE,
)
"""Every file this program ever makes in a session's folder, in the order in which they may be deleted."""

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class SessionState(Enum):
    """How a session stands."""

    RECORDING = "recording"
    """Somebody holds its lock."""
    INTERRUPTED = "interrupted"
    """Nobody holds its lock, and it was never finalised."""
    RECOVERED = "recovered"
    """It was interrupted, and repaired since."""
    COMPLETE = "complete"
    """It was finalised when its recording ended."""


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """What a session says about how it was made.

    Attributes:
        program_version: Version of this program.
        backend: What turned pixels into landmarks when the recording began.
        model: The landmark model when the recording began; None for one of the user's own.
        model_sha256: Hash of that model's file; None where it is not known.
        source: What the source is called.
        source_kind: The kind of source.
        size: Size of the recorded frames, after every rotation.
        rotation: The user's rotation, already applied.
        is_mirrored: Whether the view was mirrored; what is recorded never is.
        machine: The computer and its system, in words.
        settings: All settings when the recording began.
        started: When the recording began, with its offset from UTC.
        timezone: Name of the time zone.
        detector_sha256: Hash of the person detector's file as shipped.
        versions: Of the programs that took part, by name.
        camera: What the source said of itself: its size before the user's rotation, its rate, and what it was
            asked for; None where it said nothing.
        angle_names: The joint angles that are recorded of each person, in order.
        video_quality: As the user wanted it.
    """

    program_version: str
    backend: Backend
    model: PoseModel | None
    model_sha256: str | None
    source: str
    source_kind: SourceKind
    size: Size
    rotation: Rotation
    is_mirrored: bool
    machine: str
    settings: dict[str, str | int | bool | None]
    started: datetime
    timezone: str
    detector_sha256: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    camera: Mapping[str, str | int | float | None] = field(default_factory=dict)
    angle_names: tuple[str, ...] = ()
    video_quality: VideoQuality = VideoQuality.MEDIUM

    def __post_init__(self) -> None:
        if self.started.tzinfo is None:
            raise ValueError("the start of a session needs an offset from UTC")

    def as_record(self) -> dict[str, Json]:
        """The header by key, as it stands in the session and in exports."""
        return {
            "program_version": self.program_version,
            "backend": self.backend.value,
            "model": UNVERIFIED if self.model is None else self.model.value,
            "model_sha256": self.model_sha256,
            "detector_sha256": self.detector_sha256,
            "source": self.source,
            "source_kind": self.source_kind.value,
            "width_px": self.size.width_px,
            "height_px": self.size.height_px,
            "rotation_deg": int(self.rotation.value),
            "mirrored": self.is_mirrored,
            "machine": self.machine,
            "settings": dict(self.settings),
            "started": self.started.isoformat(timespec="milliseconds"),
            "timezone": self.timezone,
            "versions": dict(self.versions),
            "camera": dict(self.camera),
            "angle_names": list(self.angle_names),
            "video_quality": self.video_quality.value,
        }


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What is known of a session without reading its frames.

    Attributes:
        id: Name of the folder.
        path: The folder.
        state: How the session stands.
        started: When the recording began, ISO 8601 with its offset from UTC.
        duration_s: From the first frame to the last; None where there is no frame.
        frame_count: Number of recorded frames.
        size: Size of the recorded frames.
        kind: What is recorded.
        source: What the source is called.
        model: The landmark model when the recording began.
        size_bytes: What the session takes on disk.
    """

    id: str
    path: Path
    state: SessionState
    started: str
    duration_s: float | None
    frame_count: int
    size: Size
    kind: RecordingKind
    source: str
    model: str
    size_bytes: int

    def as_record(self) -> dict[str, Json]:
        """The session as `desktop-pose sessions --json` prints it."""
        return {
            "id": self.id,
            "path": str(self.path.absolute()),
            "state": self.state.value,
            "started": self.started,
            "duration_s": self.duration_s,
            "frames": self.frame_count,
            "width_px": self.size.width_px,
            "height_px": self.size.height_px,
            "kind": self.kind.value,
            "source": self.source,
            "model": self.model,
            "size_bytes": self.size_bytes,
        }


def folder_name(started: datetime, attempt: int) -> str:
    """The id of a session begun at `started`; `attempt`, from 1, tells sessions of one second apart."""
    name = started.strftime("%Y-%m-%d_%H-%M-%S")
    return name if attempt == 1 else f"{name}_{attempt}"


def is_file_of_session(path: Path) -> bool:
    """Whether `path` is, or would be, a file that a session keeps in its folder."""
    return path.name.lower() in SESSION_FILES and (path.parent / LANDMARKS_FILE).exists()


def size_bytes(folder: Path) -> int:
    """What the session in `folder` takes on disk at present."""
    total = 0
    for name in SESSION_FILES:
        try:
            total += (folder / name).stat().st_size
        except FileNotFoundError:
            continue
    return total


def session_folders(sessions_dir: Path) -> list[Path]:
    """The folders in `sessions_dir` that hold a session; none where it is missing.

    Raises:
        RecordingError: The folder is there and cannot be read.
    """
    try:
        # Unlike Path's, this answers False where a folder may not be entered.
        return [each for each in sessions_dir.iterdir() if os.path.isfile(each / LANDMARKS_FILE)]  # noqa: PTH113
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RecordingError(
            f"The sessions folder {sessions_dir} cannot be read ({error.strerror})", "Choose another folder"
        ) from error
