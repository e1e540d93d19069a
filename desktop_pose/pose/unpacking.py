"""Writes the weights of a TensorFlow Lite model out as the interpreter uses them: dense, in single precision.

The person detector keeps its weights sparse and in half precision. LiteRT unpacks them whenever the model is
opened, which takes longer than all the rest (0.12 of 0.14 s), and keeps 9 MB of it. Unpacked beforehand they
are four times as large on disk, and mapped from there. Every half is a single, so nothing is rounded: the
outputs stay bit-identical. As with `pose.stripping` the same content always gives the same bytes.
"""

from desktop_pose.core.poses import FloatArray
from desktop_pose.pose.flat_model import DEQUANTIZE, FlatModel

_DENSIFY = 124  # `BuiltinOperator` of the schema
_UNPACKING = {_DENSIFY, DEQUANTIZE}
_TYPES = {0: "<f4", 1: "<f2"}  # `TensorType` of the schema: the two that weights come in


def with_dense_weights(content: bytes) -> bytes:
    """`content` without the operators that only unpack weights; these are unpacked instead.

    Args:
        content: A valid TensorFlow Lite model with one subgraph.

    Raises:
        ValueError: Weights are packed in a way that is not known here.
    """
    model = FlatModel(content)
    unpacked: dict[int, FloatArray] = {}
    packed, kept = [], []
    for operator in model.operators():
        values = _weights(model, unpacked, operator.inputs[0]) if operator.code in _UNPACKING else None
        if values is None:
            kept.append(operator)
            continue
        packed.append(operator.inputs[0])
        unpacked[operator.outputs[0]] = values.astype("<f4") if operator.code == DEQUANTIZE else values
    if not unpacked:
        return content
    model.keep_operators(kept)
    for tensor in sorted({tensor for operator in kept for tensor in operator.inputs} & unpacked.keys()):
        model.set_constant(tensor, unpacked[tensor])
    model.forget_tensors(packed)
    return model.content()


def _weights(model: FlatModel, unpacked: dict[int, FloatArray], tensor: int) -> FloatArray | None:
    """Weights that are in the model or have been unpacked already; None for what is computed at run time."""
    return unpacked[tensor] if tensor in unpacked else model.constant(tensor, _TYPES)
