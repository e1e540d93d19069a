import numpy as np
import pytest

from desktop_pose.pose.litert import LiteRtModel
from desktop_pose.pose.manifest import read_model
from desktop_pose.pose.stripping import without_output
from tests.pose.clips import MODELS_DIR


@pytest.mark.parametrize("name", ["lite", "full", "heavy"])
def test_the_other_outputs_stay_bit_identical(name, demo):
    whole = read_model(MODELS_DIR, name)
    models = [LiteRtModel(content, threads=1) for content in (whole, without_output(whole, "Identity_2"))]
    for frame in (demo.frames[0], demo.frames[40]):
        for model in models:
            model.input()[:] = frame[300:556, 50:306, ::-1].astype(np.float32) / 255
            model.run()
        for output in ("Identity", "Identity_1", "Identity_3", "Identity_4"):
            first, second = (model.output(output).copy() for model in models)
            np.testing.assert_array_equal(first, second)


def test_the_mask_is_gone():
    stripped = LiteRtModel(without_output(read_model(MODELS_DIR, "lite"), "Identity_2"), threads=1)
    with pytest.raises(KeyError):
        stripped.output("Identity_2")


def test_the_same_content_gives_the_same_bytes():
    whole = read_model(MODELS_DIR, "lite")
    assert without_output(whole, "Identity_2") == without_output(whole, "Identity_2")


def test_an_output_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="Identity_9"):
        without_output(read_model(MODELS_DIR, "lite"), "Identity_9")
