"""The parameter section of a C3D file: groups of named numbers and texts.

Source: The C3D File Format User Guide (Motion Lab Systems), chapter 3.
"""

import struct
from collections.abc import Iterable, Sequence

BLOCK_BYTES = 512

_INTEL = 84  # the processor whose numbers these are, 83 + 1
_CHARACTERS, _WORDS, _FLOATS = -1, 2, 4  # types, by the bytes of an item
_LONGEST_TEXT = 127  # a length is a byte, which some readers take for signed


class Group:
    """A group of parameters.

    Args:
        name: In capitals.
        description: What the group is about, in ASCII.
    """

    def __init__(self, name: str, description: str = "") -> None:
        self.name = name
        self.description = description
        self.parameters: list[tuple[str, bytes]] = []

    def add_words(self, name: str, value: int) -> None:
        """Add a whole number from 0 to 65535."""
        self._add(name, _WORDS, (), struct.pack("<H", value))

    def add_word_array(self, name: str, values: Sequence[int]) -> None:
        """Add whole numbers from 0 to 65535."""
        self._add(name, _WORDS, (len(values),), struct.pack(f"<{len(values)}H", *values))

    def add_floats(self, name: str, value: float) -> None:
        """Add a number."""
        self._add(name, _FLOATS, (), struct.pack("<f", value))

    def add_text(self, name: str, text: str) -> None:
        """Add a text in ASCII."""
        self._add(name, _CHARACTERS, (len(text),), text.encode("ascii"))

    def add_texts(self, name: str, texts: Sequence[str]) -> None:
        """Add texts in ASCII, all padded to the longest."""
        length = max(map(len, texts))
        data = b"".join(text.encode("ascii").ljust(length) for text in texts)
        self._add(name, _CHARACTERS, (length, len(texts)), data)

    def _add(self, name: str, kind: int, dimensions: tuple[int, ...], data: bytes) -> None:
        body = struct.pack(f"<bB{len(dimensions)}B", kind, len(dimensions), *dimensions) + data + b"\0"
        self.parameters.append((name, body))


def parameter_blocks(groups: Iterable[Group]) -> bytes:
    """The parameter section, whole blocks."""
    entries = b""
    for number, group in enumerate(groups, 1):
        text = group.description.encode("ascii")[:_LONGEST_TEXT]
        entries += _entry(group.name, -number, bytes([len(text)]) + text)
        for name, body in group.parameters:
            entries += _entry(name, number, body)
    # Four bytes of header, the entries, and two zeros that end them.
    block_count = -(-(4 + len(entries) + 2) // BLOCK_BYTES)
    section = struct.pack("<BBBB", 1, 0x50, block_count, _INTEL) + entries
    return section.ljust(block_count * BLOCK_BYTES, b"\0")


def _entry(name: str, group_number: int, body: bytes) -> bytes:
    start = struct.pack("<bb", len(name), group_number) + name.encode("ascii")
    return start + struct.pack("<H", 2 + len(body)) + body
