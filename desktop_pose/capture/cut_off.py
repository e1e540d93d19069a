"""Whether a file is shorter than it says of itself, by the sizes of its parts: Matroska, WebM and MP4.

Of other kinds nothing is known: MPEG-TS states no sizes, so that a part of such a file is a whole one.

**Source**: Matroska: RFC 8794 (EBML), sections 5 and 6; RFC 9559, section 5. MP4: ISO/IEC 14496-12, 4.2.
"""

from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_EBML = 0x1A45DFA3
_SEGMENT = 0x18538067
_CLUSTER = 0x1F43B675
_LONGEST_HEAD_BYTES = 4 + 8
_BOXES_WITH_FRAMES = (b"mdat", b"moof")
_FIRST_BOXES = (b"ftyp", b"styp")


def is_cut_off(path: Path) -> bool:
    """Whether the file ends within a part that holds frames; False where that cannot be told."""
    with suppress(OSError, ValueError), path.open("rb") as file:
        size = path.stat().st_size
        head = file.read(8)
        if int.from_bytes(head[:4], "big") == _EBML:
            return _is_matroska_cut_off(file, size)
        if head[4:] in _FIRST_BOXES:
            return _is_mp4_cut_off(file, size)
    return False


def _is_matroska_cut_off(file: BinaryIO, size: int) -> bool:
    at, identity = 0, 0
    while identity != _SEGMENT:
        identity, begin, length = _element(file, at)
        at = begin + (length or 0)
    if length is None or at <= size:
        return False  # it was written as it went, or it is whole
    at = begin
    while at < size:
        identity, begin, length = _element(file, at)
        if length is None or begin + length > size:
            return identity == _CLUSTER  # an index or tags that are cut off cost no frame
        at = begin + length
    return True


def _element(file: BinaryIO, at: int) -> tuple[int, int, int | None]:
    """Identity, place of the content and length of the element at `at`; no length where it states none.

    Raises:
        ValueError: There is none.
    """
    file.seek(at)
    head = file.read(_LONGEST_HEAD_BYTES)
    identity_bytes = _number_bytes(head[:1])
    length_bytes = _number_bytes(head[identity_bytes : identity_bytes + 1])
    content = identity_bytes + length_bytes
    mask = (1 << 7 * length_bytes) - 1
    length = int.from_bytes(head[identity_bytes:content], "big") & mask
    return int.from_bytes(head[:identity_bytes], "big"), at + content, None if length == mask else length


def _number_bytes(first: bytes) -> int:
    """How many bytes a number of variable length has."""
    if first in (b"", b"\0"):
        raise ValueError("no element begins here")
    return 9 - first[0].bit_length()


def _is_mp4_cut_off(file: BinaryIO, size: int) -> bool:
    at = 0
    while at < size:
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8:
            return False  # 0: it goes to the end of the file; else whatever stands there is no part of it
        if at + length > size:
            return kind in _BOXES_WITH_FRAMES
        at += length
    return False
