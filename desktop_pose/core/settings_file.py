"""Reads and writes the stored settings: one JSON object, `{"schema": 1, "settings": {key: value}}`.

A file that cannot be understood is never overwritten silently: it is moved aside and its name reported.
"""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from desktop_pose.core.errors import SettingsError
from desktop_pose.core.settings import DECLARATIONS, Settings, as_record
from desktop_pose.core.whole_file import write_whole

log = logging.getLogger(__name__)

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """What the file gave.

    Attributes:
        settings: Valid settings; defaults where the file said nothing usable.
        problem: What was wrong with the file, to be shown to the user; None if nothing was.
    """

    settings: Settings
    problem: SettingsError | None = None


def load(path: Path) -> StoredSettings:
    """The settings stored in `path`; the defaults where there is no such file."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return StoredSettings(Settings())
    except OSError as error:
        return _moved_aside(path, error.strerror or type(error).__name__)
    except UnicodeDecodeError:
        return _moved_aside(path, "it is no text")
    try:
        document = json.loads(text)
        stored = document["settings"]
        if document["schema"] != SCHEMA or not isinstance(stored, dict):
            return _moved_aside(path, f"its schema is not {SCHEMA}")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        log.info("%s: %r", path, error)
        return _moved_aside(path, "it is not what this program writes")
    settings, refused = Settings(), []
    for key, value in stored.items():
        declaration = DECLARATIONS.get(key)
        if declaration is None or not declaration.stored:
            continue
        try:
            settings = settings.changed(**{key: None if value is None else declaration.parse(str(value))})
        except SettingsError:
            refused.append(key)
    if refused:
        return StoredSettings(settings, SettingsError(
            f"Stored values of {', '.join(refused)} cannot be used here and were left at their defaults",
            f"Set them again in the window, or correct them in {path}",
        ))  # fmt: skip
    return StoredSettings(settings)


def save(path: Path, settings: Settings) -> None:
    """Store `settings`, replacing the file whole.

    Raises:
        SettingsError: The file cannot be written.
    """
    stored = {key: value for key, value in as_record(settings).items() if DECLARATIONS[key].stored}
    text = json.dumps({"schema": SCHEMA, "settings": stored}, indent=2) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode(), is_private=True)  # an address may hold a password
    except OSError as error:
        raise SettingsError(
            f"The settings could not be stored in {path} ({error.strerror})",
            "Free space or allow writing",
        ) from error


def _moved_aside(path: Path, reason: str) -> StoredSettings:
    aside = path.with_name(f"{path.name}.damaged")
    try:
        path.replace(aside)
    except OSError as error:
        log.warning("Could not move %s aside: %s", path, error)
        aside = path
    return StoredSettings(Settings(), SettingsError(
        f"The settings file could not be read: {reason}",
        f"The defaults are in use; the old file is kept as {aside}",
    ))  # fmt: skip
