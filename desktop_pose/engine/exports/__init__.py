"""Exports that need more than data: joint angles, a moving skeleton, pictures; and all formats together."""

from desktop_pose.engine.exports.pictures import pictures_of
from desktop_pose.engine.exports.registry import EXPORTERS, export
from desktop_pose.engine.exports.sessions import (
    ExportOutcome,
    SessionExport,
    export_session,
    export_sessions,
)

__all__ = [
    "EXPORTERS",
    "ExportOutcome",
    "SessionExport",
    "export",
    "export_session",
    "export_sessions",
    "pictures_of",
]
