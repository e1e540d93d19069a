"""The tables of `landmarks.sqlite`, their version, and how the file is opened.

`docs/session-format.md` documents them for readers in other languages: a change here is a new version there.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from desktop_pose.core.errors import RecordingError
from desktop_pose.recording.migrations import present_as_newest
from desktop_pose.recording.problems import damaged, trouble_told
from desktop_pose.recording.session import LANDMARKS_FILE
from desktop_pose.recording.views import ROWS_OF_VIEWS, VIEWS

APPLICATION_ID = 0x44504F53  # "DPOS"
VERSION = 2

_PAGE_BYTES = 16_384
_JOURNAL_PAGES = 64  # 1 MB, or a quarter of a minute

_PATIENCE_S = 1.0  # with another program that holds the file
_PATIENCE_MS = 300  # with somebody who reads the session just now; quitting waits for this

log = logging.getLogger(__name__)

_TABLES = """
CREATE TABLE header (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE frames (
    frame INTEGER PRIMARY KEY,
    time_ns INTEGER NOT NULL,
    capture_ns INTEGER NOT NULL,
    source_ns INTEGER,
    reused INTEGER NOT NULL,
    detector_ran INTEGER,
    dropped_before INTEGER NOT NULL,
    people INTEGER NOT NULL,
    video INTEGER,
    video_frame INTEGER,
    checksum INTEGER NOT NULL
);
CREATE TABLE people (
    frame INTEGER NOT NULL REFERENCES frames (frame),
    person INTEGER NOT NULL,
    score REAL,
    landmarks BLOB NOT NULL,
    world BLOB NOT NULL,
    raw_landmarks BLOB,
    raw_world BLOB,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (frame, person)
);
CREATE TABLE angles (
    frame INTEGER NOT NULL REFERENCES frames (frame),
    person INTEGER NOT NULL,
    angles BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (frame, person)
) WITHOUT ROWID;
CREATE TABLE drops (
    frame INTEGER NOT NULL, time_ns INTEGER NOT NULL, count INTEGER NOT NULL, cause TEXT NOT NULL
);
CREATE TABLE marks (mark INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE settings (time_ns INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE resources (
    time_ns INTEGER NOT NULL, cpu_percent REAL, rss_mb REAL, threads TEXT NOT NULL
);
CREATE TABLE videos (
    video INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    encoder TEXT NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    first_frame INTEGER NOT NULL
);
"""


_MADE_TO_RUN = """
SELECT 1 FROM main.sqlite_master
WHERE type NOT IN ('table', 'index', 'view') OR (type = 'view' AND substr(name, 1, 5) <> 'tidy_')
LIMIT 1
"""
"""Finds triggers, and views in place of tables: neither is ever made here, and either may keep a reader busy
for ever."""


def open_new(path: Path) -> sqlite3.Connection:
    """A connection to the empty file `path`, with the tables in place and no transaction open.

    Raises:
        sqlite3.Error: The disk does not let us.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # A person takes 2.2 kB: two do not fit into SQLite's usual page, seven fit into this one.
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        # Finalising and repairing need at most this much more room, and the time to move it.
        connection.execute(f"PRAGMA wal_autocheckpoint = {_JOURNAL_PAGES}")
        # A commit is made only twice a second: it may cost what surviving a power cut costs.
        connection.execute("PRAGMA synchronous = FULL")
        marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
        connection.executescript(f"BEGIN; {marks} {_TABLES} {VIEWS} COMMIT;")
        connection.execute("BEGIN")
        for statement, rows in ROWS_OF_VIEWS:
            connection.executemany(statement, rows)
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def open_existing(path: Path, *, writable: bool = False) -> sqlite3.Connection:
    """A connection to the session file `path`, known to be ours and of a version we understand.

    A file of an older version looks as one of the newest, and stays as it is. Nothing in the file can make
    code run: functions and virtual tables in its schema are not trusted.

    Raises:
        RecordingError: The file is missing, no session, damaged, or from a newer version of the program.
    """
    if not path.is_file():
        raise RecordingError(f"There is no session in {path.parent}", "Give the folder of a session")
    address = f"{path.absolute().as_uri()}?mode={'rw' if writable else 'ro'}"
    connection = None
    try:
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=_PATIENCE_S)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        present_as_newest(connection, _checked_version(connection, path.parent))
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise _unopened(path.parent, error) from error
    except BaseException:
        if connection is not None:
            connection.close()
        raise
    return connection


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """The file of the session in `folder`, open for a few queries.

    Raises:
        RecordingError: It cannot be opened, or what is read of it is damaged.
    """
    with trouble_told(folder), closing(open_existing(folder / LANDMARKS_FILE)) as connection:
        yield connection


def finish_journal(connection: sqlite3.Connection) -> None:
    """Bring everything into the one file and leave no other beside it.

    While somebody else reads the session the journal stays, and is part of it like before.

    Raises:
        sqlite3.Error: The disk does not let us; nothing is lost then.
    """
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        log.info("The session is being read: its journal stays beside it")


def _unopened(folder: Path, error: sqlite3.Error) -> RecordingError:
    if "unable to open" in str(error) or "readonly" in str(error):
        # An interrupted session has a journal, which SQLite reads only where it may write beside it.
        return RecordingError(
            f"The session {folder} cannot be opened where it is",
            "Allow reading it, or copy the folder to a disk that can be written to",
        )
    return damaged(folder, error)


def _checked_version(connection: sqlite3.Connection, folder: Path) -> int:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application_id != APPLICATION_ID:
        raise damaged(folder, "its file is none of this program's")
    if version > VERSION:
        raise RecordingError(
            f"The session {folder} was recorded by a newer version of desktop-pose (format {version})",
            "Update desktop-pose",
        )
    if version < 1:
        raise damaged(folder, f"it has the unknown format {version}")
    if connection.execute(_MADE_TO_RUN).fetchone() is not None:
        raise damaged(folder, "its tables are not those of a session")
    return int(version)
