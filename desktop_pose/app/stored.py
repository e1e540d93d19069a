"""Keeps what the user chose in the window, and only that, for the next start."""

from pathlib import Path

from desktop_pose.core import settings_file
from desktop_pose.core.settings import DECLARATIONS, Settings


class StoredChoices:
    """The stored settings, with each change made in the window added to them.

    What the command line said, or the program chose by itself, is in force and not stored.

    Args:
        path: The file of the stored settings.
        stored: What it holds.
        in_force: The settings the window starts with.
    """

    def __init__(self, path: Path, stored: Settings, in_force: Settings) -> None:
        self._path = path
        self._stored = stored
        self._in_force = in_force

    def note_in_force(self, settings: Settings) -> None:
        """Take `settings` as in force without the user's doing."""
        self._in_force = settings

    def keep(self, settings: Settings) -> None:
        """Store what differs between `settings` and those in force before.

        Raises:
            SettingsError: It cannot be stored; the next change is stored with it.
        """
        changed = {
            key: getattr(settings, key)
            for key in DECLARATIONS
            if getattr(settings, key) != getattr(self._in_force, key)
        }
        self._in_force = settings
        if not changed:
            return
        self._stored = self._stored.changed(**changed)
        settings_file.save(self._path, self._stored)
