"""Builds the bundle MediaPipe Tasks loads, in memory, from the shipped models.

A `.task` file is a stored zip of the detector and the landmark model. MediaPipe refuses a model with a float
input unless its TFLite metadata says how pixels become numbers, so that is written into both.
"""

import io
import zipfile
from typing import Any, TypeAlias

import flatbuffers
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as schema

FlatObject: TypeAlias = Any  # the generated classes carry no types

_MODEL_IDENTIFIER = b"TFL3"
_METADATA_IDENTIFIER = b"M001"
_METADATA_NAME = b"TFLITE_METADATA"
# The order of the zip's entries is free; the names are MediaPipe's.
_DETECTOR_NAME = "pose_detector.tflite"
_LANDMARKS_NAME = "pose_landmarks_detector.tflite"


def task_bundle(detector: bytes, landmarks: bytes) -> bytes:
    """Content of a `.task` file of the two models, these as they were published."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as bundle:
        # A fixed date: the same models always give the same bytes.
        bundle.writestr(
            zipfile.ZipInfo(_DETECTOR_NAME), _with_metadata(detector, mean=127.5, deviation=127.5)
        )
        bundle.writestr(
            zipfile.ZipInfo(_LANDMARKS_NAME), _with_metadata(landmarks, mean=0.0, deviation=255.0)
        )
    return content.getvalue()


def _with_metadata(content: bytes, *, mean: float, deviation: float) -> bytes:
    """`content` with metadata that says a pixel p enters as (p - mean) / deviation."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    buffer = schema.BufferT()
    buffer.data = list(_metadata(model.subgraphs[0], mean, deviation))
    model.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name, entry.buffer = _METADATA_NAME, len(model.buffers) - 1
    model.metadata = [item for item in model.metadata or [] if item.name != _METADATA_NAME] + [entry]
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), _MODEL_IDENTIFIER)
    return bytes(builder.Output())


def _metadata(graph: FlatObject, mean: float, deviation: float) -> bytes:
    options = metadata_schema.NormalizationOptionsT()
    options.mean, options.std = [mean], [deviation]
    unit = metadata_schema.ProcessUnitT()
    unit.optionsType, unit.options = metadata_schema.ProcessUnitOptions.NormalizationOptions, options
    image = metadata_schema.ImagePropertiesT()
    image.colorSpace = metadata_schema.ColorSpaceType.RGB
    content = metadata_schema.ContentT()
    content.contentPropertiesType = metadata_schema.ContentProperties.ImageProperties
    content.contentProperties = image
    tensor = metadata_schema.TensorMetadataT()
    tensor.name, tensor.content, tensor.processUnits = "image", content, [unit]
    part = metadata_schema.SubGraphMetadataT()
    part.inputTensorMetadata = [tensor]
    part.outputTensorMetadata = [metadata_schema.TensorMetadataT() for _ in graph.outputs]
    whole = metadata_schema.ModelMetadataT()
    whole.subgraphMetadata = [part]
    builder = flatbuffers.Builder(1024)
    builder.Finish(whole.Pack(builder), _METADATA_IDENTIFIER)
    return bytes(builder.Output())
