"""A TensorFlow Lite model as the flatbuffer it is: what it is made of, read and changed in place.

Reading a model into objects and packing these again takes most of a second. Here only the few bytes change
that have to: references to what is no longer wanted go, and what is new is put at the end, since all
references point forward. What nobody refers to any more stays in the file; nobody reads it.

Source: FlatBuffers' internals (https://flatbuffers.dev/internals/); TensorFlow Lite's `schema.fbs`, whose
order of fields, counted from 0, gives the numbers here.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.poses import FloatArray

IntArray = NDArray[np.int64]

_MODEL_CODES, _MODEL_GRAPHS, _MODEL_BUFFERS = 1, 2, 4
_GRAPH_TENSORS, _GRAPH_INPUTS, _GRAPH_OUTPUTS, _GRAPH_OPERATORS = 0, 1, 2, 3
_OPERATOR_CODE, _OPERATOR_INPUTS, _OPERATOR_OUTPUTS = 0, 1, 2
_CODE_FORMER, _CODE = 0, 3  # a code below 127 is written to the former, narrow field as well
_TENSOR_SHAPE, _TENSOR_TYPE, _TENSOR_BUFFER, _TENSOR_NAME, _TENSOR_SPARSITY = 0, 1, 2, 3, 6
_BUFFER_DATA = 0
DEQUANTIZE = 6  # `BuiltinOperator`
_UINT8 = 3  # `TensorType`
_PIXELS = b"pixels"
_DATA_ALIGNMENT = 16  # `force_align` of a buffer's data


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator of the graph.

    Attributes:
        code: What it is, a `BuiltinOperator`.
        inputs: Numbers of its tensors; -1 is an optional one that is not given.
        outputs: Numbers of its tensors.
        place: Where it is in the file.
    """

    code: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    place: int


class FlatModel:
    """A model with one subgraph.

    Args:
        content: The file; not changed.

    Raises:
        ValueError: It is no model with one subgraph. A damaged file may raise `struct.error` and `IndexError`
            as well, here and in every method.
    """

    def __init__(self, content: bytes) -> None:
        self._bytes = bytearray(content)
        self._added: list[bytes] = []
        self._length = len(content)
        model = self._reference(0)
        graphs = self._tables(model, _MODEL_GRAPHS)
        if len(graphs) != 1:
            raise ValueError(f"the model has {len(graphs)} subgraphs")
        self._graph = graphs[0]
        self._codes = [self._code(table) for table in self._tables(model, _MODEL_CODES)]
        self._tensors = self._tables(self._graph, _GRAPH_TENSORS)
        self._buffers = self._tables(model, _MODEL_BUFFERS)
        self._buffer_places = self._vector_place(model, _MODEL_BUFFERS)

    def content(self) -> bytes:
        """The file with all changes."""
        return b"".join((self._bytes, *self._added))

    def operators(self) -> list[Operator]:
        """The operators in the order in which they run."""
        return [
            Operator(
                self._codes[self._number(place, _OPERATOR_CODE, "<I")],
                tuple(self._integers(place, _OPERATOR_INPUTS).tolist()),
                tuple(self._integers(place, _OPERATOR_OUTPUTS).tolist()),
                place,
            )
            for place in self._tables(self._graph, _GRAPH_OPERATORS)
        ]

    def outputs(self) -> list[int]:
        """Numbers of the tensors that the model gives."""
        return [int(number) for number in self._integers(self._graph, _GRAPH_OUTPUTS)]

    def inputs(self) -> list[int]:
        """Numbers of the tensors that the model is given."""
        return [int(number) for number in self._integers(self._graph, _GRAPH_INPUTS)]

    def name(self, tensor: int) -> str:
        """The tensor's name."""
        return self._raw(self._tensors[tensor], _TENSOR_NAME).decode("utf-8", "replace")

    def take_bytes(self, free_tensor: int, scale: float) -> Operator | None:
        """The operator that must run first, for the model's only input to be bytes from now on.

        It multiplies them by `scale`. None, and nothing is changed, where the model has no such operator.

        Args:
            free_tensor: Number of a tensor that nothing needs; it becomes the new input.
            scale: What is 1 in the bytes, in the input as it was.

        Raises:
            ValueError: The model has several inputs, or another one than a picture.
        """
        (former,) = self.inputs()
        shape = self._integers(self._tensors[former], _TENSOR_SHAPE).tolist()
        if len(shape) != 4:
            raise ValueError(f"the input has the shape {shape}")
        if DEQUANTIZE not in self._codes:
            return None
        tensor = self._add(_byte_tensor(shape, scale)) + _BYTE_TENSOR_TABLE
        slot = self._vector_place(self._graph, _GRAPH_TENSORS) + 4 + 4 * free_tensor
        struct.pack_into("<I", self._bytes, slot, tensor - slot)
        struct.pack_into("<i", self._bytes, self._vector_place(self._graph, _GRAPH_INPUTS) + 4, free_tensor)
        # The table of fields, an operator that has the first three of them, and its inputs and outputs.
        numbers = self._codes.index(DEQUANTIZE), 8, 12, 1, free_tensor, 1, former
        place = self._add(struct.pack("<5H2xi3I4i", 10, 16, 4, 8, 12, 12, *numbers)) + 12
        return Operator(DEQUANTIZE, (free_tensor,), (former,), place)

    def keep_operators(self, operators: Sequence[Operator]) -> None:
        """Leave no other operators in the graph; these are some of its own, in their order.

        One of `take_bytes` may be the first, if it takes the place of another.
        """
        first = self._vector_place(self._graph, _GRAPH_OPERATORS)
        (count,) = struct.unpack_from("<I", self._bytes, first)
        references = [operator.place - first - 4 * slot for slot, operator in enumerate(operators, 1)]
        rest = [0] * (count - len(references))
        struct.pack_into(f"<{1 + count}I", self._bytes, first, len(references), *references, *rest)

    def give_outputs(self, tensors: Sequence[int]) -> None:
        """Have the model give these tensors and no others."""
        field = self._field(self._graph, _GRAPH_OUTPUTS)
        place = self._add(struct.pack(f"<{1 + len(tensors)}I", len(tensors), *tensors))
        struct.pack_into("<I", self._bytes, field, place - field)

    def constant(self, tensor: int, types: dict[int, str]) -> FloatArray | None:
        """The values of a constant tensor, written out if they are stored sparsely; None where it has none.

        Args:
            tensor: Its number.
            types: numpy's types by `TensorType`; a tensor of another type raises `KeyError`.
        """
        table = self._tensors[tensor]
        data = self._raw(self._buffers[self._number(table, _TENSOR_BUFFER, "<I")], _BUFFER_DATA)
        if not data:
            return None
        values = np.frombuffer(data, types[self._number(table, _TENSOR_TYPE, "<b")])
        shape = self._integers(table, _TENSOR_SHAPE)
        sparsity = self._field(table, _TENSOR_SPARSITY)
        if sparsity:
            values = self._dense(values, shape, self._reference(sparsity))
        return values.reshape(shape)

    def set_constant(self, tensor: int, values: NDArray[Any]) -> None:
        """Give a tensor these values, in its own type and shape; it has a buffer that no other tensor has."""
        data = np.ascontiguousarray(values).tobytes()
        # The table of fields, a buffer that has the first of them, the length of the data, and the data.
        head = struct.pack("<HHHHiII", 6, 8, 4, 0, 8, 4, len(data))
        place = self._add(head + data, ahead=_DATA_ALIGNMENT - len(head) % _DATA_ALIGNMENT)
        slot = self._buffer_places + 4 + 4 * self._number(self._tensors[tensor], _TENSOR_BUFFER, "<I")
        struct.pack_into("<I", self._bytes, slot, place + 8 - slot)

    def forget_tensors(self, tensors: Sequence[int]) -> None:
        """Leave nothing of these tensors but their numbers: an interpreter keeps what sparse ones say."""
        first = self._vector_place(self._graph, _GRAPH_TENSORS) + 4
        place = self._add(struct.pack("<HHi", 4, 4, 4)) + 4  # a table without fields
        for tensor in tensors:
            slot = first + 4 * tensor
            struct.pack_into("<I", self._bytes, slot, place - slot)

    def _add(self, piece: bytes, ahead: int = 0) -> int:
        """Where `piece` is, at the end, `ahead` bytes behind a multiple of 16."""
        padding = (ahead - self._length) % _DATA_ALIGNMENT
        self._added += [bytes(padding), piece]
        self._length += padding + len(piece)
        return self._length - len(piece)

    def _dense(self, values: FloatArray, shape: IntArray, sparsity: int) -> FloatArray:
        """Rows of which only some elements are stored, `values`, written out.

        Raises:
            ValueError: They are stored in another way than the detector's: only the last axis is sparse.
        """
        order = self._integers(sparsity, 0)
        axes = self._tables(sparsity, 2)
        formats = [self._number(axis, 0, "<b") for axis in axes]
        if order.tolist() != list(range(len(shape))) or formats != [0] * (len(shape) - 1) + [1]:
            raise ValueError("weights are sparse in an unknown way")
        ends, columns = self._sparse_numbers(axes[-1], 2), self._sparse_numbers(axes[-1], 4)
        dense = np.zeros((len(ends) - 1, int(shape[-1])), values.dtype)
        dense[np.repeat(np.arange(len(ends) - 1), np.diff(ends)), columns] = values
        return dense

    def _sparse_numbers(self, axis: int, kind_field: int) -> IntArray:
        """A vector of a sparse axis, in one of three widths."""
        width = {1: "<i4", 2: "<u2", 3: "<u1"}[self._number(axis, kind_field, "<b")]
        return self._array(self._reference(self._field(axis, kind_field + 1)), 0, width).astype(np.int64)

    def _code(self, table: int) -> int:
        return max(self._number(table, _CODE_FORMER, "<b"), self._number(table, _CODE, "<i"))

    def _reference(self, place: int) -> int:
        (offset,) = struct.unpack_from("<I", self._bytes, place)
        return place + int(offset)

    def _field(self, table: int, field: int) -> int:
        """Where a field of the table is; 0 where it is absent."""
        (back,) = struct.unpack_from("<i", self._bytes, table)
        (size,) = struct.unpack_from("<H", self._bytes, table - back)
        if 4 + 2 * field >= size:
            return 0
        (offset,) = struct.unpack_from("<H", self._bytes, table - back + 4 + 2 * field)
        return table + int(offset) if offset else 0

    def _number(self, table: int, field: int, kind: str) -> int:
        place = self._field(table, field)
        return int(struct.unpack_from(kind, self._bytes, place)[0]) if place else 0

    def _vector_place(self, table: int, field: int) -> int:
        place = self._field(table, field)
        if not place:
            raise ValueError("the model is incomplete")
        return self._reference(place)

    def _array(self, table: int, field: int, kind: str) -> IntArray:
        """A copy of a vector of numbers; empty where the field is absent."""
        place = self._field(table, field)
        if not place:
            return np.zeros(0, np.int64)
        start = self._reference(place)
        (count,) = struct.unpack_from("<I", self._bytes, start)
        return np.frombuffer(self._bytes, kind, int(count), start + 4).astype(np.int64)

    def _integers(self, table: int, field: int) -> IntArray:
        return self._array(table, field, "<i4")

    def _raw(self, table: int, field: int) -> bytes:
        place = self._field(table, field)
        if not place:
            return b""
        start = self._reference(place)
        (count,) = struct.unpack_from("<I", self._bytes, start)
        return bytes(self._bytes[start + 4 : start + 4 + count])

    def _tables(self, table: int, field: int) -> list[int]:
        """Where the tables of a vector are."""
        if not self._field(table, field):
            return []
        first = self._vector_place(table, field) + 4
        offsets = self._array(table, field, "<u4")
        places: list[int] = (offsets + first + 4 * np.arange(len(offsets))).tolist()
        return places


_BYTE_TENSOR_TABLE = 16
"""Where the tensor is in what `_byte_tensor` gives."""


def _byte_tensor(shape: Sequence[int], scale: float) -> bytes:
    """A tensor of four dimensions whose numbers are bytes times `scale`, with all it refers to."""
    return b"".join(
        (
            # The table of fields, and a tensor that has shape, type, name and quantization of them.
            struct.pack("<7H2x", 14, 20, 4, 16, 0, 8, 12),
            struct.pack("<i3Ib3x", 16, 16, 32, 52, _UINT8),
            struct.pack("<I4i", len(shape), *shape),
            struct.pack("<I8s", len(_PIXELS), _PIXELS),
            # The same of its quantization, which has scales and zero points: one of each.
            struct.pack("<6H", 12, 12, 0, 0, 4, 8),
            struct.pack("<i2I", 12, 8, 12),
            struct.pack("<If", 1, scale),
            struct.pack("<Iq", 1, 0),
        )
    )
