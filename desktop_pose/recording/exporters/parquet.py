"""Parquet: the rows of tidy CSV as typed columns. Needs pyarrow, the extra `parquet`."""

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.errors import ExportError
from desktop_pose.core.frames import Size
from desktop_pose.core.topology import LANDMARK_COUNT, LANDMARK_NAMES
from desktop_pose.recording.exporters.columns import COLUMNS, exported_values
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.protocol import ExportOptions, NewFiles, Progress, watched
from desktop_pose.recording.recorded import RecordedFrame, RecordedPoses

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_PER_GROUP = 1 << 16  # of 33 a person and frame: the data of a minute or so, some 5 MB


class Parquet:
    """Writes the landmarks as Parquet."""

    format = FORMATS["parquet"]

    def check(self) -> None:
        """Make sure that pyarrow is there.

        Raises:
            ExportError: It is not.
        """
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            if getattr(sys, "frozen", False):  # nothing can be installed into a bundle
                raise ExportError("Parquet is not part of this bundle", "Choose another format") from error
            raise ExportError(
                "Parquet needs the library pyarrow, which is not installed",
                "Install it with pip install 'desktop-pose[parquet]', or choose another format",
            ) from error

    def write(
        self, recorded: RecordedPoses, files: NewFiles, options: ExportOptions, progress: Progress
    ) -> None:
        """Write `recorded` to one new file; see `Exporter`."""
        from pyarrow import parquet

        description = json.dumps(recorded.header, ensure_ascii=False, allow_nan=False)
        schema = _schema().with_metadata(
            {"recording": description, "values": "raw" if options.raw else "smoothed"}
        )
        frames = watched(recorded, progress)
        with (
            files.new().open("wb") as file,
            parquet.ParquetWriter(file, schema, compression="zstd") as writer,
        ):
            for group in _groups(frames):
                writer.write_batch(_batch(group, recorded.size, schema, raw=options.raw))


def _schema() -> "pa.Schema":
    import pyarrow as pa

    numbers = [(name, pa.float64() if name.endswith("_px") else pa.float32()) for name in COLUMNS]
    return pa.schema(
        [
            ("frame", pa.int64()),
            ("time_ns", pa.int64()),
            ("time_s", pa.float64()),
            ("person", pa.int32()),
            ("landmark", pa.dictionary(pa.int8(), pa.string())),
            *numbers,
            ("reused", pa.bool_()),
        ]
    )


def _groups(frames: Iterator[RecordedFrame]) -> Iterator[list[RecordedFrame]]:
    """The frames that have people, in groups of some thousand rows, so that none is kept for long."""
    group: list[RecordedFrame] = []
    rows = 0
    for frame in frames:
        if frame.people:
            group.append(frame)
            rows += LANDMARK_COUNT * len(frame.people)
        if rows >= _ROWS_PER_GROUP:
            yield group
            group, rows = [], 0
    if group:
        yield group


def _batch(frames: list[RecordedFrame], size: Size, schema: "pa.Schema", *, raw: bool) -> "pa.RecordBatch":
    import pyarrow as pa

    sightings = [(frame, person) for frame in frames for person in frame.people]
    values = np.stack([exported_values(person, size, raw=raw) for _, person in sightings])
    names = np.tile(np.arange(LANDMARK_COUNT, dtype=np.int8), len(sightings))

    def each(items: list[Any], dtype: str) -> NDArray[Any]:
        return np.repeat(np.array(items, dtype), LANDMARK_COUNT)

    time_ns = each([frame.time_ns for frame, _ in sightings], "i8")
    columns: list[Any] = [
        each([frame.index for frame, _ in sightings], "i8"),
        time_ns,
        time_ns / 1e9,
        each([person.id for _, person in sightings], "i4"),
        pa.DictionaryArray.from_arrays(names, list(LANDMARK_NAMES)),
        *(np.ascontiguousarray(values[:, :, number]).ravel() for number in range(len(COLUMNS))),
        each([frame.reused for frame, _ in sightings], "?"),
    ]
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column, field.type, from_pandas=True)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
