"""Makes the sessions that are recorded: with joint angles, and only where there is room for them."""

from pathlib import Path

from desktop_pose.core.settings import RecordingKind
from desktop_pose.engine.disk import DiskLimits, refuse_full_disk
from desktop_pose.pose.kinematics import angles
from desktop_pose.recording.problems import writing_failed
from desktop_pose.recording.session import SessionHeader
from desktop_pose.recording.writer import SessionWriter


def make_session(sessions_dir: Path, header: SessionHeader, kind: RecordingKind) -> SessionWriter:
    """A writer of a new session in a folder of its own below `sessions_dir`.

    Raises:
        RecordingError: The folder cannot be made or written to, or its disk is nearly full.
    """
    try:
        sessions_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise writing_failed(error, sessions_dir) from error
    refuse_full_disk(sessions_dir, DiskLimits())
    return SessionWriter.create(sessions_dir, header, kind, angles)
