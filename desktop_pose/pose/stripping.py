"""Takes outputs that nobody wants, and the operators that only feed them, out of a TensorFlow Lite model.

The landmark models compute a 256x256 mask (`Identity_2`) that a skeleton does not need and that costs a third
to a half of the time. What is left computes the other outputs with the very same operators and weights.
Works on the flatbuffer alone; the same content always gives the same bytes, so that they can be pinned.
"""

from collections.abc import Iterable, Sequence

from desktop_pose.pose.flat_model import FlatModel, Operator


def without_output(content: bytes, name: str, byte_scale: float | None = None) -> bytes:
    """`content` without the output called `name`.

    Args:
        content: A valid TensorFlow Lite model with one subgraph.
        name: Name of the output tensor.
        byte_scale: Have the model take its picture as bytes, each times this: the interpreter makes numbers
            of them several times as fast as numpy. None, or a model that cannot do that: as it was.

    Raises:
        ValueError: There is no such output.
    """
    model = FlatModel(content)
    outputs = model.outputs()
    wanted = [tensor for tensor in outputs if model.name(tensor) != name]
    if len(wanted) == len(outputs):
        raise ValueError(f"the model has no output called {name}")
    operators = model.operators()
    kept = needed_for(wanted, operators)
    model.give_outputs(wanted)
    unwanted = next(tensor for tensor in outputs if tensor not in wanted)
    has_room = len(kept) < len(operators) and not any(unwanted in operator.inputs for operator in kept)
    reader = model.take_bytes(unwanted, byte_scale) if has_room and byte_scale is not None else None
    model.keep_operators(kept if reader is None else [reader, *kept])
    return model.content()


def needed_for(outputs: Iterable[int], operators: Sequence[Operator]) -> list[Operator]:
    """Those of `operators` that the tensors `outputs` depend on, in their order."""
    needed, kept = set(outputs), []
    for operator in reversed(operators):
        if needed.intersection(operator.outputs):
            kept.append(operator)
            needed.update(operator.inputs)
    return kept[::-1]
