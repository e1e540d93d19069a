"""JSON: the whole recording in one document, schema 1. See `docs/export-formats.md`.

Written frame by frame, one line each, so that the file can be as long as the recording.
"""

import json

from desktop_pose.recording.exporters.always import AlwaysThere
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.json_text import frame_text, head_of
from desktop_pose.recording.exporters.protocol import ExportOptions, NewFiles, Progress, watched
from desktop_pose.recording.recorded import RecordedPoses


class JsonLandmarks(AlwaysThere):
    """Writes the landmarks and all that is known of the recording as one JSON document."""

    format = FORMATS["json"]

    def write(
        self, recorded: RecordedPoses, files: NewFiles, options: ExportOptions, progress: Progress
    ) -> None:
        """Write `recorded` to one new file; see `Exporter`."""
        head = head_of(recorded, raw=options.raw)
        with files.new().open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
            file.write(json.dumps(head, ensure_ascii=False, allow_nan=False)[:-1])
            file.write(', "frames": [')
            separator = "\n"
            for frame in watched(recorded, progress):
                file.write(separator + frame_text(frame, recorded.size, raw=options.raw))
                separator = ",\n"
            file.write("\n]}\n")
