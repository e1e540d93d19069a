"""Makes the sessions that are recorded: with joint angles, and only where there is room for them.

What only a session needs is imported when one is made, on the thread that writes it.
"""

from typing import TYPE_CHECKING

from desktop_pose.core.frames import Size, SourceInfo
from desktop_pose.core.settings import RecordingKind, Settings
from desktop_pose.engine.options import EngineOptions

if TYPE_CHECKING:
    from desktop_pose.recording.writer import SessionWriter


def make_session(
    options: EngineOptions,
    settings: Settings,
    source: SourceInfo,
    kind: RecordingKind,
    size: Size,
    *,
    is_mirrored: bool,
) -> "SessionWriter":
    """A writer of a new session in a folder of its own below the folder of the sessions.

    Args:
        options: Where sessions and models are.
        settings: Those in use.
        source: What the open source delivers.
        kind: What is recorded.
        size: Of the first frame.
        is_mirrored: Whether the view is a mirror.

    Raises:
        RecordingError: The folder cannot be made or written to, or its disk is nearly full.
        ModelError: The manifest of the models cannot be read.
    """
    from desktop_pose.engine.disk import DiskLimits, refuse_full_disk
    from desktop_pose.engine.session_header import build_header
    from desktop_pose.pose.kinematics import angles
    from desktop_pose.recording.problems import writing_failed
    from desktop_pose.recording.writer import SessionWriter

    header = build_header(settings, source, options.models_dir, size, is_mirrored=is_mirrored)
    sessions_dir = options.sessions_dir
    try:
        sessions_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise writing_failed(error, sessions_dir) from error
    refuse_full_disk(sessions_dir, DiskLimits())
    return SessionWriter.create(sessions_dir, header, kind, angles)
