import json
import shutil

import pytest

from desktop_pose.core.errors import ModelError
from desktop_pose.pose.manifest import entry_of, read_manifest, read_model
from tests.pose.clips import MODELS_DIR


@pytest.fixture
def copy(tmp_path):
    for path in MODELS_DIR.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["detector", "lite", "full", "heavy"])
def test_a_shipped_model_is_handed_out_whole(name):
    entry = entry_of(MODELS_DIR, name)
    content = read_model(MODELS_DIR, name)
    assert len(content) == entry.size_bytes
    assert content[4:8] == b"TFL3"
    assert entry.licence == "Apache-2.0"


def test_every_shipped_model_is_in_the_manifest():
    files = {entry.file for entry in read_manifest(MODELS_DIR).values()}
    assert files == {path.name for path in MODELS_DIR.glob("*.tflite")}


def test_a_flipped_bit_is_refused(copy):
    path = copy / entry_of(copy, "full").file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match="altered"):
        read_model(copy, "full")


def test_a_truncated_model_is_refused(copy):
    path = copy / entry_of(copy, "lite").file
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(ModelError, match="altered"):
        read_model(copy, "lite")


def test_a_missing_model_is_named_with_the_remedy(copy):
    (copy / "pose_detection.tflite").unlink()
    with pytest.raises(ModelError) as caught:
        read_model(copy, "detector")
    assert "pose_detection.tflite is missing" in caught.value.message
    assert caught.value.hint == "Install desktop-pose again"


def test_an_unknown_model_is_refused():
    with pytest.raises(ModelError, match="colossal"):
        entry_of(MODELS_DIR, "colossal")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"schema": 2, "models": {}}', '{"schema": 1, "models": {"lite": {"file": 1}}}', "\0"],
)
def test_a_damaged_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ModelError, match="list of models"):
        read_manifest(tmp_path)


def test_a_missing_manifest_is_refused(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        read_manifest(tmp_path)


def test_the_manifest_says_where_each_model_came_from():
    document = json.loads((MODELS_DIR / "manifest.json").read_text())
    assert all("0." in model["origin"] for model in document["models"].values())
