from dataclasses import replace

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from desktop_pose.core.clock import NO_PROBE
from desktop_pose.core.errors import ModelError
from desktop_pose.core.settings import PoseModel
from desktop_pose.pose.litert import LiteRtModel, LiteRtNetworks
from desktop_pose.pose.manifest import read_model
from desktop_pose.pose.models import prepare_model
from tests.pose.clips import MODELS_DIR


def test_a_truncated_model_raises_instead_of_crashing():
    with pytest.raises(ModelError, match="refuses"):
        LiteRtModel(read_model(MODELS_DIR, "lite")[:100_000], threads=1)


def test_the_number_of_threads_does_not_change_the_result(networks, model_cache, demo):
    single = LiteRtNetworks(prepare_model(PoseModel.LITE, MODELS_DIR, model_cache), threads=1)
    (region,) = networks.detect(demo.frames[0])
    assert single.detect(demo.frames[0]) == [region]
    poses = [one.observe(demo.frames[0], region, NO_PROBE) for one in (single, networks)]
    np.testing.assert_array_equal(poses[0].landmarks, poses[1].landmarks)
    single.close()


def test_closed_networks_are_not_used_again(model_cache, demo):
    opened = LiteRtNetworks(prepare_model(PoseModel.LITE, MODELS_DIR, model_cache), threads=1)
    opened.close()
    opened.close()
    with pytest.raises(RuntimeError, match="closed"):
        opened.detect(demo.frames[0])


@pytest.mark.parametrize("is_detector_ready", [True, False])
def test_a_rested_detector_finds_the_same(networks, model_cache, demo, is_detector_ready):
    prepared = prepare_model(PoseModel.LITE, MODELS_DIR, model_cache)
    opened = LiteRtNetworks(prepared, threads=1, is_detector_ready=is_detector_ready)
    opened.rest_detector()
    assert opened.detect(demo.frames[0]) == networks.detect(demo.frames[0])
    opened.close()


def without_a_world(content):
    """The model with a last bias of its world landmarks that is no number."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    (graph,) = model.subgraphs
    (wanted,) = (index for index in graph.outputs if graph.tensors[index].name == b"Identity_4")
    makers = {operator.outputs[0]: operator for operator in graph.operators}
    while len(makers[wanted].inputs) < 3:  # reshapes
        wanted = makers[wanted].inputs[0]
    bias = makers[wanted].inputs[2]
    while bias in makers:  # unpacked from float16
        bias = makers[bias].inputs[0]
    buffer = model.buffers[graph.tensors[bias].buffer]
    buffer.data = np.full(len(buffer.data), 0x7E, np.uint8)
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def test_nobody_where_an_unverified_model_answers_no_numbers(model_cache, demo, networks):
    prepared = prepare_model(PoseModel.LITE, MODELS_DIR, model_cache)
    (region,) = networks.detect(demo.frames[0])
    for content, is_seen in ((lambda whole: whole, True), (without_a_world, False)):
        own = replace(prepared, landmarks=content(read_model(MODELS_DIR, "lite")), is_verified=False)
        opened = LiteRtNetworks(own, threads=1, is_detector_ready=False)
        assert (opened.observe(demo.frames[0], region, NO_PROBE) is not None) == is_seen
        opened.close()
