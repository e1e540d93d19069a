import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from desktop_pose.pose.litert import LiteRtModel
from desktop_pose.pose.manifest import read_model
from desktop_pose.pose.preprocess import PIXEL_SCALE
from desktop_pose.pose.stripping import without_output
from desktop_pose.pose.unpacking import with_dense_weights
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


@pytest.mark.parametrize("name", ["lite", "full", "heavy"])
def test_pixels_given_as_bytes_lead_to_the_very_same_outputs(name, demo):
    whole = read_model(MODELS_DIR, name)
    takes_numbers = LiteRtModel(without_output(whole, "Identity_2"), threads=1)
    takes_bytes = LiteRtModel(without_output(whole, "Identity_2", PIXEL_SCALE), threads=1)
    assert takes_bytes.input().dtype == np.uint8
    for frame in (demo.frames[0], demo.frames[40]):
        pixels = frame[300:556, 50:306, ::-1]
        takes_numbers.input()[:] = pixels * np.float32(1 / 255)
        takes_bytes.input()[:] = pixels
        takes_numbers.run()
        takes_bytes.run()
        for output in ("Identity", "Identity_1", "Identity_3", "Identity_4"):
            first, second = (model.output(output).copy() for model in (takes_numbers, takes_bytes))
            np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("output", ["Identity", "Identity_2"])
def test_what_takes_bytes_is_a_model_of_the_schema(output):
    content = without_output(read_model(MODELS_DIR, "lite"), output, PIXEL_SCALE)
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    (graph,) = model.subgraphs
    (number,) = graph.inputs
    pixels, first = graph.tensors[number], graph.operators[0]
    assert (pixels.name, pixels.type, pixels.shape.tolist()) == (
        b"pixels", schema.TensorType.UINT8, [1, 256, 256, 3],
    )  # fmt: skip
    assert pixels.quantization.scale.tolist() == [np.float32(1 / 255)]
    assert pixels.quantization.zeroPoint.tolist() == [0]
    assert model.operatorCodes[first.opcodeIndex].builtinCode == schema.BuiltinOperator.DEQUANTIZE
    assert (first.inputs.tolist(), first.outputs.tolist()) == ([number], [0])
    assert graph.tensors[0].name == b"input_1"
    assert number not in [tensor for operator in graph.operators[1:] for tensor in operator.inputs]


def test_a_model_that_cannot_make_numbers_of_bytes_takes_numbers_as_before():
    model = schema.ModelT.InitFromObj(
        schema.Model.GetRootAs(with_dense_weights(read_model(MODELS_DIR, "lite")), 0)
    )
    model.operatorCodes = [
        code for code in model.operatorCodes if code.builtinCode != schema.BuiltinOperator.DEQUANTIZE
    ]  # the last, and not used any more
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    stripped = without_output(bytes(builder.Output()), "Identity_2", PIXEL_SCALE)
    assert LiteRtModel(stripped, threads=1).input().dtype == np.float32


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
