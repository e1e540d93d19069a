"""Frames CSV: one row a frame, also where there is nobody. The columns are a contract."""

from desktop_pose.recording.exporters.always import AlwaysThere
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.protocol import ExportOptions, NewFiles, Progress, watched
from desktop_pose.recording.exporters.times import seconds_text
from desktop_pose.recording.recorded import RecordedPoses

_HEADER = "frame,time_s,people,reused,dropped_before\n"


class FramesCsv(AlwaysThere):
    """Writes one row a frame: its time, how many people are in it, and what was lost before it."""

    format = FORMATS["frames-csv"]

    def write(
        self,
        recorded: RecordedPoses,
        files: NewFiles,
        options: ExportOptions,  # noqa: ARG002  # no landmarks here
        progress: Progress,
    ) -> None:
        """Write `recorded` to one new file; see `Exporter`."""
        with files.new().open("w", encoding="utf-8", newline="\n") as file:
            file.write(_HEADER)
            for frame in watched(recorded, progress):
                time_s = seconds_text(frame.time_ns)
                people, reused = len(frame.people), int(frame.reused)
                file.write(f"{frame.index},{time_s},{people},{reused},{frame.dropped_before}\n")
