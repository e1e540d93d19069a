"""JSON Lines: a line that describes the recording, then one line a frame. See `docs/export-formats.md`."""

import json

from desktop_pose.recording.exporters.always import AlwaysThere
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.json_text import frame_text, head_of
from desktop_pose.recording.exporters.protocol import ExportOptions, NewFiles, Progress, watched
from desktop_pose.recording.recorded import RecordedPoses


class JsonLines(AlwaysThere):
    """Writes the objects of the JSON format one a line."""

    format = FORMATS["jsonl"]

    def write(
        self, recorded: RecordedPoses, files: NewFiles, options: ExportOptions, progress: Progress
    ) -> None:
        """Write `recorded` to one new file; see `Exporter`."""
        head = head_of(recorded, raw=options.raw)
        with files.new().open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
            file.write(json.dumps(head, ensure_ascii=False, allow_nan=False) + "\n")
            for frame in watched(recorded, progress):
                file.write(frame_text(frame, recorded.size, raw=options.raw) + "\n")
