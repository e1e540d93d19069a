"""All formats by name, and the one way to export to them."""

from pathlib import Path

from desktop_pose.engine.exports.annotated_video import AnnotatedVideo
from desktop_pose.engine.exports.bvh import Bvh
from desktop_pose.engine.exports.mot import Mot
from desktop_pose.recording import exporters
from desktop_pose.recording.exporters.protocol import Exporter, ExportOptions, Progress
from desktop_pose.recording.recorded import RecordedPoses

_ALL: tuple[Exporter, ...] = (*exporters.DATA_EXPORTERS, Mot(), Bvh(), AnnotatedVideo())
_BY_NAME = {exporter.format.name: exporter for exporter in _ALL}

EXPORTERS: dict[str, Exporter] = {name: _BY_NAME[name] for name in exporters.FORMATS}
"""Every exporter by the name of its format."""


def _no_progress(_frames: int) -> bool:
    return True


def export(
    recorded: RecordedPoses,
    out: Path,
    format: str,  # noqa: A002  # the user's own word for it
    options: ExportOptions | None = None,
    *,
    overwrite: bool = False,
    progress: Progress = _no_progress,
) -> tuple[Path, ...]:
    """The files written; none where `progress` cancelled the export.

    Args:
        recorded: What to write.
        out: File to make; with several people in a format of one file per person, `out.person0.trc` and so
            on.
        format: A key of `EXPORTERS`.
        options: What of the recording, and how; None for everything as usual.
        overwrite: Whether existing files may be replaced.
        progress: Hears the number of frames done; returns False to cancel.

    Raises:
        ExportError: A file exists, or cannot be written, or there is nothing this format could show.
        RecordingError: What is recorded turns out to be damaged.
    """
    return exporters.export(
        recorded, out, EXPORTERS[format], options or ExportOptions(), overwrite=overwrite, progress=progress
    )
