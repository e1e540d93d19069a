"""Clips, decoded once, and what a backend makes of them."""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from desktop_pose.core.frames import Image, Size, size_of
from desktop_pose.core.poses import FramePoses, Person
from desktop_pose.pose.protocol import PoseTracker

ROOT = Path(__file__).resolve().parent.parent.parent
MODELS_DIR = ROOT / "resources" / "models"
DEMO = ROOT / "resources" / "demo" / "balance.mp4"
SQUATS = ROOT.parent / "shared" / "data" / "pose_squats.mp4"
POSE2SIM = "DESKTOP_POSE_POSE2SIM"  # folder of the package of that name, where it is not installed
FRAME_NS = 33_000_000  # whole milliseconds, which is all MediaPipe knows


@dataclass(frozen=True)
class Clip:
    frames: list[Image]

    @property
    def size(self) -> Size:
        return size_of(self.frames[0])


def load(path: Path, most: int | None = None) -> Clip:
    capture = cv2.VideoCapture(str(path))
    frames = []
    while most is None or len(frames) < most:
        is_read, frame = capture.read()
        if not is_read:
            break
        frames.append(frame)
    capture.release()
    return Clip(frames)


def pose2sim_clip(name: str) -> Path | None:
    """A demo clip of the package pose2sim, where it is installed or unpacked; None elsewhere."""
    spec = find_spec("Pose2Sim")
    installed = [] if spec is None else list(spec.submodule_search_locations or [])
    unpacked = os.environ.get(POSE2SIM)
    folders = [*([unpacked] if unpacked else []), *installed]
    return next((path for folder in folders if (path := Path(folder) / name).exists()), None)


def followed(tracker: PoseTracker, clip: Clip, start_ns: int = FRAME_NS) -> list[FramePoses]:
    return [tracker.track(frame, start_ns + number * FRAME_NS) for number, frame in enumerate(clip.frames)]


def only(poses: FramePoses):
    (person,) = poses.people
    return person


def distances_percent(pairs: list[tuple[Person, Person]], size: Size) -> np.ndarray:
    """Per frame and landmark, in per cent of the person's height: the median extent of the second ones."""
    to_px = np.array([size.width_px, size.height_px])
    got, wanted = (
        np.stack([person.landmarks[:, :2] * to_px for person in run]) for run in zip(*pairs, strict=True)
    )
    height_px = np.median(np.ptp(wanted[..., 1], axis=1))
    return np.linalg.norm(got - wanted, axis=-1) / height_px * 100
