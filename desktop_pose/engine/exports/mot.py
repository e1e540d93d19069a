"""MOT: joint angles over time for OpenSim, at a constant rate, one file a person.

Source: the layout that OpenSim 4 reads, `OpenSim/Common/DelimFileAdapter.h`: lines of description up to
`endheader`, then column names and tab-separated rows; what is missing is NaN.
"""

import math
from pathlib import Path

from desktop_pose.core.poses import VISIBILITY
from desktop_pose.core.topology import ANGLE_NAMES
from desktop_pose.pose.kinematics import angles
from desktop_pose.recording.exporters.axes import AXES, ORIGIN
from desktop_pose.recording.exporters.columns import WORLD
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.person_files import PersonFiles, Samples


class Mot(PersonFiles):
    """Writes the joint angles of each person."""

    format = FORMATS["mot"]

    def write_person(self, path: Path, samples: Samples) -> None:
        """Write the angles of one person; see `PersonFiles`."""
        number = 0
        with path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
            file.write(_header(samples.count))
            for values in samples.chunks():
                for degrees in angles(values[..., WORLD], values[..., VISIBILITY]).tolist():
                    file.write(f"{number / samples.rate_hz:.6f}\t{_texts(degrees)}\n")
                    number += 1


def _header(count: int) -> str:
    lines = (
        "desktop-pose joint angles",
        "version=1",
        f"nRows={count}",
        f"nColumns={len(ANGLE_NAMES) + 1}",
        "inDegrees=yes",
        "",
        f"The angles are those of points with the axes: {AXES}; origin {ORIGIN}.",
        "Every angle is zero in the anatomical position. NaN: not known, or a landmark is hardly visible.",
        "endheader",
        "\t".join(("time", *ANGLE_NAMES)),
    )
    return "\n".join(lines) + "\n"


def _texts(degrees: list[float]) -> str:
    return "\t".join("NaN" if math.isnan(angle) else f"{angle:.4f}" for angle in degrees)
