import numpy as np
import pytest

from desktop_pose.core.settings import PoseModel
from desktop_pose.pose import trial
from desktop_pose.pose.litert import LiteRtModel
from desktop_pose.pose.manifest import entry_of
from desktop_pose.pose.models import prepare_model, strip
from desktop_pose.pose.stripping import without_output
from desktop_pose.pose.trial import golden_frames, tried
from tests.pose.clips import MODELS_DIR


def test_the_golden_input_is_twenty_different_crops_in_which_the_model_sees_somebody(model_cache):
    frames = list(golden_frames(MODELS_DIR))
    assert len(frames) == 20
    assert len({frame.tobytes() for frame in frames}) == 20
    model = LiteRtModel(prepare_model(PoseModel.LITE, MODELS_DIR, model_cache).landmarks, threads=1)
    for frame in frames:
        assert (frame.shape, frame.dtype) == ((256, 256, 3), np.uint8)
        model.input()[:] = frame
        model.run()
        assert model.output("Identity_1")[0] > 0.9


@pytest.mark.parametrize(
    ("without_mask", "reason"),
    [
        (lambda whole: whole[:100_000], "LiteRT refuses"),
        (lambda whole: without_output(strip(whole), "Identity_4"), "the output Identity_4 is missing"),
    ],
)
def test_the_form_without_the_mask_head_is_tried_as_well(tmp_path, monkeypatch, without_mask, reason):
    monkeypatch.setattr(trial, "strip", without_mask)
    verdict = tried(MODELS_DIR / entry_of(MODELS_DIR, "lite").file, MODELS_DIR, tmp_path)
    assert reason in verdict.refusal
    assert list(tmp_path.iterdir()) == []
