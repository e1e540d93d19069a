"""What a session says about how it was made, put together when its first frame is known."""

import platform
from datetime import datetime
from pathlib import Path

import psutil

import desktop_pose
from desktop_pose.core.frames import Size, SourceInfo
from desktop_pose.core.settings import Settings, as_public_record
from desktop_pose.pose.manifest import read_manifest
from desktop_pose.recording.session import SessionHeader


def machine_in_words() -> str:
    """The computer and its system, in one line."""
    memory_gb = psutil.virtual_memory().total / 1e9
    cores = psutil.cpu_count() or 1
    return f"{platform.platform()}, {platform.machine()}, {cores} cores, {memory_gb:.0f} GB"


def build_header(
    settings: Settings, source: SourceInfo, models_dir: Path, size: Size, *, is_mirrored: bool
) -> SessionHeader:
    """The header of a session that begins now.

    Raises:
        ModelError: The manifest of the models cannot be read.
    """
    started = datetime.now().astimezone()
    return SessionHeader(
        program_version=desktop_pose.__version__,
        backend=settings.backend,
        model=settings.model,
        model_sha256=read_manifest(models_dir)[settings.model.value].sha256,
        source=source.name,
        source_kind=source.kind,
        size=size,
        rotation=settings.rotate,
        is_mirrored=is_mirrored,
        machine=machine_in_words(),
        settings=as_public_record(settings),
        started=started,
        timezone=started.tzname() or "",
    )
