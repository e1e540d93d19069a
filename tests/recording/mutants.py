"""Damaged session files: made in many ways, and read to see what becomes of them."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from enum import Enum
from pathlib import Path

import numpy as np

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.settings import RecordingKind
from desktop_pose.core.topology import ANGLE_NAMES
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.recorded import RecordedFrame
from desktop_pose.recording.rows import FrameDetails
from desktop_pose.recording.schema import VERSION
from desktop_pose.recording.session import LANDMARKS_FILE
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import INTERVAL_NS, make_frame, make_header, make_poses

FRAMES = 40
PAGE_BYTES = 16_384

Mutation = Callable[[Path, random.Random], None]


class Verdict(Enum):
    """What became of a mutant."""

    READ = "read"
    """Every frame is what was recorded."""
    REFUSED = "refused"
    """It was refused in words."""
    WRONG = "WRONG"
    """Something else was read, or something else than a `RecordingError` was raised."""


def make_original(folder: Path) -> Path:
    """The folder of a sound session with something in every table."""
    header = replace(make_header(), angle_names=ANGLE_NAMES)
    writer = SessionWriter.create(
        folder, header, RecordingKind.VIDEO, lambda world, _: world[:, : len(ANGLE_NAMES), 0].copy()
    )
    rng = np.random.default_rng(9)
    for index in range(FRAMES):
        losses = {"inference": 1} if index == 20 else {}
        writer.write(make_frame(rng, index), make_poses(rng, index), len(losses), FrameDetails(index, losses))
        if index % 10 == 5:
            writer.write_setting(index * INTERVAL_NS, "model", "lite")
            writer.write_resources(index * INTERVAL_NS, 30.5, 190.0, {"main": 4.5})
            writer.write_mark(index, index * INTERVAL_NS, "a mark")
    writer.finalise()
    return writer.path


def _cut(file: Path, chance: random.Random) -> None:
    with file.open("rb+") as stream:
        stream.truncate(chance.randrange(file.stat().st_size))


def _change_bytes(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    for _ in range(chance.choice((1, 1, 3, 40))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    file.write_bytes(content)


def _change_head(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    content[chance.randrange(100)] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def _zero_a_page(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    at = PAGE_BYTES * chance.randrange(len(content) // PAGE_BYTES)
    content[at : at + PAGE_BYTES] = bytes(PAGE_BYTES)
    file.write_bytes(content)


def _exchange_pages(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    one, other = (PAGE_BYTES * page for page in chance.sample(range(1, len(content) // PAGE_BYTES), 2))
    saved = content[one : one + PAGE_BYTES]
    content[one : one + PAGE_BYTES] = content[other : other + PAGE_BYTES]
    content[other : other + PAGE_BYTES] = saved
    file.write_bytes(content)


def _change_numbers(file: Path, chance: random.Random) -> None:
    """Change a few bytes of the landmarks themselves, which leaves a sound database."""
    with closing(sqlite3.connect(file)) as connection:
        blobs = [row[0] for row in connection.execute("SELECT landmarks FROM people")]
    content = file.read_bytes()
    at = content.index(chance.choice(blobs)) + chance.randrange(660)
    file.write_bytes(content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :])


def _sql(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


_COLUMNS = {
    "frames": ("time_ns", "capture_ns", "source_ns", "reused", "dropped_before", "people", "video_frame"),
    "people": ("score", "landmarks", "world", "raw_landmarks", "raw_world", "person"),
    "angles": ("angles", "person", "checksum"),
    "marks": ("time_ns", "note"),
    "settings": ("time_ns", "key", "value"),
    "resources": ("time_ns", "cpu_percent", "rss_mb", "threads"),
    "videos": ("file", "width_px", "first_frame"),
    "drops": ("count", "cause", "time_ns"),
}
_STRANGE = (
    "NULL", "-1", "0", "1", "9223372036854775807", "1.5e300", "''", "'../../etc/passwd'", "x''", "x'00ff'",
    "zeroblob(660)", "randomblob(660)", "randomblob(396)", "CAST(x'ff80fe' AS TEXT)", "zeroblob(3000000)",
)  # fmt: skip


def _change_a_value(file: Path, chance: random.Random) -> None:
    table = chance.choice(list(_COLUMNS))
    column = chance.choice(_COLUMNS[table])
    row = "(SELECT frame FROM {0} LIMIT 1 OFFSET 3)" if table in ("frames", "people", "angles") else None
    where = f"frame = {row.format(table)}" if row else "1"
    try:
        _sql(file, f"UPDATE OR REPLACE {table} SET {column} = {chance.choice(_STRANGE)} WHERE {where}")
    except sqlite3.IntegrityError:
        _sql(file, f"DELETE FROM {table} WHERE {where}")


def _change_the_header(file: Path, chance: random.Random) -> None:
    keys = (
        "state", "started", "width_px", "height_px", "kind", "source", "model", "settings", "frame_count",
        "duration_ns", "versions", "angle_names", "mirrored",
    )  # fmt: skip
    key = chance.choice(keys)
    if chance.random() < 0.3:
        _sql(file, f"DELETE FROM header WHERE key = '{key}'")
    else:
        _sql(file, f"UPDATE header SET value = {chance.choice(_STRANGE)} WHERE key = '{key}'")


def _lose_rows(file: Path, chance: random.Random) -> None:
    table = chance.choice(("frames", "people"))
    _sql(file, f"DELETE FROM {table} WHERE frame % {chance.choice((2, 7, 39))} = 1")


def _change_the_schema(file: Path, chance: random.Random) -> None:
    _sql(
        file,
        *chance.choice(
            (
                ("ALTER TABLE frames RENAME TO pictures",),
                ("DROP TABLE people",),
                ("DROP TABLE angles",),
                ("ALTER TABLE people RENAME COLUMN world TO worlds",),
                (
                    "ALTER TABLE frames RENAME TO pictures",
                    "CREATE VIEW frames AS SELECT *, load_extension('/tmp/x') FROM pictures",
                ),
                (
                    "ALTER TABLE header RENAME TO headers",
                    "CREATE VIEW header AS SELECT key, hex(zeroblob(1000000)) AS value FROM headers",
                ),
                (
                    "ALTER TABLE people RENAME TO persons",
                    "CREATE VIEW people AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                    " WHERE i < 1000000000) SELECT persons.* FROM persons, n",
                ),
            )
        ),
    )


def _replace_by_another_file(file: Path, chance: random.Random) -> None:
    contents = (
        b"", b"\x89PNG\r\n\x1a\n" + bytes(5000), b"PK\x03\x04" + bytes(5000), b"frame,time_s\n" * 5000,
        b"SQLite format 3\0", bytes(100_000), chance.randbytes(50_000), b"SQLite format 3\0" + bytes(80_000),
    )  # fmt: skip
    file.write_bytes(chance.choice(contents))


def _make_another_version(file: Path, chance: random.Random) -> None:
    _sql(file, f"PRAGMA user_version = {chance.choice((-5, 0, 1, VERSION + 1, VERSION + 40, 2**31 - 1))}")


def _put_strange_journal_beside(file: Path, chance: random.Random) -> None:
    suffix = chance.choice(("-wal", "-journal"))
    content = chance.randbytes(40_000) if chance.random() < 0.5 else file.read_bytes()[:40_000]
    file.with_name(file.name + suffix).write_bytes(content)


KINDS: dict[str, Mutation] = {
    "cut short": _cut,
    "bytes": _change_bytes,
    "bits of the file's head": _change_head,
    "page zeroed": _zero_a_page,
    "pages exchanged": _exchange_pages,
    "bits of landmarks": _change_numbers,
    "a value": _change_a_value,
    "a value of the header": _change_the_header,
    "rows lost": _lose_rows,
    "schema": _change_the_schema,
    "another file": _replace_by_another_file,
    "another version": _make_another_version,
    "strange journal": _put_strange_journal_beside,
}


def mutate(original: Path, path: Path, kind: str, chance: random.Random) -> Path:
    """A damaged copy of `original` in the folder `path`."""
    shutil.copytree(original, path)
    KINDS[kind](path / LANDMARKS_FILE, chance)
    return path


def read_mutant(path: Path, original: Path) -> tuple[Verdict, str]:
    """What becomes of the mutant in `path` when all of it is read, and what was said of it."""
    try:
        with SessionReader.open(path) as reader:
            frames = list(reader.frames())
            reader.marks()
            reader.drops()
            reader.setting_changes()
            reader.resource_samples()
            reader.videos()
            reader.timeline()
    except RecordingError as error:
        names_it = str(path) in error.message and bool(error.hint)
        return (Verdict.REFUSED if names_it else Verdict.WRONG), str(error)
    except Exception as error:  # noqa: BLE001  # this is what must not happen
        return Verdict.WRONG, f"{type(error).__name__}: {error}"
    with SessionReader.open(original) as reader:
        is_same = [contents(frame) for frame in reader.frames()] == [contents(frame) for frame in frames]
    return (Verdict.READ, "") if is_same else (Verdict.WRONG, "it was read as another session")


def contents(frame: RecordedFrame) -> tuple[object, ...]:
    """All that is known of a frame, to be compared."""
    return (
        (frame.index, frame.time_ns, frame.capture_ns, frame.source_ns, frame.reused, frame.dropped_before),
        tuple(
            (
                person.id,
                repr(person.score),
                *(
                    None if array is None else array.tobytes()
                    for array in (person.landmarks, person.world, person.raw_landmarks, person.raw_world)
                ),
            )
            for person in frame.people
        ),
        tuple(None if angles is None else angles.tobytes() for angles in frame.angles),
    )
