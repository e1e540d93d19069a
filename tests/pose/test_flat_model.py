"""The flatbuffer as TensorFlow's own generated reader sees it is the independent source here."""

import struct

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from desktop_pose.pose.flat_model import FlatModel
from desktop_pose.pose.manifest import DETECTOR, read_model
from tests.pose.clips import MODELS_DIR

TYPES = {0: "<f4", 1: "<f2"}


def as_read_elsewhere(content):
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    (graph,) = model.subgraphs
    return model, graph


@pytest.fixture(scope="module")
def detector():
    return read_model(MODELS_DIR, DETECTOR)


@pytest.mark.parametrize("name", [DETECTOR, "lite"])
def test_operators_and_outputs_are_those_of_the_schema(name):
    content = read_model(MODELS_DIR, name)
    model, graph = as_read_elsewhere(content)
    flat = FlatModel(content)
    assert [(item.code, item.inputs, item.outputs) for item in flat.operators()] == [
        (model.operatorCodes[item.opcodeIndex].builtinCode, tuple(item.inputs), tuple(item.outputs))
        for item in graph.operators
    ]
    assert flat.outputs() == list(graph.outputs)
    assert [flat.name(tensor) for tensor in flat.outputs()] == [
        graph.tensors[tensor].name.decode() for tensor in graph.outputs
    ]


def test_without_changes_the_content_stays(detector):
    assert FlatModel(detector).content() == detector


def test_sparse_weights_are_those_that_the_interpreter_computes(detector):
    flat = FlatModel(detector)
    interpreter = Interpreter(
        model_content=detector,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        experimental_preserve_all_tensors=True,
    )
    interpreter.allocate_tensors()
    interpreter.invoke()
    densify = [operator for operator in flat.operators() if operator.code == 124]
    assert len(densify) == 38
    for operator in densify:
        values = flat.constant(operator.inputs[0], TYPES)
        np.testing.assert_array_equal(values, interpreter.get_tensor(operator.outputs[0]))


def test_what_is_computed_is_no_constant(detector):
    flat = FlatModel(detector)
    assert flat.constant(flat.outputs()[0], TYPES) is None


def test_changes_are_what_another_reader_finds(detector):
    flat = FlatModel(detector)
    kept = [operator for operator in flat.operators() if operator.code == 124][:2]
    values = np.arange(24, dtype=np.float32)
    flat.keep_operators(kept)
    flat.give_outputs([5, 3, 1])
    flat.set_constant(5, values)
    flat.forget_tensors([kept[0].inputs[0]])
    model, graph = as_read_elsewhere(flat.content())
    assert [tuple(item.outputs) for item in graph.operators] == [item.outputs for item in kept]
    assert list(graph.outputs) == [5, 3, 1]
    np.testing.assert_array_equal(bytes(model.buffers[graph.tensors[5].buffer].data), values.tobytes())
    assert graph.tensors[kept[0].inputs[0]].sparsity is None
    assert graph.tensors[kept[1].inputs[0]].sparsity is not None


def test_added_data_begins_where_the_format_wants_it(detector):
    flat = FlatModel(detector + b"\0")
    values = np.full(24, 1.5, np.float32)
    flat.set_constant(5, values)
    flat.set_constant(7, values)
    content = flat.content()
    for place in range(len(detector), len(content)):
        if content[place : place + values.nbytes] == values.tobytes():
            assert place % 16 == 0
    assert content.count(values.tobytes()) == 2


@pytest.mark.parametrize("content", [b"", b"\x10\0\0\0TFL3", bytes(64)])
def test_what_is_no_model_is_refused(content):
    with pytest.raises((ValueError, struct.error)):
        FlatModel(content)
