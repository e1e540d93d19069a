"""Who is in a session, and how many at once: answers of one query each, in milliseconds."""

from pathlib import Path

from desktop_pose.recording import schema


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
    with schema.reading(folder) as connection:
        return tuple(int(number) for (number,) in connection.execute(query))
