"""Exports one recording in every format, and says with plain numpy what the readers must find in it.

usage: python -m tests.interop.exporting FOLDER
"""

import sys
from pathlib import Path

import numpy as np

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person
from desktop_pose.core.topology import ANGLE_NAMES, LANDMARK_NAMES
from desktop_pose.engine.exports import EXPORTERS, export
from desktop_pose.pose.kinematics import angles
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses

SIZE = Size(320, 240)
RATE_HZ = 25
FRAMES = 60
GAP = range(20, 35)  # frames without anybody: 0.6 s


def main() -> None:
    """Write `expected.npz`, and each format into a folder of its name, of one person and of two."""
    folder = Path(sys.argv[1])
    rng = np.random.default_rng(20_261_121)
    landmarks = rng.random((2, FRAMES, 33, 5)).astype(np.float32)
    landmarks[0, ..., 3] = 0.5 + landmarks[0, ..., 3] / 2  # of the first person every angle is known
    world = rng.normal(0, 0.4, (2, FRAMES, 33, 3)).astype(np.float32)
    for count in (1, 2):
        for name, exporter in EXPORTERS.items():
            place = folder / f"{count}" / name
            place.mkdir(parents=True)
            export(recording(landmarks[:count], world[:count]), place / f"x{exporter.format.suffix}", name)
    landmarks[:, GAP], world[:, GAP] = np.nan, np.nan
    np.savez(
        folder / "expected.npz",
        landmark_names=LANDMARK_NAMES,
        angle_names=ANGLE_NAMES,
        landmarks=landmarks,
        world=world,
        angles=angles(world, landmarks[..., 3]),
        rate_hz=RATE_HZ,
        size_px=(SIZE.width_px, SIZE.height_px),
    )


def recording(landmarks: np.ndarray, world: np.ndarray) -> TrackedPoses:
    """Frames at a constant rate with everybody in each but those of the gap."""
    frames = [
        RecordedFrame(
            index,
            index * 1_000_000_000 // RATE_HZ,
            False,
            0,
            tuple(
                Person(number, landmarks[number, index].copy(), world[number, index].copy(), None, None, 0.5)
                for number in range(len(world))
                if index not in GAP
            ),
        )
        for index in range(FRAMES)
    ]
    return TrackedPoses(SIZE, frames, {"model": "full", "source": "interop"})


if __name__ == "__main__":
    main()
