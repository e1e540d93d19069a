import shutil
import subprocess
import sys

import numpy as np
import pytest

from desktop_pose.core.errors import ModelError
from desktop_pose.core.settings import Backend, PoseModel, Smoothing
from desktop_pose.core.skip import Skip
from desktop_pose.pose import opening
from desktop_pose.pose.manifest import entry_of
from desktop_pose.pose.opening import backend_problem, open_tracker
from desktop_pose.pose.protocol import TrackerOptions
from tests.pose.clips import FRAME_NS, MODELS_DIR


def test_litert_is_usable():
    assert backend_problem(Backend.LITERT) is None


@pytest.mark.parametrize("backend", list(Backend))
def test_a_backend_that_is_not_installed_says_so_with_the_remedy(backend, monkeypatch, tmp_path):
    monkeypatch.setattr(opening, "find_spec", lambda name: None)
    problem = backend_problem(backend)
    assert "not installed" in problem.message
    assert "pip install" in problem.hint
    with pytest.raises(ModelError, match="not installed"):
        open_tracker(TrackerOptions(backend=backend), MODELS_DIR, tmp_path)


@pytest.mark.parametrize("smoothing", [Smoothing.OFF, Smoothing.STRONG])
def test_mediapipe_with_another_smoothing_is_refused(smoothing, monkeypatch):
    monkeypatch.setattr(opening, "find_spec", lambda name: object())
    with pytest.raises(ModelError, match=f"no smoothing but its own, so not {smoothing.value}") as caught:
        open_tracker(TrackerOptions(Backend.MEDIAPIPE, smoothing=smoothing), MODELS_DIR, None)
    assert "litert" in caught.value.hint


@pytest.mark.parametrize("backend", list(Backend))
def test_an_altered_model_is_refused_by_every_backend(backend, tmp_path):
    if backend_problem(backend) is not None:
        pytest.skip(f"{backend.value} is not installed here")
    shutil.copytree(MODELS_DIR, tmp_path / "models")
    path = tmp_path / "models" / "pose_landmark_lite.tflite"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="altered"):
        open_tracker(TrackerOptions(backend, PoseModel.LITE), tmp_path / "models", tmp_path)


def test_a_backend_that_does_not_load_is_the_worlds_failure(monkeypatch):
    monkeypatch.setitem(sys.modules, "desktop_pose.pose.litert", None)
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_tracker(TrackerOptions(), MODELS_DIR, None)


def test_importing_the_seams_imports_no_interpreter():
    code = (
        "import sys, desktop_pose.pose.opening as o; from desktop_pose.core.settings import Backend; "
        "o.backend_problem(Backend.MEDIAPIPE); "
        "print([m for m in ('ai_edge_litert', 'mediapipe', 'cv2', 'flatbuffers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("backend", list(Backend))
def test_every_backend_skips_frames_on_request(backend, tmp_path):
    if backend_problem(backend) is not None:
        pytest.skip(f"{backend.value} is not installed here")
    options = TrackerOptions(backend, PoseModel.LITE, skip=Skip(2))
    tracker = open_tracker(options, MODELS_DIR, tmp_path)
    frames = [tracker.track(np.zeros((64, 64, 3), np.uint8), ms * 1_000_000) for ms in (40, 80, 120)]
    tracker.close()
    assert [poses.reused for poses in frames] == [False, True, False]


def test_how_often_somebody_is_looked_for_can_be_set(demo, model_cache):
    options = TrackerOptions(model=PoseModel.LITE, people=2, search_every=4)
    tracker = open_tracker(options, MODELS_DIR, model_cache)
    ran = [tracker.track(demo.frames[0], (1 + number) * FRAME_NS).detector_ran for number in range(9)]
    tracker.close()
    assert [number for number, has_run in enumerate(ran) if has_run] == [0, 4, 8]


@pytest.mark.parametrize("is_wanted", [False, True])
def test_the_mask_head_runs_only_where_a_mask_is_wanted(tmp_path, is_wanted):
    tracker = open_tracker(TrackerOptions(model=PoseModel.LITE, mask=is_wanted), MODELS_DIR, tmp_path)
    mask = tracker.track(np.zeros((64, 64, 3), np.uint8), 0).mask
    tracker.close()
    assert (mask is not None) == is_wanted
    stripped = entry_of(MODELS_DIR, "lite").stripped_sha256
    assert any(stripped[:16] in path.name for path in tmp_path.iterdir()) != is_wanted
