"""Takes outputs that nobody wants, and the operators that only feed them, out of a TensorFlow Lite model.

The landmark models compute a 256x256 mask (`Identity_2`) that a skeleton does not need and that costs a third
to a half of the time. What is left computes the other outputs with the very same operators and weights.
Works on the flatbuffer alone; the same content always gives the same bytes, so that they can be pinned.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

_FILE_IDENTIFIER = b"TFL3"
FlatObject: TypeAlias = Any  # the generated classes carry no types
_ABSENT = -1  # an optional input that is not given


def without_output(content: bytes, name: str) -> bytes:
    """`content` without the output called `name`.

    Args:
        content: A valid TensorFlow Lite model with one subgraph.
        name: Name of the output tensor.

    Raises:
        ValueError: There is no such output.
    """
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    (graph,) = model.subgraphs
    wanted = [int(index) for index in graph.outputs if graph.tensors[index].name != name.encode()]
    if len(wanted) == len(graph.outputs):
        raise ValueError(f"the model has no output called {name}")
    without_unused(model, wanted)
    return packed(model)


def without_unused(model: FlatObject, outputs: list[int]) -> None:
    """Leave in `model` what `outputs`, tensors of its one subgraph, need, and these as its outputs."""
    (graph,) = model.subgraphs
    graph.operators, needed = _operators_for(graph.operators, outputs)
    graph.outputs = outputs
    _keep_tensors(graph, needed | {int(index) for index in graph.inputs})
    _keep_used_buffers(model, graph)


def packed(model: FlatObject) -> bytes:
    """The content of the file that `model` is."""
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), _FILE_IDENTIFIER)
    return bytes(builder.Output())


def _operators_for(operators: list[FlatObject], outputs: list[int]) -> tuple[list[FlatObject], set[int]]:
    """The operators that `outputs` depend on, in their order, and every tensor these touch."""
    needed, kept = set(outputs), []
    for operator in reversed(operators):
        if needed.intersection(int(index) for index in operator.outputs):
            kept.append(operator)
            needed.update(int(index) for index in operator.inputs if index != _ABSENT)
            needed.update(int(index) for index in operator.outputs)
    return kept[::-1], needed


def _keep_tensors(graph: FlatObject, needed: set[int]) -> None:
    kept = sorted(needed)
    number = {old: new for new, old in enumerate(kept)} | {_ABSENT: _ABSENT}
    graph.tensors = [graph.tensors[index] for index in kept]
    graph.inputs = [number[int(index)] for index in graph.inputs]
    graph.outputs = [number[int(index)] for index in graph.outputs]
    for operator in graph.operators:
        operator.inputs = [number[int(index)] for index in operator.inputs]
        operator.outputs = [number[int(index)] for index in operator.outputs]


def _keep_used_buffers(model: FlatObject, graph: FlatObject) -> None:
    """Drop the weights nobody reads; buffer 0 stays, the format reserves it as the empty one."""
    metadata = model.metadata or []
    kept = sorted({0} | {item.buffer for item in graph.tensors} | {item.buffer for item in metadata})
    number = {old: new for new, old in enumerate(kept)}
    model.buffers = [model.buffers[index] for index in kept]
    for item in (*graph.tensors, *metadata):
        item.buffer = number[item.buffer]
    # Deprecated list of the metadata's buffers, superseded by `metadata`.
    model.metadataBuffer = [number[int(index)] for index in _listed(model.metadataBuffer) if index in number]


def _listed(values: Sequence[int] | None) -> Sequence[int]:
    return [] if values is None else values
