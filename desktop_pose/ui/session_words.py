"""What sessions are called and said to be, in every list, box and message."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt

from desktop_pose.recording.about import SessionAbout
from desktop_pose.recording.session import SessionState
from desktop_pose.ui.wording import in_minutes, shortened

if TYPE_CHECKING:
    from desktop_pose.recording.catalogue import CatalogueEntry  # which imports what reads sessions

_LONGEST_NAME = 30


def name_of(entry: "CatalogueEntry") -> str:
    """What a session is called."""
    return name_in(entry.path, entry.about)


def name_in(session: Path, about: SessionAbout) -> str:
    """What the session in this folder is called: the title the user gave it, or else the folder's name."""
    return about.title or session.name


def started_in_words(entry: "CatalogueEntry") -> str:
    """When its recording began, by the user's clock; empty where that cannot be read."""
    moment = QDateTime.fromString(
        "" if entry.info is None else entry.info.started, Qt.DateFormat.ISODateWithMs
    )
    return QLocale().toString(moment.toLocalTime(), QLocale.FormatType.ShortFormat)


def length_in_words(entry: "CatalogueEntry") -> str:
    """How long it is; empty where that is not known."""
    duration_s = None if entry.info is None else entry.info.duration_s
    return "" if duration_s is None else in_minutes(duration_s)


def in_one_line(entry: "CatalogueEntry") -> str:
    """What tells it from others: its name, when it was recorded, how long it is, and a state out of order.

    A folder's name says when it was recorded, to the second.
    """
    state = None if entry.info is None else entry.info.state
    title = shortened(entry.about.title, _LONGEST_NAME)
    facts = (
        f"{title} – {started_in_words(entry)}" if title else name_of(entry),
        length_in_words(entry),
        "" if state is None or state is SessionState.COMPLETE else state.value,
    )
    return ", ".join(fact for fact in facts if fact)
