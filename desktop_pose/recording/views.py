"""The tidy views of `landmarks.sqlite`: any program that speaks SQL can read a session, without this one.

Landmarks are stored as blobs of 32-bit floats, which take a third of the room of rows and a tenth of the
time to write. The views take them apart in plain SQL, exactly, with functions every SQLite has: a byte is its
place in the blob of all bytes, and the power of two of a float's exponent stands in the table `float32`. What
is not a number is NULL.
"""
# Every piece of SQL here is a constant of this module.
# ruff: noqa: S608

from desktop_pose.core.topology import ANGLE_NAMES, LANDMARK_NAMES

_FLOAT_BYTES = 4
_MANTISSA_BITS = 23
_EXPONENTS = range(255)  # 255 stands for what is infinite or no number


def _float(blob: str, place: str) -> str:
    """SQL for the number whose first byte is the `place`-th, from 0, of `blob`."""
    first, second, third, fourth = (
        f"(instr(all_bytes, substr({blob}, {place} + {number}, 1)) - 1)" for number in (1, 2, 3, 4)
    )
    mantissa = f"((({third} & 127) << 16) + ({second} << 8) + {first} + implied)"
    sign = f"(CASE WHEN {fourth} > 127 THEN -1 ELSE 1 END)"
    exponent = f"(({fourth} & 127) << 1) + ({third} >> 7)"
    return f"(SELECT {mantissa} * factor * {sign} FROM float32 WHERE exponent = {exponent})"


def _value(blob: str, columns: int, column: int) -> str:
    """SQL for a column of the landmark in question, of `columns` columns in `blob`."""
    return _float(blob, f"{_FLOAT_BYTES * columns} * landmark + {_FLOAT_BYTES * column}")


def _landmarks(view: str, image: str, world: str) -> str:
    def in_pixels(column: int, side: str) -> str:
        return f"{_value(image, 5, column)} * (SELECT value FROM header WHERE key = '{side}_px')"

    return f"""
CREATE VIEW {view} AS
SELECT frames.frame, frames.time_ns / 1e9 AS time_s, people.person, landmark_names.name AS landmark,
       {in_pixels(0, "width")} AS x_px,
       {in_pixels(1, "height")} AS y_px,
       {in_pixels(2, "width")} AS z_px,
       {_value(image, 5, 3)} AS visibility,
       {_value(image, 5, 4)} AS presence,
       {_value(world, 3, 0)} AS world_x_m,
       {_value(world, 3, 1)} AS world_y_m,
       {_value(world, 3, 2)} AS world_z_m,
       frames.reused
FROM frames JOIN people USING (frame) CROSS JOIN landmark_names CROSS JOIN bytes;
"""


VIEWS = f"""
CREATE TABLE landmark_names (landmark INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE angle_names (angle INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE bytes (all_bytes BLOB NOT NULL);
CREATE TABLE float32 (exponent INTEGER PRIMARY KEY, implied INTEGER NOT NULL, factor REAL NOT NULL);
{_landmarks("tidy_landmarks", "people.landmarks", "people.world")}
{_landmarks("tidy_raw_landmarks", "people.raw_landmarks", "people.raw_world")}
CREATE VIEW tidy_angles AS
SELECT frames.frame, frames.time_ns / 1e9 AS time_s, angles.person, angle_names.name AS angle,
       {_float("angles.angles", f"{_FLOAT_BYTES} * angle")} AS degrees
FROM frames JOIN angles USING (frame) CROSS JOIN angle_names CROSS JOIN bytes;
CREATE VIEW tidy_frames AS
SELECT frame, time_ns / 1e9 AS time_s, people, reused, dropped_before,
       (SELECT group_concat(cause || ' ' || count, ', ') FROM drops WHERE drops.frame = frames.frame)
           AS dropped_because,
       video, video_frame
FROM frames;
"""
"""The views and the small tables they need; `TABLES` come first."""

ROWS_OF_VIEWS = (
    ("INSERT INTO landmark_names VALUES (?, ?)", tuple(enumerate(LANDMARK_NAMES))),
    ("INSERT INTO angle_names VALUES (?, ?)", tuple(enumerate(ANGLE_NAMES))),
    ("INSERT INTO bytes VALUES (?)", ((bytes(range(256)),),)),
    (
        "INSERT INTO float32 VALUES (?, ?, ?)",
        tuple(
            (
                exponent,
                1 << _MANTISSA_BITS if exponent else 0,
                2.0 ** (max(exponent, 1) - 127 - _MANTISSA_BITS),
            )
            for exponent in _EXPONENTS
        ),
    ),
)
"""What stands in these small tables: statements, and the rows to run them with."""
