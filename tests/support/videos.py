"""Video files to read, written by PyAV, and ways to harm them."""

import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av

from desktop_pose.core.frames import Image

# Clockwise turn in degrees -> a, b, c, d of the matrix that ISO 14496-12 writes into the track header: a
# point (x, y), y down, is shown at (a x + c y, b x + d y).
_TURNS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def write_video(path: Path, pictures: Iterable[Image], *, times_ms: Sequence[int] | None = None) -> Path:
    """Write pictures at 25/s, or at the presentation times given; the suffix decides the container."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number, picture in enumerate(pictures):
            if number == 0:
                stream.width, stream.height = picture.shape[1], picture.shape[0]
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts = 40 * number if times_ms is None else times_ms[number]
            frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def turn(path: Path, clockwise_deg: int) -> Path:
    """Write a rotation tag into the track header of an MP4."""
    content = bytearray(path.read_bytes())
    # Of the box of version 0: version, times, track, duration, reserved, layer, group, volume.
    offset = content.index(b"tkhd") + 4 + 4 + 20 + 8 + 8
    a, b, c, d = (0x10000 * value for value in _TURNS[clockwise_deg])
    struct.pack_into(">9i", content, offset, a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(content)
    return path


def cut(source: Path, path: Path, fraction: float = 0.5) -> Path:
    """Write the beginning of a file."""
    content = source.read_bytes()
    path.write_bytes(content[: int(fraction * len(content))])
    return path
