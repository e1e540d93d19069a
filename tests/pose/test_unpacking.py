import numpy as np
import pytest

from desktop_pose.pose.litert import LiteRtModel
from desktop_pose.pose.manifest import DETECTOR, entry_of, read_model
from desktop_pose.pose.model_file import sha256_of
from desktop_pose.pose.unpacking import with_dense_weights
from tests.pose.clips import MODELS_DIR


@pytest.fixture(scope="module")
def dense():
    return with_dense_weights(read_model(MODELS_DIR, DETECTOR))


def test_the_outputs_stay_bit_identical(dense, demo):
    models = [LiteRtModel(content, threads=1) for content in (read_model(MODELS_DIR, DETECTOR), dense)]
    for frame in (demo.frames[0], demo.frames[40]):
        for model in models:
            model.input()[:] = frame[300:748:2, 50:498:2, ::-1].astype(np.float32) / 127.5 - 1
            model.run()
        for output in ("Identity", "Identity_1"):
            first, second = (model.output(output).copy() for model in models)
            np.testing.assert_array_equal(first, second)


def test_it_is_the_pinned_one_and_has_nothing_left_to_unpack(dense):
    assert sha256_of(dense) == entry_of(MODELS_DIR, DETECTOR).dense_sha256
    assert sha256_of(with_dense_weights(dense)) == sha256_of(dense)
