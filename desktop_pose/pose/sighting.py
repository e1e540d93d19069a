"""Somebody whom the landmark model saw in one frame, and whether two of these are one person."""

from dataclasses import dataclass

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Roi
from desktop_pose.pose.landmarks import DecodedPose
from desktop_pose.pose.matching import is_same_pose
from desktop_pose.pose.roi import Region


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """Somebody whom the landmark model saw.

    Attributes:
        pose: What it saw.
        region: Where the person is: the region for the next frame, or the one of this where there is none.
        size: Size of the picture.
    """

    pose: DecodedPose
    region: Region
    size: Size

    @property
    def place(self) -> Roi:
        """`region` in pixels."""
        return self.region.roi(self.size)

    def is_of(self, other: "Sighting") -> bool:
        """Whether both are of one person, seen twice."""
        side_px = max(self.place.size_px, other.place.size_px)
        return is_same_pose(self.pose.landmarks, other.pose.landmarks, self.size, side_px)
