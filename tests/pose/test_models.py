import os
import shutil
import sys

import pytest

from desktop_pose.core.errors import ModelError
from desktop_pose.core.settings import PoseModel
from desktop_pose.pose import models
from desktop_pose.pose.litert import LiteRtNetworks
from desktop_pose.pose.manifest import entry_of
from desktop_pose.pose.model_file import ModelFile, sha256_of
from desktop_pose.pose.models import prepare_model
from tests.pose.clips import MODELS_DIR


def content_of(prepared):
    model = prepared.landmarks
    return model if isinstance(model, bytes) else model.read()


def cached(folder):
    return sorted(folder.iterdir())


def test_the_stripped_form_is_the_pinned_one(tmp_path):
    prepared = prepare_model(PoseModel.FULL, MODELS_DIR, tmp_path)
    entry = entry_of(MODELS_DIR, "full")
    assert not prepared.has_mask
    assert sha256_of(content_of(prepared)) == entry.stripped_sha256


def test_the_cache_is_used_the_second_time(tmp_path, monkeypatch):
    first = prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path / "new")
    monkeypatch.setitem(sys.modules, "desktop_pose.pose.stripping", None)  # importing it would fail
    again = prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path / "new")
    assert again.landmarks == first.landmarks
    assert isinstance(again.landmarks, ModelFile)


@pytest.mark.parametrize("damage", [b"", b"TFL3", None])
def test_a_damaged_cache_is_made_again(tmp_path, damage):
    first = content_of(prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path))
    (path,) = cached(tmp_path)
    content = bytearray(first)
    content[1000] ^= 1
    path.write_bytes(bytes(content) if damage is None else damage)
    assert content_of(prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path)) == first
    assert path.read_bytes() == first
    assert cached(tmp_path) == [path]


def test_a_cache_is_not_needed():
    assert not prepare_model(PoseModel.LITE, MODELS_DIR, None).has_mask


def test_a_cache_that_cannot_be_made_is_no_failure(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert not prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path / "file" / "cache").has_mask


def test_a_folder_in_the_place_of_the_cached_file_is_no_failure(tmp_path):
    prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path)
    (path,) = cached(tmp_path)
    path.unlink()
    (path / "inside").mkdir(parents=True)
    assert not prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path).has_mask
    assert cached(tmp_path) == [path]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_cache_is_no_failure(tmp_path):
    tmp_path.chmod(0o500)
    assert not prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path).has_mask


def test_an_altered_model_is_refused_even_with_a_good_cache(tmp_path):
    shutil.copytree(MODELS_DIR, tmp_path / "models")
    prepare_model(PoseModel.LITE, tmp_path / "models", tmp_path / "cache")
    path = tmp_path / "models" / entry_of(MODELS_DIR, "lite").file
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ModelError, match="altered"):
        prepare_model(PoseModel.LITE, tmp_path / "models", tmp_path / "cache")


def test_where_stripping_gives_other_bytes_the_whole_model_is_used(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(models, "MASK_OUTPUT", "Identity_3")  # as if another schema packed it otherwise
    prepared = prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path)
    assert prepared.has_mask
    assert sha256_of(content_of(prepared)) == entry_of(MODELS_DIR, "lite").sha256
    assert cached(tmp_path) == []
    assert "cost more" in caplog.text


def test_the_mask_head_stays_where_it_is_wanted(tmp_path):
    prepared = prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path, keep_mask=True)
    assert prepared.has_mask
    assert prepared.landmarks == ModelFile(
        MODELS_DIR / "pose_landmark_lite.tflite", entry_of(MODELS_DIR, "lite").sha256
    )
    assert cached(tmp_path) == []


def test_a_cached_model_that_is_altered_before_it_is_loaded_is_refused(tmp_path):
    prepared = prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path)
    (path,) = cached(tmp_path)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="altered"):
        LiteRtNetworks(prepared, threads=1)
