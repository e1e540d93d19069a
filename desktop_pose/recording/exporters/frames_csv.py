"""Frames CSV: one row a frame, also where there is nobody. The columns are a contract."""

from pathlib import Path

from desktop_pose.recording.exporters.protocol import Progress, watched
from desktop_pose.recording.exporters.times import seconds_text
from desktop_pose.recording.recorded import RecordedPoses

_HEADER = "frame,time_s,people,reused,dropped_before\n"


class FramesCsv:
    """Writes one row a frame: its time, how many people are in it, and what was lost before it."""

    name = "frames-csv"
    suffix = ".csv"
    description = "Frames, one row each (CSV)"

    def write(self, recorded: RecordedPoses, out: Path, *, raw: bool, progress: Progress) -> None:  # noqa: ARG002  # no landmarks here
        """Write `recorded` to the new file `out`; see `Exporter`."""
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_HEADER)
            for frame in watched(recorded, progress):
                time_s = seconds_text(frame.time_ns)
                people, reused = len(frame.people), int(frame.reused)
                file.write(f"{frame.index},{time_s},{people},{reused},{frame.dropped_before}\n")
