"""Which frames, or how many samples, a file of each format holds."""

import csv
import json
import warnings
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from bvh import Bvh

Count = set[int] | int


def _rows(path: Path) -> Count:
    with path.open(newline="", encoding="utf-8") as file:
        return {int(row["frame"]) for row in csv.DictReader(file)}


def _json(path: Path) -> Count:
    return {frame["frame"] for frame in json.loads(path.read_text("utf-8"))["frames"]}


def _json_lines(path: Path) -> Count:
    return {json.loads(line)["frame"] for line in path.read_text("utf-8").splitlines()[1:]}


def _npz(path: Path) -> Count:
    with np.load(path, allow_pickle=False) as arrays:
        return set(arrays["frame"].tolist())


def _parquet(path: Path) -> Count:
    import pyarrow.parquet

    return set(pyarrow.parquet.read_table(path, columns=["frame"])["frame"].to_pylist())


def _deeplabcut(path: Path) -> Count:
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    return {int(row[0]) for row in rows if row[0].isdigit()}


def _trc(path: Path) -> Count:
    return len(path.read_text("utf-8").splitlines()) - 6


def _mot(path: Path) -> Count:
    lines = path.read_text("utf-8").splitlines()
    return len(lines) - lines.index("endheader") - 2


def _c3d(path: Path) -> Count:
    import c3d

    with path.open("rb") as file, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No analog data", UserWarning)
        return sum(1 for _ in c3d.Reader(file).read_frames())


def _bvh(path: Path) -> Count:
    return Bvh(path.read_text("utf-8")).nframes


def _video(path: Path) -> Count:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


COUNTERS: dict[str, Callable[[Path], Count]] = {
    "csv": _rows,
    "wide-csv": _rows,
    "frames-csv": _rows,
    "parquet": _parquet,
    "json": _json,
    "jsonl": _json_lines,
    "npz": _npz,
    "trc": _trc,
    "mot": _mot,
    "c3d": _c3d,
    "deeplabcut": _deeplabcut,
    "bvh": _bvh,
    "video": _video,
}
