"""Finds `resources/`: in the installed package, beside it (source tree, editable install), or in a bundle."""

import sys
from pathlib import Path

from desktop_pose.core.errors import DesktopPoseError


def resources_dir() -> Path:
    """The folder of the shipped models, demo clip and icons.

    Raises:
        DesktopPoseError: The installation is incomplete.
    """
    package = Path(__file__).resolve().parent.parent
    candidates = [package / "resources", package.parent / "resources"]
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        candidates.insert(0, Path(bundle) / "resources")
    for candidate in candidates:
        if (candidate / "models" / "manifest.json").is_file():
            return candidate
    raise DesktopPoseError(
        "The folder resources/ with the models was not found in this installation",
        "Install desktop-pose again",
    )
