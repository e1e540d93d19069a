"""JSON: the whole recording in one document, schema 1. See `docs/export-formats.md`.

Written frame by frame, one line each, so that the file can be as long as the recording.
"""

import json
import math
from pathlib import Path

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person
from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.recording.exporters.columns import IMAGE_COLUMNS, WORLD_COLUMNS, exported_values
from desktop_pose.recording.exporters.protocol import Progress, watched
from desktop_pose.recording.exporters.times import exact_seconds_text
from desktop_pose.recording.recorded import RecordedFrame, RecordedPoses

SCHEMA = 1

_COLUMNS = (*IMAGE_COLUMNS, *WORLD_COLUMNS)
_ROW = "[" + ",".join(["%s"] * len(_COLUMNS)) + "]"
_LANDMARKS = "[" + ",".join([_ROW] * len(LANDMARK_NAMES)) + "]"
# Nine digits bring back the very float32 that was recorded.
_KNOWN_LANDMARKS = _LANDMARKS.replace("%s", "%.9g")


class JsonLandmarks:
    """Writes the landmarks and all that is known of the recording as one JSON document."""

    name = "json"
    suffix = ".json"
    description = "Landmarks and description (JSON)"

    def write(self, recorded: RecordedPoses, out: Path, *, raw: bool, progress: Progress) -> None:
        """Write `recorded` to the new file `out`; see `Exporter`."""
        size = recorded.size
        head = {
            "schema": SCHEMA,
            "width_px": size.width_px,
            "height_px": size.height_px,
            "values": "raw" if raw else "smoothed",
            "recording": recorded.header,
            "landmarks": LANDMARK_NAMES,
            "columns": _COLUMNS,
        }
        with out.open("x", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
            file.write(json.dumps(head, ensure_ascii=False, allow_nan=False)[:-1])
            file.write(', "frames": [')
            separator = "\n"
            for frame in watched(recorded, progress):
                file.write(separator + _frame_text(frame, size, raw=raw))
                separator = ",\n"
            file.write("\n]}\n")


def _frame_text(frame: RecordedFrame, size: Size, *, raw: bool) -> str:
    people = ", ".join(_person_text(person, size, raw=raw) for person in frame.people)
    return (
        f'{{"frame": {frame.index}, "time_s": {exact_seconds_text(frame.time_ns)}, '
        f'"reused": {"true" if frame.reused else "false"}, "dropped_before": {frame.dropped_before}, '
        f'"people": [{people}]}}'
    )


def _person_text(person: Person, size: Size, *, raw: bool) -> str:
    values = exported_values(person, size, raw=raw).ravel().tolist()
    if any(map(math.isnan, values)):
        texts = tuple("null" if math.isnan(value) else f"{value:.9g}" for value in values)
        landmarks = _LANDMARKS % texts
    else:
        landmarks = _KNOWN_LANDMARKS % tuple(values)
    score = f"{person.score:.6g}" if math.isfinite(person.score) else "null"
    return f'{{"person": {person.id}, "score": {score}, "landmarks": {landmarks}}}'
