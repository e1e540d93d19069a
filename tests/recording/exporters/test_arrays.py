"""NPZ and Parquet, read back by numpy and pyarrow: the very numbers that were recorded."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.errors import ExportError
from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.engine.exports import export
from desktop_pose.recording.exporters import ExportOptions
from desktop_pose.recording.reader import SessionReader
from tests.recording.conftest import SIZE

SCALE = np.array([SIZE.width_px, SIZE.height_px, SIZE.width_px, 1, 1])


@pytest.mark.parametrize("raw", [False, True])
def test_npz(finished_session: Callable[..., Path], tmp_path: Path, raw: bool) -> None:
    with SessionReader.open(finished_session(60)) as session:
        export(session, tmp_path / "x.npz", "npz", ExportOptions(raw=raw))
        frames, header = list(session.frames()), session.header
    with np.load(tmp_path / "x.npz", allow_pickle=False) as arrays:
        read = dict(arrays)
    assert read["schema"] == 1
    assert json.loads(str(read["recording"])) == header
    assert read["values"] == ("raw" if raw else "smoothed")
    assert read["size_px"].tolist() == [SIZE.width_px, SIZE.height_px]
    assert read["landmark_names"].tolist() == list(LANDMARK_NAMES)
    for name, attribute in (("frame", "index"), ("time_ns", "time_ns"), ("reused", "reused")):
        assert read[name].tolist() == [getattr(frame, attribute) for frame in frames]
    assert read["dropped_before"].tolist() == [frame.dropped_before for frame in frames]
    sightings = [(number, person) for number, frame in enumerate(frames) for person in frame.people]
    assert read["row_frame"].tolist() == [number for number, _ in sightings]
    assert read["row_person"].tolist() == [person.id for _, person in sightings]
    assert read["row_score"].tolist() == [person.score for _, person in sightings]
    assert read["landmarks"].shape == (len(sightings), 33, 5)
    assert read["landmarks"].dtype == read["world"].dtype == np.float32
    landmarks = np.stack([person.raw_landmarks if raw else person.landmarks for _, person in sightings])
    assert (read["landmarks"] == (landmarks * SCALE).astype(np.float32)).all()
    world = np.stack([person.raw_world if raw else person.world for _, person in sightings])
    assert read["world"].tobytes() == world.tobytes()


@pytest.mark.parametrize("raw", [False, True])
def test_parquet(finished_session: Callable[..., Path], tmp_path: Path, raw: bool) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    with SessionReader.open(finished_session(60)) as session:
        export(session, tmp_path / "x.parquet", "parquet", ExportOptions(raw=raw))
        frames, header = list(session.frames()), session.header
    table = parquet.read_table(tmp_path / "x.parquet")
    assert json.loads(table.schema.metadata[b"recording"]) == header
    assert table.schema.metadata[b"values"] == (b"raw" if raw else b"smoothed")
    sightings = [(frame, person) for frame in frames for person in frame.people]
    columns = table.to_pydict()
    assert columns["landmark"] == list(LANDMARK_NAMES) * len(sightings)
    assert columns["frame"][::33] == [frame.index for frame, _ in sightings]
    assert columns["time_ns"][::33] == [frame.time_ns for frame, _ in sightings]
    assert columns["time_s"][::33] == [frame.time_ns / 1e9 for frame, _ in sightings]
    assert columns["person"][::33] == [person.id for _, person in sightings]
    assert columns["reused"][::33] == [frame.reused for frame, _ in sightings]
    landmarks = np.stack([person.raw_landmarks if raw else person.landmarks for _, person in sightings])
    expected = (landmarks * SCALE).reshape(-1, 5).T
    for name, values in zip(("x_px", "y_px", "z_px", "visibility", "presence"), expected, strict=True):
        assert columns[name] == values.tolist()
    world = np.concatenate([person.raw_world if raw else person.world for _, person in sightings]).T
    for name, values in zip(("world_x_m", "world_y_m", "world_z_m"), world, strict=True):
        assert columns[name] == values.tolist()


def test_parquet_does_not_know_what_was_not_recorded(
    finished_session: Callable[..., Path], tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    with SessionReader.open(finished_session(3, has_raw=False)) as session:
        export(session, tmp_path / "x.parquet", "parquet", ExportOptions(raw=True))
    table = parquet.read_table(tmp_path / "x.parquet")
    assert table["x_px"].null_count == table["world_z_m"].null_count == len(table) > 0


def test_parquet_without_pyarrow_says_how_to_get_it(
    finished_session: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with (
        SessionReader.open(finished_session(3)) as session,
        pytest.raises(ExportError, match=r"desktop-pose\[parquet\]"),
    ):
        export(session, tmp_path / "x.parquet", "parquet")
    assert not (tmp_path / "x.parquet").exists()
