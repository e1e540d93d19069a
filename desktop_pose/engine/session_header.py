"""What a session says about how it was made, put together when its first frame is known."""

import platform
import sqlite3
from contextlib import suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

import desktop_pose
from desktop_pose.core.frames import Size, SourceInfo
from desktop_pose.core.settings import Settings, as_public_record
from desktop_pose.core.topology import ANGLE_NAMES
from desktop_pose.pose.manifest import DETECTOR, read_manifest
from desktop_pose.pose.user_model import identity_of
from desktop_pose.recording.session import SessionHeader

_LIBRARIES = ("ai-edge-litert", "mediapipe", "numpy", "opencv-python-headless", "av", "PySide6-Essentials")


def machine_in_words() -> str:
    """The computer and its system, in one line."""
    from desktop_pose.engine.measuring.machine import this_machine  # not before something is recorded

    machine, memory_gb = this_machine(), psutil.virtual_memory().total / 1e9
    return (
        f"{machine.system} {machine.release}, {machine.architecture}, {machine.processor}, "
        f"{machine.cores} cores, {memory_gb:.0f} GB"
    )


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    return versions


def build_header(
    settings: Settings, source: SourceInfo, models_dir: Path, size: Size, *, is_mirrored: bool
) -> SessionHeader:
    """The header of a session that begins now.

    Raises:
        ModelError: The manifest of the models cannot be read.
    """
    own = None if settings.model_file is None else Path(settings.model_file)
    started = datetime.now().astimezone()
    return SessionHeader(
        program_version=desktop_pose.__version__,
        backend=settings.backend,
        model=settings.model if own is None else None,
        model_sha256=identity_of(settings.model, own, models_dir).sha256,
        source=source.name,
        source_kind=source.kind,
        size=size,
        rotation=settings.rotate,
        is_mirrored=is_mirrored,
        machine=machine_in_words(),
        settings=as_public_record(settings),
        started=started,
        timezone=started.tzname() or "",
        detector_sha256=read_manifest(models_dir)[DETECTOR].sha256,
        versions=_versions(),
        camera={
            "width_px": source.size.width_px,
            "height_px": source.size.height_px,
            "nominal_fps": source.nominal_fps,
            "wanted_size": None if settings.size is None else str(settings.size),
            "wanted_fps": settings.fps,
        },
        angle_names=ANGLE_NAMES,
        video_quality=settings.video_quality,
    )
