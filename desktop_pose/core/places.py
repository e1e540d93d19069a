"""Where things are kept on this computer, by the platform's own conventions."""

import os
from pathlib import Path

import platformdirs

APP_NAME = "desktop-pose"


def settings_file() -> Path:
    """The file of the stored settings."""
    return platformdirs.user_config_path(APP_NAME, appauthor=False) / "settings.json"


def cache_dir() -> Path:
    """Where derived files live that can be made again at any time (stripped models)."""
    return platformdirs.user_cache_path(APP_NAME, appauthor=False)


def sessions_dir() -> Path:
    """Where sessions are recorded unless the user chose another folder."""
    return platformdirs.user_data_path(APP_NAME, appauthor=False) / "sessions"


def measurements_dir() -> Path:
    """Where measurements of this computer are kept."""
    return platformdirs.user_data_path(APP_NAME, appauthor=False) / "measurements"


def pictures_dir() -> Path:
    """Where snapshots go."""
    return platformdirs.user_pictures_path()


def log_file() -> Path:
    """The log of the application."""
    return platformdirs.user_log_path(APP_NAME, appauthor=False) / "desktop-pose.log"


def nearest_existing(path: Path) -> Path:
    """`path`, or the nearest folder above it that exists: that of a place where nothing was put yet."""
    while not os.path.exists(path) and path != path.parent:  # noqa: PTH110  # False where the way is barred
        path = path.parent
    return path
