import numpy as np

from desktop_pose.core.settings import PoseModel
from desktop_pose.pose.litert import LiteRtModel
from desktop_pose.pose.models import prepare_model
from desktop_pose.pose.trial import golden_frames
from tests.pose.clips import MODELS_DIR


def test_the_golden_input_is_twenty_different_crops_in_which_the_model_sees_somebody(model_cache):
    frames = list(golden_frames(MODELS_DIR))
    assert len(frames) == 20
    assert len({frame.tobytes() for frame in frames}) == 20
    model = LiteRtModel(prepare_model(PoseModel.LITE, MODELS_DIR, model_cache).landmarks, threads=1)
    for frame in frames:
        assert (frame.shape, frame.dtype) == ((256, 256, 3), np.float32)
        assert 0 <= frame.min() < frame.max() <= 1
        model.input()[:] = frame
        model.run()
        assert model.output("Identity_1")[0] > 0.9
