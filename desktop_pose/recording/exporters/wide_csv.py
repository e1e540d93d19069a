"""Wide CSV: one row per frame and person, a column for each number of each landmark."""

import math

from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.recording.exporters.always import AlwaysThere
from desktop_pose.recording.exporters.columns import COLUMNS, exported_values
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.protocol import ExportOptions, NewFiles, Progress, watched
from desktop_pose.recording.exporters.times import seconds_text
from desktop_pose.recording.recorded import RecordedPoses

_NUMBERS = [f"{name}_{column}" for name in LANDMARK_NAMES for column in COLUMNS]
_HEADER = ",".join(("frame", "time_s", "person", "reused", *_NUMBERS)) + "\n"
_KNOWN = ",".join(["%.6g"] * len(_NUMBERS))


class WideCsv(AlwaysThere):
    """Writes one row per frame and person."""

    format = FORMATS["wide-csv"]

    def write(
        self, recorded: RecordedPoses, files: NewFiles, options: ExportOptions, progress: Progress
    ) -> None:
        """Write `recorded` to one new file; see `Exporter`."""
        with files.new().open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
            file.write(_HEADER)
            for frame in watched(recorded, progress):
                start = f"{frame.index},{seconds_text(frame.time_ns)}"
                for person in frame.people:
                    values = exported_values(person, recorded.size, raw=options.raw).ravel().tolist()
                    file.write(f"{start},{person.id},{int(frame.reused)},{_texts(values)}\n")


def _texts(values: list[float]) -> str:
    if any(map(math.isnan, values)):
        return ",".join("" if math.isnan(value) else f"{value:.6g}" for value in values)
    return _KNOWN % tuple(values)
