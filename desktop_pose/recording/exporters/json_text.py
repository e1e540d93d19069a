"""The objects of the JSON formats, schema 1: the head of a recording, and a frame."""

import math
from collections.abc import Sequence

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FloatArray, Person
from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.recording.exporters.columns import COLUMN_COUNT, COLUMNS, exported_values
from desktop_pose.recording.exporters.times import exact_seconds_text
from desktop_pose.recording.recorded import RecordedFrame, RecordedPoses

SCHEMA = 1

_ROW = "[" + ",".join(["%s"] * COLUMN_COUNT) + "]"
_LANDMARKS = "[" + ",".join([_ROW] * len(LANDMARK_NAMES)) + "]"
# Nine digits bring back the very float32 that was recorded.
_KNOWN_LANDMARKS = _LANDMARKS.replace("%s", "%.9g")


def head_of(recorded: RecordedPoses, *, raw: bool) -> dict[str, object]:
    """What is said of the recording before its frames."""
    return {
        "schema": SCHEMA,
        "width_px": recorded.size.width_px,
        "height_px": recorded.size.height_px,
        "values": "raw" if raw else "smoothed",
        "recording": recorded.header,
        "landmarks": LANDMARK_NAMES,
        "columns": COLUMNS,
        "angles": recorded.header.get("angle_names") or [],
        "marks": [{"time_s": mark.time_ns / NS_PER_S, "note": mark.note} for mark in recorded.marks()],
    }


def frame_text(frame: RecordedFrame, size: Size, *, raw: bool) -> str:
    """The object of one frame, in one line without its end."""
    angles = frame.angles or (None,) * len(frame.people)
    people = ", ".join(
        _person_text(person, degrees, size, raw=raw)
        for person, degrees in zip(frame.people, angles, strict=True)
    )
    return (
        f'{{"frame": {frame.index}, "time_s": {exact_seconds_text(frame.time_ns)}, '
        f'"reused": {"true" if frame.reused else "false"}, "dropped_before": {frame.dropped_before}, '
        f'"people": [{people}]}}'
    )


def _person_text(person: Person, degrees: FloatArray | None, size: Size, *, raw: bool) -> str:
    values: Sequence[float] = exported_values(person, size, raw=raw).ravel().tolist()
    if any(map(math.isnan, values)):
        landmarks = _LANDMARKS % tuple(map(_number_text, values))
    else:
        landmarks = _KNOWN_LANDMARKS % tuple(values)
    score = f"{person.score:.6g}" if math.isfinite(person.score) else "null"
    angles = "null" if degrees is None else f"[{','.join(map(_number_text, degrees.tolist()))}]"
    return f'{{"person": {person.id}, "score": {score}, "angles": {angles}, "landmarks": {landmarks}}}'


def _number_text(value: float) -> str:
    return "null" if math.isnan(value) else f"{value:.9g}"
