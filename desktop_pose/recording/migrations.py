"""Lets sessions of older formats be read as if they were of the newest.

Nothing on disk is changed: views of the connection alone, which go before the tables of the file, give what a
newer format would have stored. One script a version, from that version straight to the newest.
"""

import sqlite3

_FROM_1 = """
CREATE TEMP VIEW frames AS
SELECT frame, time_ns, capture_ns, NULL AS source_ns, reused, detector_ran, dropped_before,
       (SELECT count(*) FROM main.people WHERE people.frame = frames.frame) AS people,
       CASE WHEN video_frame IS NOT NULL THEN 1 END AS video, video_frame, NULL AS checksum
FROM main.frames;
CREATE TEMP VIEW people AS
SELECT frame, person, score, landmarks, world, raw_landmarks, raw_world, NULL AS checksum FROM main.people;
CREATE TEMP VIEW angles AS
SELECT 0 AS frame, 0 AS person, NULL AS angles, NULL AS checksum WHERE 0;
CREATE TEMP VIEW drops AS
SELECT (SELECT min(frame) FROM main.frames WHERE frames.time_ns >= drops.time_ns) AS frame,
       time_ns, count, cause
FROM main.drops ORDER BY rowid;
CREATE TEMP VIEW marks AS
SELECT 0 AS mark, 0 AS time_ns, '' AS note WHERE 0;
CREATE TEMP VIEW videos AS
SELECT 1 AS video, 'video.mkv' AS file,
       coalesce((SELECT value FROM header WHERE key = 'video_encoder'), '') AS encoder,
       (SELECT value FROM header WHERE key = 'width_px') AS width_px,
       (SELECT value FROM header WHERE key = 'height_px') AS height_px,
       0 AS first_frame
WHERE (SELECT value FROM header WHERE key = 'kind') = 'video';
"""

_SCRIPTS = {1: _FROM_1}
_FIRST_OF_NEXT = {1: "angles"}
"""A table that the next format brought, and that a file of this one does not have."""


def present_as_newest(connection: sqlite3.Connection, version: int) -> None:
    """Let `connection`, to a file of the format `version`, be read as one of the newest.

    Raises:
        sqlite3.Error: The file does not hold the tables of its version.
    """
    script = _SCRIPTS.get(version)
    if script is not None:
        query = "SELECT 1 FROM main.sqlite_master WHERE name = ?"
        if connection.execute(query, (_FIRST_OF_NEXT[version],)).fetchone() is not None:
            raise sqlite3.DatabaseError(f"its tables are newer than its format {version}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.executescript(script)
