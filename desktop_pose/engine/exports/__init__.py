"""Exports that need more than data: joint angles, a moving skeleton, pictures; and all formats together."""

from desktop_pose.engine.exports.pictures import pictures_of
from desktop_pose.engine.exports.registry import EXPORTERS, export

__all__ = ["EXPORTERS", "export", "pictures_of"]
