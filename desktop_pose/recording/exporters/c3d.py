"""C3D: world landmarks as points in millimetres, at a constant rate, one file a person.

Written here, frame by frame: of the libraries that write C3D, `c3d` keeps every frame in memory, and `ezc3d`
is compiled code without wheels for Linux on aarch64. Both read what is written here (`tests/interop`).

Source: The C3D File Format User Guide (Motion Lab Systems), chapters 2 to 4. Everything is little-endian
("Intel"), numbers are 32-bit floats, which a negative POINT:SCALE says.
"""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_pose import __version__
from desktop_pose.core.topology import LANDMARK_COUNT, LANDMARK_NAMES
from desktop_pose.recording.exporters.axes import AXES, ORIGIN, biomechanical
from desktop_pose.recording.exporters.c3d_parameters import BLOCK_BYTES, Group, parameter_blocks
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.person_files import PersonFiles, Samples

_PARAMETERS_AT_BLOCK = 2  # blocks count from 1, the header is the first
_IS_PARAMETER_FILE = 0x50
_MOST_FRAMES = 0xFFFF  # 16 bits; what is longer says so in TRIAL and POINT:LONG_FRAMES
_MM_PER_M = 1000.0
_IS_KNOWN, _IS_MISSING = 0.0, -1.0  # the fourth number of a point


class C3d(PersonFiles):
    """Writes the points of each person."""

    format = FORMATS["c3d"]

    def write_person(self, path: Path, samples: Samples) -> None:
        """Write the points of one person; see `PersonFiles`."""
        block_count = len(_parameters(samples, 0)) // BLOCK_BYTES
        data_block = _PARAMETERS_AT_BLOCK + block_count
        written = 0
        with path.open("wb", buffering=1 << 20) as file:
            file.write(_header(samples, data_block))
            file.write(_parameters(samples, data_block))
            for values in samples.chunks():
                written += file.write(_points(values).tobytes())
            file.write(bytes(-written % BLOCK_BYTES))


def _points(values: NDArray[np.float64]) -> NDArray[np.float32]:
    points = np.zeros((len(values), LANDMARK_COUNT, 4), "<f4")
    points[..., :3] = biomechanical(values) * _MM_PER_M
    is_missing = np.isnan(points).any(axis=-1)
    points[..., 3] = _IS_KNOWN
    points[is_missing] = (0.0, 0.0, 0.0, _IS_MISSING)
    return points


def _header(samples: Samples, data_block: int) -> bytes:
    fields = struct.pack(
        "<BBHHHHHfHHf",
        _PARAMETERS_AT_BLOCK,
        _IS_PARAMETER_FILE,
        LANDMARK_COUNT,
        0,  # analog values a frame
        1,  # first frame
        min(samples.count, _MOST_FRAMES),
        0,  # longest gap that was filled
        -1.0,  # scale: floats
        data_block,
        0,  # analog samples a frame
        samples.rate_hz,
    )
    return fields.ljust(BLOCK_BYTES, b"\0")


def _parameters(samples: Samples, data_block: int) -> bytes:
    count = samples.count
    point = Group("POINT", f"{AXES}; origin {ORIGIN}")
    point.add_words("USED", LANDMARK_COUNT)
    point.add_floats("SCALE", -1.0)
    point.add_floats("RATE", samples.rate_hz)
    point.add_words("DATA_START", data_block)
    point.add_words("FRAMES", min(count, _MOST_FRAMES))
    point.add_floats("LONG_FRAMES", float(count))
    point.add_texts("LABELS", LANDMARK_NAMES)
    point.add_texts("DESCRIPTIONS", [name.replace("_", " ") for name in LANDMARK_NAMES])
    point.add_text("UNITS", "mm")
    point.add_text("X_SCREEN", "+Z")
    point.add_text("Y_SCREEN", "+Y")
    analog = Group("ANALOG")
    analog.add_words("USED", 0)
    analog.add_floats("RATE", 0.0)
    analog.add_floats("GEN_SCALE", 1.0)
    plates = Group("FORCE_PLATFORM")
    plates.add_words("USED", 0)
    trial = Group("TRIAL")
    trial.add_word_array("ACTUAL_START_FIELD", (1, 0))
    trial.add_word_array("ACTUAL_END_FIELD", (count & 0xFFFF, count >> 16))
    maker = Group("MANUFACTURER")
    maker.add_text("COMPANY", "desktop-pose")
    maker.add_text("SOFTWARE", "desktop-pose")
    maker.add_text("VERSION_LABEL", __version__)
    return parameter_blocks((point, analog, plates, trial, maker))
