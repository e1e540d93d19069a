"""Where the window stood and how its docks lay, kept in an ini file beside the stored settings."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

_VERSION = 1
"""Of the arrangement of docks and bars: one stored by another version is not restored."""


class WindowState:
    """Keeps the geometry and the docks of one window.

    Args:
        path: The ini file; None keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._store = None if path is None else QSettings(str(path), QSettings.Format.IniFormat)

    def restore(self, window: QMainWindow) -> None:
        """Put `window` where it was; Qt moves it onto a screen that is there."""
        if self._store is None:
            return
        geometry, docks = self._store.value("window/geometry"), self._store.value("window/docks")
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        if isinstance(docks, QByteArray):
            window.restoreState(docks, _VERSION)

    def save(self, window: QMainWindow) -> None:
        """Keep where `window` is."""
        if self._store is None:
            return
        self._store.setValue("window/geometry", window.saveGeometry())
        self._store.setValue("window/docks", window.saveState(_VERSION))
        self._store.sync()
