"""The objects of the JSON formats, schema 1: the head of a recording, and a frame."""

import math
from collections.abc import Sequence

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person
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
    }


def frame_text(frame: RecordedFrame, size: Size, *, raw: bool) -> str:
    """The object of one frame, in one line without its end."""
    people = ", ".join(_person_text(person, size, raw=raw) for person in frame.people)
    return (
        f'{{"frame": {frame.index}, "time_s": {exact_seconds_text(frame.time_ns)}, '
        f'"reused": {"true" if frame.reused else "false"}, "dropped_before": {frame.dropped_before}, '
        f'"people": [{people}]}}'
    )


def _person_text(person: Person, size: Size, *, raw: bool) -> str:
    values: Sequence[float] = exported_values(person, size, raw=raw).ravel().tolist()
    if any(map(math.isnan, values)):
        texts = tuple("null" if math.isnan(value) else f"{value:.9g}" for value in values)
        landmarks = _LANDMARKS % texts
    else:
        landmarks = _KNOWN_LANDMARKS % tuple(values)
    score = f"{person.score:.6g}" if math.isfinite(person.score) else "null"
    return f'{{"person": {person.id}, "score": {score}, "landmarks": {landmarks}}}'
