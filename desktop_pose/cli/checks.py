"""The checks of `desktop-pose doctor`: each looks at one thing and changes nothing."""

import ctypes
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from desktop_pose import __version__
from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.core import places
from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Backend

_LEAST_FREE_BYTES = 1_000_000_000

_PACKAGES = (
    "ai-edge-litert",
    "av",
    "cv2-enumerate-cameras",
    "numpy",
    "opencv-python-headless",
    "platformdirs",
    "psutil",
    "PySide6-Essentials",
    "pyqtgraph",
    "rich",
    "typer",
)

_QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
"""What Qt needs on a bare Debian 12 for its offscreen platform, and the package it comes in."""

_XCB_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""What a window on X11 needs as well."""


class Verdict(Enum):
    """How a check ended."""

    OK = "ok"
    NOTE = "note"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        name: What was looked at.
        verdict: `MISSING` where something needed is missing, `NOTE` where something optional is.
        detail: What was found.
        remedy: What to do; None where nothing need be done.
    """

    name: str
    verdict: Verdict
    detail: str
    remedy: str | None = None

    @property
    def is_failure(self) -> bool:
        """Whether the program cannot do its work as it is."""
        return self.verdict is Verdict.MISSING

    def as_record(self) -> dict[str, str | None]:
        """The finding in JSON's own types."""
        return {
            "name": self.name,
            "verdict": self.verdict.value,
            "detail": self.detail,
            "remedy": self.remedy,
        }


def run_checks() -> list[Finding]:
    """All findings, in the order in which to read them."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _check_program, _check_packages, _check_pyside, _check_opencv, _check_models, _check_mediapipe,
        _check_qt_libraries, _check_cameras, _check_folders,
    )  # fmt: skip
    return [finding for check in checks for finding in check()]


def pyside_problem(pyside: str, python: tuple[int, int]) -> str | None:
    """What is wrong with this release of PySide6 on this Python; None if nothing is known to be."""
    if pyside == "6.12.0" and python < (3, 12):
        return (
            f"PySide6 6.12.0 ends a live window on Python {python[0]}.{python[1]} after some seconds; "
            'install another: pip install "PySide6-Essentials>=6.8,<6.12"'
        )
    return None


def _check_program() -> Iterator[Finding]:
    yield Finding("desktop-pose", Verdict.OK, __version__)
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    is_supported = (3, 10) <= sys.version_info < (3, 15)
    yield Finding(
        "Python",
        Verdict.OK if is_supported else Verdict.MISSING,
        f"{platform.python_version()} on {system}",
        None if is_supported else "Use Python 3.10 to 3.14",
    )


def _check_packages() -> Iterator[Finding]:
    is_frozen = bool(getattr(sys, "frozen", False))
    for package in _PACKAGES:
        try:
            yield Finding(package, Verdict.OK, metadata.version(package))
        except metadata.PackageNotFoundError:
            if not is_frozen:
                yield Finding(package, Verdict.MISSING, "not installed", f"pip install {package}")


def _check_pyside() -> Iterator[Finding]:
    if not _is_installed("PySide6-Essentials"):
        return  # the check of the packages has said so
    version = metadata.version("PySide6-Essentials")
    problem = pyside_problem(version, sys.version_info[:2])
    if problem is not None:
        yield Finding("PySide6", Verdict.MISSING, version, problem)


def _check_opencv() -> Iterator[Finding]:
    try:
        prepare_libraries()
        import cv2
    except ImportError as error:
        yield Finding("OpenCV", Verdict.MISSING, str(error), "pip install opencv-python-headless")
        return
    names = [cv2.videoio_registry.getBackendName(backend) for backend in cv2.videoio_registry.getBackends()]
    yield Finding("OpenCV's backends", Verdict.OK, ", ".join(dict.fromkeys(names)))
    others = [name for name in ("opencv-python", "opencv-contrib-python") if _is_installed(name)]
    if others:
        yield Finding(
            "OpenCV", Verdict.NOTE, f"{', '.join(others)} is installed as well and overwrites the same files",
            f"pip uninstall {' '.join(others)}; pip install --force-reinstall opencv-python-headless",
        )  # fmt: skip


def _is_installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def _check_models() -> Iterator[Finding]:
    from desktop_pose.pose.manifest import read_manifest, read_model

    try:
        models_dir = resources_dir() / "models"
        entries = read_manifest(models_dir)
    except DesktopPoseError as error:
        yield Finding("Models", Verdict.MISSING, error.message, error.hint)
        return
    for name, entry in entries.items():
        try:
            read_model(models_dir, name)
        except DesktopPoseError as error:
            yield Finding(f"Model {name}", Verdict.MISSING, error.message, error.hint)
        else:
            yield Finding(f"Model {name}", Verdict.OK, f"{entry.file} SHA-256 {entry.sha256}")
    demo = models_dir.parent / "demo" / "balance.mp4"
    if not demo.is_file():
        yield Finding("Demo clip", Verdict.MISSING, f"{demo} is missing", "Install desktop-pose again")


def _check_mediapipe() -> Iterator[Finding]:
    from desktop_pose.pose.opening import backend_problem

    problem = backend_problem(Backend.MEDIAPIPE)
    if problem is not None:
        yield Finding("MediaPipe", Verdict.NOTE, problem.message, problem.hint)
        return
    version = metadata.version("mediapipe") if _is_installed("mediapipe") else "in the bundle"
    is_quiet = version in ("0.10.30", "0.10.31", "in the bundle")
    yield Finding(
        "MediaPipe",
        Verdict.OK if is_quiet else Verdict.NOTE,
        version,
        None
        if is_quiet
        else 'Other releases differ or contact Google: pip install "mediapipe>=0.10.30,<0.10.32"',
    )


def _check_qt_libraries() -> Iterator[Finding]:
    if sys.platform != "linux":
        return
    for name, libraries, verdict in (
        ("Qt's libraries", _QT_LIBRARIES, Verdict.MISSING),
        ("Libraries for X11", _XCB_LIBRARIES, Verdict.NOTE),
    ):
        missing = {library: package for library, package in libraries.items() if not _can_load(library)}
        if missing:
            remedy = f"On Debian and Ubuntu: apt install {' '.join(missing.values())}"
            yield Finding(name, verdict, f"missing: {', '.join(missing)}", remedy)
        else:
            yield Finding(name, Verdict.OK, "all there")


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _check_cameras() -> Iterator[Finding]:
    if find_spec("cv2") is None:
        return
    from desktop_pose.capture.devices import list_cameras

    cameras = list_cameras()
    if cameras:
        yield Finding("Cameras", Verdict.OK, ", ".join(f"{camera.name} ({camera.id})" for camera in cameras))
    else:
        yield Finding(
            "Cameras", Verdict.NOTE, "none found", "Plug one in, or use a video, a stream address or the demo"
        )


def _check_folders() -> Iterator[Finding]:
    for name, folder in (
        ("Settings folder", places.settings_file().parent),
        ("Sessions folder", places.sessions_dir()),
        ("Cache folder", places.cache_dir()),
        ("Log folder", places.log_file().parent),
    ):
        existing = places.nearest_existing(folder)
        if not _can_write(existing):
            yield Finding(
                name, Verdict.MISSING, f"{folder} cannot be written", f"Allow writing in {existing}"
            )
            continue
        free_bytes = shutil.disk_usage(existing).free
        has_space = free_bytes >= _LEAST_FREE_BYTES
        yield Finding(
            name,
            Verdict.OK if has_space else Verdict.NOTE,
            f"{folder}, {free_bytes / 1e9:.1f} GB free",
            None if has_space else "Free some space before recording",
        )


def _can_write(folder: Path) -> bool:
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".desktop-pose-"):
            return True
    except OSError:
        return False
