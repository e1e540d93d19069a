"""Who is in a session, and how many at once: answers of one query each, in milliseconds."""

import sqlite3
from contextlib import closing
from pathlib import Path

from desktop_pose.recording import schema
from desktop_pose.recording.problems import damaged
from desktop_pose.recording.session import LANDMARKS_FILE


def read_people(folder: Path) -> tuple[int, ...]:
    """The ids of everybody in the session in `folder`, those seen in most frames first.

    Raises:
        RecordingError: The session cannot be read.
    """
    return _numbers(folder, "SELECT person FROM people GROUP BY person ORDER BY count(*) DESC, person")


def most_people(folder: Path) -> int:
    """The greatest number of people in one frame of the session in `folder`.

    Raises:
        RecordingError: The session cannot be read.
    """
    (most,) = _numbers(
        folder, "SELECT ifnull(max(n), 0) FROM (SELECT count(*) AS n FROM people GROUP BY frame)"
    )
    return most


def _numbers(folder: Path, query: str) -> tuple[int, ...]:
    with closing(schema.open_existing(folder / LANDMARKS_FILE)) as connection:
        try:
            return tuple(int(number) for (number,) in connection.execute(query))
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise damaged(folder, error) from error
