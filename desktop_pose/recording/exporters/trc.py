"""TRC: world landmarks as markers for OpenSim, at a constant rate, one file a person.

Source: the layout that OpenSim 4 reads, `OpenSim/Common/TRCFileAdapter.cpp`: three lines of description, two
of column names, an empty one, then tab-separated rows. A marker that is missing is NaN: empty fields, as some
write them, OpenSim refuses where the last marker of a row is missing.
"""

import math
from pathlib import Path

from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.recording.exporters.axes import AXES, ORIGIN, biomechanical
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.person_files import PersonFiles, Samples

_KNOWN = "\t".join(["%.6f"] * 3 * len(LANDMARK_NAMES))  # micrometres


class Trc(PersonFiles):
    """Writes the markers of each person."""

    format = FORMATS["trc"]

    def write_person(self, path: Path, samples: Samples) -> None:
        """Write the markers of one person; see `PersonFiles`."""
        with path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
            file.write(_header(samples))
            for number, (time_s, values) in enumerate(samples.rows(), 1):
                markers = biomechanical(values).ravel().tolist()
                file.write(f"{number}\t{time_s:.6f}\t{_texts(markers)}\n")


def _header(samples: Samples) -> str:
    rate, count = f"{samples.rate_hz:.9g}", samples.count
    names = (f"{name}\t\t" for name in LANDMARK_NAMES)
    axes = (f"X{number}\tY{number}\tZ{number}" for number in range(1, len(LANDMARK_NAMES) + 1))
    lines = (
        f"PathFileType\t4\t(X/Y/Z)\tlandmarks.trc\t{AXES}; origin {ORIGIN}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{count}\t{len(LANDMARK_NAMES)}\tm\t{rate}\t1\t{count}",
        "Frame#\tTime\t" + "\t".join(names),
        "\t\t" + "\t".join(axes),
        "",
    )
    return "\n".join(lines) + "\n"


def _texts(numbers: list[float]) -> str:
    if any(map(math.isnan, numbers)):
        return "\t".join("NaN" if math.isnan(number) else f"{number:.6f}" for number in numbers)
    return _KNOWN % tuple(numbers)
