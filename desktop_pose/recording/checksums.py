"""The checksums of a session's rows: a damaged page of a file can still be a valid page of numbers.

CRC-32 as zlib, PNG and gzip have it, which every language knows; against damage, not against forgery.
"""

import struct
import zlib


def of_numbers(*values: int | None) -> int:
    """The checksum of whole numbers: of their decimal digits in ASCII, commas between, NULL left empty."""
    return zlib.crc32(",".join("" if value is None else str(value) for value in values).encode("ascii"))


def of_blobs(frame: int, person: int, score: float | None, *blobs: bytes | None) -> int:
    """The checksum of what is known of a person in a frame.

    Of the two numbers as in `of_numbers`, then the score as a little-endian 64-bit float, then the blobs;
    what is NULL is left out.
    """
    checksum = of_numbers(frame, person)
    if score is not None:
        checksum = zlib.crc32(struct.pack("<d", score), checksum)
    for blob in blobs:
        if blob is not None:
            checksum = zlib.crc32(blob, checksum)
    return checksum
