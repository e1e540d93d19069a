"""The application's window as the benchmarks that drive it from inside start it."""

import tempfile
from pathlib import Path

from desktop_pose.core import places
from desktop_pose.core.resources import resources_dir
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.options import EngineOptions
from desktop_pose.ui.main_window import MainWindow

_SESSIONS_DIR = Path(tempfile.gettempdir())


def engine_options() -> EngineOptions:
    """The shipped models, the user's cache, and nothing recorded."""
    return EngineOptions(resources_dir() / "models", places.cache_dir(), _SESSIONS_DIR)


def show_running(controller: Controller) -> MainWindow:
    """A window, on screen, with its source started."""
    window = MainWindow(
        controller, lambda _settings: None, sessions_dir=_SESSIONS_DIR, unavailable={}, state_file=None
    )
    window.show()
    controller.start()
    return window
