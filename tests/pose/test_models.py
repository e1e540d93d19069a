import os
import shutil
import sys

import pytest

from desktop_pose.core.errors import ModelError
from desktop_pose.core.settings import PoseModel
from desktop_pose.pose import models
from desktop_pose.pose.litert import LiteRtNetworks
from desktop_pose.pose.manifest import DETECTOR, entry_of
from desktop_pose.pose.model_file import ModelFile, sha256_of
from desktop_pose.pose.models import prepare_detector, prepare_model
from tests.pose.clips import MODELS_DIR


def content_of(prepared):
    model = prepared.landmarks
    return model if isinstance(model, bytes) else model.read()


def cached(folder):
    """The landmark models in a cache."""
    return sorted(folder.glob("pose_landmark_*")) if folder.exists() else []


@pytest.fixture
def cache(tmp_path, model_cache):
    """A cache with nothing in it but the detector, which takes long to make."""
    prepare_detector(MODELS_DIR, model_cache)
    folder = tmp_path / "cache"
    folder.mkdir()
    for path in model_cache.glob("pose_detection*"):
        shutil.copy(path, folder)
    return folder


def test_the_stripped_form_is_the_pinned_one(cache):
    prepared = prepare_model(PoseModel.FULL, MODELS_DIR, cache)
    entry = entry_of(MODELS_DIR, "full")
    assert not prepared.has_mask
    assert sha256_of(content_of(prepared)) == entry.stripped_sha256


def test_the_cache_is_used_the_second_time(cache, monkeypatch):
    first = prepare_model(PoseModel.LITE, MODELS_DIR, cache)
    monkeypatch.setitem(sys.modules, "desktop_pose.pose.stripping", None)  # importing it would fail
    again = prepare_model(PoseModel.LITE, MODELS_DIR, cache)
    assert again.landmarks == first.landmarks
    assert isinstance(again.landmarks, ModelFile)


@pytest.mark.parametrize("damage", [b"", b"TFL3", None])
def test_a_damaged_cache_is_made_again(cache, damage):
    first = content_of(prepare_model(PoseModel.LITE, MODELS_DIR, cache))
    (path,) = cached(cache)
    content = bytearray(first)
    content[1000] ^= 1
    path.write_bytes(bytes(content) if damage is None else damage)
    assert content_of(prepare_model(PoseModel.LITE, MODELS_DIR, cache)) == first
    assert path.read_bytes() == first
    assert cached(cache) == [path]


def test_a_cache_is_not_needed():
    assert not prepare_model(PoseModel.LITE, MODELS_DIR, None).has_mask


def test_a_cache_that_cannot_be_made_is_no_failure(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert not prepare_model(PoseModel.LITE, MODELS_DIR, tmp_path / "file" / "cache").has_mask


def test_a_folder_in_the_place_of_the_cached_file_is_no_failure(cache):
    prepare_model(PoseModel.LITE, MODELS_DIR, cache)
    (path,) = cached(cache)
    path.unlink()
    (path / "inside").mkdir(parents=True)
    assert not prepare_model(PoseModel.LITE, MODELS_DIR, cache).has_mask
    assert cached(cache) == [path]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_cache_is_no_failure(cache):
    cache.chmod(0o500)
    assert not prepare_model(PoseModel.LITE, MODELS_DIR, cache).has_mask


def test_an_altered_model_is_refused_even_with_a_good_cache(tmp_path, cache):
    shutil.copytree(MODELS_DIR, tmp_path / "models")
    prepare_model(PoseModel.LITE, tmp_path / "models", cache)
    path = tmp_path / "models" / entry_of(MODELS_DIR, "lite").file
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ModelError, match="altered"):
        prepare_model(PoseModel.LITE, tmp_path / "models", cache)


def test_where_stripping_gives_other_bytes_the_whole_model_is_used(cache, monkeypatch, caplog):
    monkeypatch.setattr(models, "MASK_OUTPUT", "Identity_3")  # as if it came out otherwise here
    prepared = prepare_model(PoseModel.LITE, MODELS_DIR, cache)
    assert prepared.has_mask
    assert sha256_of(content_of(prepared)) == entry_of(MODELS_DIR, "lite").sha256
    assert cached(cache) == []
    assert "cost more" in caplog.text


def test_the_mask_head_stays_where_it_is_wanted(cache):
    prepared = prepare_model(PoseModel.LITE, MODELS_DIR, cache, keep_mask=True)
    assert prepared.has_mask
    assert prepared.landmarks == ModelFile(
        MODELS_DIR / "pose_landmark_lite.tflite", entry_of(MODELS_DIR, "lite").sha256
    )
    assert cached(cache) == []


def test_a_cached_model_that_is_altered_before_it_is_loaded_is_refused(cache):
    prepared = prepare_model(PoseModel.LITE, MODELS_DIR, cache)
    (path,) = cached(cache)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="altered"):
        LiteRtNetworks(prepared, threads=1)


def test_the_detector_with_unpacked_weights_is_the_pinned_one_and_made_once(cache, monkeypatch):
    dense = prepare_detector(MODELS_DIR, cache)
    assert dense.sha256 == entry_of(MODELS_DIR, DETECTOR).dense_sha256
    assert dense.path.parent == cache
    monkeypatch.setitem(sys.modules, "desktop_pose.pose.unpacking", None)  # importing it would fail
    assert prepare_detector(MODELS_DIR, cache) == dense


def test_without_a_cache_the_detector_is_the_shipped_one(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for cache_dir in (None, tmp_path / "file" / "cache"):
        assert prepare_detector(MODELS_DIR, cache_dir).path.parent == MODELS_DIR


def test_a_damaged_detector_in_the_cache_is_made_again_and_an_altered_shipped_one_refused(tmp_path, cache):
    dense = prepare_detector(MODELS_DIR, cache)
    dense.path.write_bytes(dense.path.read_bytes()[:-1])
    assert prepare_detector(MODELS_DIR, cache) == dense
    dense.check()
    shutil.copytree(MODELS_DIR, tmp_path / "models")
    path = tmp_path / "models" / "pose_detection.tflite"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ModelError, match="altered"):
        prepare_detector(tmp_path / "models", cache)
