"""Writes the weights of a TensorFlow Lite model out as the interpreter uses them: dense, in single precision.

The person detector keeps its weights sparse and in half precision. LiteRT unpacks them whenever the model is
opened, which takes longer than all the rest (0.12 of 0.14 s), and keeps 9 MB of it. Unpacked beforehand they
are four times as large on disk, and mapped from there. Every half is a single, so nothing is rounded: the
outputs stay bit-identical. As with `pose.stripping` the same content always gives the same bytes.
"""

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from desktop_pose.pose.stripping import FlatObject, packed, without_unused

_UNPACKING = {schema.BuiltinOperator.DENSIFY, schema.BuiltinOperator.DEQUANTIZE}


def with_dense_weights(content: bytes) -> bytes:
    """`content` without the operators that only unpack weights; these are unpacked instead.

    Args:
        content: A valid TensorFlow Lite model with one subgraph.
    """
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    (graph,) = model.subgraphs
    codes = [operator_code.builtinCode for operator_code in model.operatorCodes]
    constant = {
        index
        for index, tensor in enumerate(graph.tensors)
        if model.buffers[tensor.buffer].data is not None and len(model.buffers[tensor.buffer].data)
    }
    unpacked, kept = [], []
    for operator in graph.operators:
        if codes[operator.opcodeIndex] in _UNPACKING and int(operator.inputs[0]) in constant:
            constant.add(int(operator.outputs[0]))
            unpacked.append(int(operator.outputs[0]))
        else:
            kept.append(operator)
    graph.operators = kept
    values = _values(content)
    for index in unpacked:
        graph.tensors[index].buffer = len(model.buffers)
        model.buffers.append(_buffer(values.get_tensor(index)))
    without_unused(model, [int(index) for index in graph.outputs])
    return packed(model)


def _values(content: bytes) -> Interpreter:
    """An interpreter that has run once and still knows what every tensor was."""
    interpreter = Interpreter(
        model_content=content,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        experimental_preserve_all_tensors=True,
    )
    interpreter.allocate_tensors()
    interpreter.invoke()
    return interpreter


def _buffer(values: FlatObject) -> FlatObject:
    buffer = schema.BufferT()
    little_endian = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"), copy=False)
    buffer.data = np.frombuffer(little_endian.tobytes(), np.uint8)
    return buffer
