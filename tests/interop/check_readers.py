"""Reads each format with readers that are not ours; knows of this program only what `expected.npz` says.

Run by `make interop` in the environment of `requirements.txt`; DESKTOP_POSE_INTEROP has the exported files.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest

PLACE = Path(os.environ["DESKTOP_POSE_INTEROP"])
EXPECTED = dict(np.load(PLACE / "expected.npz", allow_pickle=False))
NAMES = EXPECTED["landmark_names"].tolist()
WORLD, LANDMARKS = EXPECTED["world"].astype(float), EXPECTED["landmarks"].astype(float)
FRAMES = WORLD.shape[1]
IS_GAP = np.isnan(WORLD[0, :, 0, 0])
SCALE = np.array([EXPECTED["size_px"][0], EXPECTED["size_px"][1], EXPECTED["size_px"][0], 1, 1])
COLUMNS = ["x_px", "y_px", "z_px", "visibility", "presence", "world_x_m", "world_y_m", "world_z_m"]
VALUES = np.concatenate([LANDMARKS * SCALE, WORLD], axis=-1)
# x forward, y up, z right.
MARKERS = np.stack([-WORLD[..., 2], -WORLD[..., 1], -WORLD[..., 0]], axis=-1)

both = pytest.mark.parametrize("count", [1, 2])


def one(count: int, name: str) -> Path:
    (path,) = (PLACE / str(count) / name).iterdir()
    return path


def of_people(count: int, name: str) -> list[Path]:
    paths = sorted((PLACE / str(count) / name).iterdir())
    assert len(paths) == count
    return paths


def test_the_gap_is_there():
    assert IS_GAP.sum() == 15


def tidy_values(table, count: int) -> np.ndarray:
    """(people, frames, 33, 8) from tidy rows."""
    table = table.set_index(["person", "frame", "landmark"])[COLUMNS].sort_index()
    found = np.full((count, FRAMES, 33, 8), np.nan)
    for person in range(count):
        for frame in np.flatnonzero(~IS_GAP):
            found[person, frame] = table.loc[person, frame].loc[NAMES].to_numpy(float)
    return found


@both
def test_tidy_csv_by_pandas(count):
    import pandas as pd

    table = pd.read_csv(one(count, "csv"))
    assert len(table) == count * (~IS_GAP).sum() * 33
    np.testing.assert_allclose(tidy_values(table, count), VALUES[:count], rtol=6e-6)


@both
def test_wide_csv_by_pandas(count):
    import pandas as pd

    table = pd.read_csv(one(count, "wide-csv")).set_index(["person", "frame"])
    columns = [f"{name}_{column}" for name in NAMES for column in COLUMNS]
    for person in range(count):
        found = table.loc[person].reindex(range(FRAMES))[columns].to_numpy(float).reshape(FRAMES, 33, 8)
        np.testing.assert_allclose(found, VALUES[person], rtol=6e-6)


@both
def test_frames_csv_by_pandas(count):
    import pandas as pd

    table = pd.read_csv(one(count, "frames-csv"))
    assert table.people.tolist() == np.where(IS_GAP, 0, count).tolist()
    assert table.time_s.to_numpy() == pytest.approx(np.arange(FRAMES) / EXPECTED["rate_hz"], abs=1e-6)


@both
def test_parquet_by_pandas_and_pyarrow(count):
    import pandas as pd
    import pyarrow.parquet

    assert json.loads(pyarrow.parquet.read_metadata(one(count, "parquet")).metadata[b"recording"])
    table = pd.read_parquet(one(count, "parquet"))
    np.testing.assert_allclose(tidy_values(table, count), VALUES[:count], rtol=1e-12)


@both
def test_npz_by_numpy(count):
    with np.load(one(count, "npz"), allow_pickle=False) as arrays:
        found = np.full((count, FRAMES, 33, 8), np.nan)
        at = arrays["row_person"], arrays["row_frame"]
        found[at] = np.concatenate([arrays["landmarks"], arrays["world"]], axis=-1)
    np.testing.assert_allclose(found, VALUES[:count], rtol=1e-6)


@both
def test_json_lines_by_pandas(count):
    import pandas as pd

    lines = pd.read_json(one(count, "jsonl"), lines=True)
    frames = lines.iloc[1:]
    assert frames.frame.tolist() == list(range(FRAMES))
    assert [len(people) for people in frames.people] == np.where(IS_GAP, 0, count).tolist()


@both
def test_trc_by_opensim(count):
    import opensim

    for person, path in enumerate(of_people(count, "trc")):
        table = opensim.TimeSeriesTableVec3(str(path))
        assert list(table.getColumnLabels()) == NAMES
        assert table.getTableMetaDataAsString("Units") == "m"
        assert float(table.getTableMetaDataAsString("DataRate")) == EXPECTED["rate_hz"]
        assert list(table.getIndependentColumn()) == pytest.approx(np.arange(FRAMES) / EXPECTED["rate_hz"])
        rows = (table.getRowAtIndex(frame) for frame in range(FRAMES))
        found = [[row.getElt(0, marker).to_numpy() for marker in range(33)] for row in rows]
        np.testing.assert_allclose(found, MARKERS[person], atol=6e-7)
        old_reader = opensim.MarkerData(str(path))
        assert (old_reader.getNumFrames(), old_reader.getNumMarkers()) == (FRAMES, 33)


@both
def test_mot_by_opensim(count):
    import opensim

    names = EXPECTED["angle_names"].tolist()
    for person, path in enumerate(of_people(count, "mot")):
        assert opensim.Storage(str(path)).isInDegrees()
        table = opensim.TimeSeriesTable(str(path))
        assert list(table.getColumnLabels()) == names
        found = np.stack([table.getDependentColumn(name).to_numpy() for name in names], axis=1)
        np.testing.assert_allclose(found, EXPECTED["angles"][person], atol=6e-5)


@both
def test_c3d_by_ezc3d(count):
    import ezc3d

    for person, path in enumerate(of_people(count, "c3d")):
        file = ezc3d.c3d(str(path))
        assert file["parameters"]["POINT"]["LABELS"]["value"] == NAMES
        assert file["parameters"]["POINT"]["RATE"]["value"] == [EXPECTED["rate_hz"]]
        assert file["parameters"]["POINT"]["UNITS"]["value"] == ["mm"]
        found = np.moveaxis(file["data"]["points"][:3], 0, -1).swapaxes(0, 1)
        np.testing.assert_allclose(found, 1000 * MARKERS[person], rtol=1e-5, atol=1e-3)


@both
def test_c3d_by_c3d(count):
    import c3d

    for person, path in enumerate(of_people(count, "c3d")):
        with path.open("rb") as file:
            points = np.stack([points for _, points, _ in c3d.Reader(file).read_frames()])
        assert ((points[..., 3] == -1) == IS_GAP[:, None]).all()
        np.testing.assert_allclose(
            points[~IS_GAP, :, :3], 1000 * MARKERS[person, ~IS_GAP], rtol=1e-5, atol=1e-3
        )


@both
def test_deeplabcut_by_sleap_io(count, tmp_path):
    """It wants a picture for each row, named as the row."""
    import sleap_io
    from PIL import Image

    (tmp_path / "x.csv").write_bytes(one(count, "deeplabcut").read_bytes())
    for frame in range(FRAMES):
        Image.new("RGB", tuple(EXPECTED["size_px"].tolist())).save(tmp_path / str(frame), format="PNG")
    labels = sleap_io.load_file(str(tmp_path / "x.csv"))
    nodes = labels.skeletons[0].node_names
    assert sorted(nodes) == sorted(NAMES)
    order = [nodes.index(name) for name in NAMES]
    assert [len(frame.instances) for frame in labels] == np.where(IS_GAP, 0, count).tolist()
    for frame in labels:
        for person, instance in enumerate(frame.instances):
            if count > 1:
                assert instance.track.name == f"person{person}"
            found = instance.numpy()[order]
            np.testing.assert_allclose(found, VALUES[person, frame.frame_idx, :, :2], rtol=6e-6)


@both
def test_deeplabcut_by_pandas(count):
    """As DeepLabCut itself reads it."""
    import pandas as pd

    rows = [0, 1, 2, 3] if count > 1 else [0, 1, 2]
    table = pd.read_csv(one(count, "deeplabcut"), header=rows, index_col=0)
    assert table.columns.names == ["scorer", *(["individuals"] if count > 1 else []), "bodyparts", "coords"]
    found = table.to_numpy(float).reshape(FRAMES, count, 33, 3).swapaxes(0, 1)
    np.testing.assert_allclose(found, VALUES[:count][..., [0, 1, 3]], rtol=6e-6)


BVH_BONES = {
    ("LeftArm", "LeftForeArm"): ("left_shoulder", "left_elbow"),
    ("RightForeArm", "RightHand"): ("right_elbow", "right_wrist"),
    ("LeftUpLeg", "LeftLeg"): ("left_hip", "left_knee"),
    ("RightLeg", "RightFoot"): ("right_knee", "right_ankle"),
}


@both
def test_bvh_by_bvhio(count):
    import bvhio

    for person, path in enumerate(of_people(count, "bvh")):
        root = bvhio.readAsHierarchy(str(path))
        for frame in np.flatnonzero(~IS_GAP)[::7]:
            root.loadPose(int(frame))
            places = {joint.Name: np.array(joint.PositionWorld) for joint, _, _ in root.layout()}
            for (start, end), (first, last) in BVH_BONES.items():
                found = places[end] - places[start]
                expected = WORLD[person, frame, NAMES.index(last)] - WORLD[person, frame, NAMES.index(first)]
                expected *= (1, -1, -1)
                cosine = found @ expected / np.linalg.norm(found) / np.linalg.norm(expected)
                assert cosine == pytest.approx(1, abs=1e-5)


@both
def test_bvh_by_bvh(count):
    from bvh import Bvh

    for path in of_people(count, "bvh"):
        file = Bvh(path.read_text())
        assert (file.nframes, file.frame_time) == (FRAMES, pytest.approx(1 / EXPECTED["rate_hz"]))
        assert file.get_joints_names()[0] == "Hips"


@both
def test_video_by_ffmpeg(count):
    import av

    with av.open(str(one(count, "video"))) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == tuple(EXPECTED["size_px"])
        assert stream.average_rate == EXPECTED["rate_hz"]
        pictures = [frame.to_ndarray(format="gray") for frame in container.decode(stream)]
    assert len(pictures) == FRAMES
    assert [bool((picture > 100).any()) for picture in pictures] == (~IS_GAP).tolist()
