"""NPZ: the recording as numpy arrays, which load without pickle. See `docs/export-formats.md`.

One row a frame and person, so that it stays as long as it has to be when people come and go.
"""

import json
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.recording.exporters.always import AlwaysThere
from desktop_pose.recording.exporters.columns import IMAGE_COLUMNS, WORLD, WORLD_COLUMNS, in_pixels
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.json_text import SCHEMA
from desktop_pose.recording.exporters.protocol import ExportOptions, NewFiles, Progress, Teller
from desktop_pose.recording.exporters.spool import Spool, spooled
from desktop_pose.recording.recorded import RecordedPoses

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip file knows; the true one would differ between two runs
_CHUNK = 1024
_SHARE = 0.9


class Npz(AlwaysThere):
    """Writes the landmarks as numpy arrays."""

    format = FORMATS["npz"]

    def write(
        self, recorded: RecordedPoses, files: NewFiles, options: ExportOptions, progress: Progress
    ) -> None:
        """Write `recorded` to one new file; see `Exporter`."""
        with (
            spooled(recorded, files.folder, raw=options.raw, progress=progress, share=_SHARE) as spool,
            files.new().open("wb") as file,
            zipfile.ZipFile(file, "w") as archive,
        ):
            for name, values in _descriptions(spool, raw=options.raw):
                _add(archive, name, values, iter([values]))
            teller = Teller(progress)
            for name, values in _columns(spool):
                _add(archive, name, values, _slices(values))
                teller.tell(_SHARE * len(spool.frames))
            for name, columns in (("landmarks", slice(len(IMAGE_COLUMNS))), ("world", WORLD)):
                known = spool.values[:, :, columns]
                scaled = (
                    in_pixels(values, spool.size)[:, :, columns].astype(np.float32)
                    for values in _slices(spool.values)
                )
                _add(archive, name, known, _told(scaled, teller, len(spool.frames)))
            teller.insist(len(spool.frames))


def _descriptions(spool: Spool, *, raw: bool) -> Iterator[tuple[str, NDArray[Any]]]:
    yield "schema", np.array(SCHEMA, "<i4")
    yield "recording", np.array(json.dumps(spool.header, ensure_ascii=False, allow_nan=False))
    yield "values", np.array("raw" if raw else "smoothed")
    yield "size_px", np.array((spool.size.width_px, spool.size.height_px), "<i4")
    yield "landmark_names", np.array(LANDMARK_NAMES)
    yield "landmark_columns", np.array(IMAGE_COLUMNS)
    yield "world_columns", np.array(WORLD_COLUMNS)


def _columns(spool: Spool) -> Iterator[tuple[str, NDArray[Any]]]:
    yield "frame", spool.frames["index"]
    yield "time_ns", spool.frames["time_ns"]
    yield "reused", spool.frames["reused"]
    yield "dropped_before", spool.frames["dropped_before"]
    yield "row_frame", spool.rows["frame"]
    yield "row_person", spool.rows["person"]
    yield "row_score", spool.rows["score"]


def _slices(values: NDArray[Any]) -> Iterator[NDArray[Any]]:
    for first in range(0, len(values), _CHUNK):
        yield values[first : first + _CHUNK]


def _told(chunks: Iterator[NDArray[Any]], teller: Teller, frames: int) -> Iterator[NDArray[Any]]:
    for chunk in chunks:
        yield chunk
        teller.tell(_SHARE * frames)


def _add(archive: zipfile.ZipFile, name: str, whole: NDArray[Any], parts: Iterator[NDArray[Any]]) -> None:
    """Add an array of the shape and type of `whole`, its content taken part by part."""
    info = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
    description = {
        "descr": npy.dtype_to_descr(whole.dtype),
        "fortran_order": False,
        "shape": whole.shape,
    }
    with archive.open(info, "w", force_zip64=True) as entry:
        npy.write_array_header_1_0(entry, description)
        for part in parts:
            entry.write(np.ascontiguousarray(part).tobytes())
