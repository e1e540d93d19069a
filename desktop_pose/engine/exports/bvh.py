"""BVH: the movement of a skeleton for animation programs, at a constant rate, one file a person.

BVH knows neither what is missing nor bones that change: a gap holds the pose before it (at the start the
first there is), and every bone has its mean length. Centimetres and degrees; each joint is turned about z,
then about its new x, then about its new y.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.errors import ExportError
from desktop_pose.engine.exports.joints import JOINTS, Joint, Rotations, lengths_m, rotations_of
from desktop_pose.recording.exporters.columns import WORLD
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.person_files import PersonFiles, Samples

_CM_PER_M = 100.0
_GIMBAL = 1 - 1e-12  # the sine above which two of the three angles turn about one axis
_ROOT_PLACE = "0.0000 0.0000 0.0000"  # world landmarks have their origin there


class Bvh(PersonFiles):
    """Writes the movement of each person."""

    format = FORMATS["bvh"]

    def write_person(self, path: Path, samples: Samples) -> None:
        """Write the movement of one person; see `PersonFiles`."""
        lengths_cm, first = _mean_lengths_cm(samples)
        with path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
            file.write("HIERARCHY\n")
            _write_joint(
                file, JOINTS[0], dict(zip((joint.name for joint in JOINTS), lengths_cm, strict=True))
            )
            file.write(f"MOTION\nFrames: {samples.count}\nFrame Time: {1 / samples.rate_hz:.9f}\n")
            for degrees in _motion(samples, first):
                file.write(_ROOT_PLACE + "".join(f" {angle:.4f}" for angle in degrees.tolist()) + "\n")


def _mean_lengths_cm(samples: Samples) -> tuple[list[float], NDArray[np.float64]]:
    """The mean length of each bone, and the first sample in which all is known, (33, 3) metres."""
    total, count, first = np.zeros(len(JOINTS)), 0, None
    for values in samples.chunks(0.0, 0.4):
        world = values[..., WORLD]
        known = world[~np.isnan(world).any(axis=(1, 2))]
        total += lengths_m(known).sum(axis=0)
        count += len(known)
        if first is None and len(known):
            first = known[0]
    if first is None:
        raise ExportError(
            "Nobody was seen whose movement a BVH file could show", "Choose another recording or format"
        )
    return (_CM_PER_M * total / count).tolist(), first


def _write_joint(file: TextIO, joint: Joint, lengths_cm: dict[str, float], indent: str = "") -> None:
    x, y, z = (lengths_cm[joint.name] * part + 0.0 for part in joint.rest)
    if joint.is_end:
        file.write(f"{indent}End Site\n{indent}{{\n{indent}\tOFFSET {x:.4f} {y:.4f} {z:.4f}\n{indent}}}\n")
        return
    rotation = "Zrotation Xrotation Yrotation"
    channels = f"3 {rotation}" if joint.parent else f"6 Xposition Yposition Zposition {rotation}"
    file.write(f"{indent}{'JOINT' if joint.parent else 'ROOT'} {joint.name}\n{indent}{{\n")
    file.write(f"{indent}\tOFFSET {x:.4f} {y:.4f} {z:.4f}\n{indent}\tCHANNELS {channels}\n")
    for child in JOINTS:
        if child.parent == joint.name:
            _write_joint(file, child, lengths_cm, indent + "\t")
    file.write(f"{indent}}}\n")


def _motion(samples: Samples, first: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """The angles of all joints for each sample, (joints * 3,) degrees, without gaps or full turns."""
    former = _angles_deg(first[None])[0]
    for values in samples.chunks(0.4, 1.0):
        angles = np.concatenate([former[None], _angles_deg(values[..., WORLD])])
        held = np.maximum.accumulate(np.where(np.isnan(angles), 0, np.arange(len(angles))[:, None]), axis=0)
        angles = np.unwrap(np.take_along_axis(angles, held, axis=0), period=360, axis=0)
        former = angles[-1]
        yield from angles[1:]


def _angles_deg(world: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 33, 3) world landmarks to (n, joints * 3) degrees in the order of the file; NaN where unknown."""
    rotations = rotations_of(world)
    angles = np.concatenate([_turns(rotations[joint.name]) for joint in JOINTS if not joint.is_end], axis=1)
    degrees: NDArray[np.float64] = np.degrees(angles) + 0.0
    return degrees


def _turns(rotations: Rotations) -> NDArray[np.float64]:
    """(n, 3) angles about z, x and y in radians, so that rotation = Rz @ Rx @ Ry."""
    sine = np.clip(rotations[:, 2, 1], -1, 1)
    is_locked = np.abs(sine) > _GIMBAL
    z = np.where(
        is_locked,
        np.arctan2(rotations[:, 1, 0], rotations[:, 0, 0]),
        np.arctan2(-rotations[:, 0, 1], rotations[:, 1, 1]),
    )
    y = np.where(is_locked, 0.0, np.arctan2(-rotations[:, 2, 0], rotations[:, 2, 2]))
    return np.stack([z, np.arcsin(sine), np.where(np.isnan(z), np.nan, y)], axis=1)
