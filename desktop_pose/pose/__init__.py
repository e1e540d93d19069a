"""Pixels and a time in, people out: a library of its own, see `docs/library.md`.

Owns the models, the detector, regions of interest, landmarks, smoothing, the tracker that joins them, on two
backends behind one protocol, and joint angles. Knows no Qt, no threads, no clocks, and no files but models.

What is named here is what a script needs. Importing it imports no interpreter: `open_tracker` does.
"""

from desktop_pose.core.errors import DesktopPoseError, InputError, ModelError
from desktop_pose.core.poses import FramePoses, Person
from desktop_pose.core.settings import Backend, PoseModel, Smoothing
from desktop_pose.core.topology import ANGLE_NAMES, LANDMARK_NAMES
from desktop_pose.pose.kinematics import angles, angles_of
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions

__all__ = [
    "ANGLE_NAMES",
    "LANDMARK_NAMES",
    "Backend",
    "DesktopPoseError",
    "FramePoses",
    "InputError",
    "ModelError",
    "Person",
    "PoseModel",
    "PoseTracker",
    "Smoothing",
    "TrackerOptions",
    "angles",
    "angles_of",
    "open_tracker",
]
