"""What is known of a frame, and of a person in it, as rows of `landmarks.sqlite`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.frames import Frame, Image
from desktop_pose.core.poses import VISIBILITY, FloatArray, FramePoses, Person
from desktop_pose.recording import checksums
from desktop_pose.recording.video_track import VideoPlace

INSERT_FRAME = "INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_PERSON = "INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_ANGLES = "INSERT INTO angles VALUES (?, ?, ?, ?)"

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FrameDetails:
    """What is recorded of a frame besides itself and its people.

    Attributes:
        source_ns: Its time by the source's own count, which may have begun before the recording.
        losses: How many of the captured frames lost since the frame before were lost where.
        picture: What goes into the video instead of the frame's own picture, such as one with the skeletons
            drawn in; shape (height, width, 3 or 4).
        is_picture_kept: Whether any picture goes into the video.
    """

    source_ns: int | None = None
    losses: Mapping[str, int] = field(default_factory=dict)
    picture: Image | None = None
    is_picture_kept: bool = True


def frame_row(
    frame: Frame, poses: FramePoses, dropped_before: int, source_ns: int | None, place: VideoPlace | None
) -> Row:
    """The row of `frames`."""
    values = (
        frame.index,
        frame.time_ns,
        frame.capture_ns,
        source_ns,
        int(poses.reused),
        None if poses.detector_ran is None else int(poses.detector_ran),
        dropped_before,
        len(poses.people),
        None if place is None else place.video,
        None if place is None else place.picture,
    )
    return (*values, checksums.of_numbers(*values))


def person_row(frame: int, person: Person) -> Row:
    """The row of `people`."""
    score = None if math.isnan(person.score) else float(person.score)
    blobs = (
        _blob(person.landmarks),
        _blob(person.world),
        None if person.raw_landmarks is None else _blob(person.raw_landmarks),
        None if person.raw_world is None else _blob(person.raw_world),
    )
    return (frame, person.id, score, *blobs, checksums.of_blobs(frame, person.id, score, *blobs))


def angle_rows(keys: list[tuple[int, int]], degrees: FloatArray) -> list[Row]:
    """The rows of `angles`.

    Args:
        keys: Frame and person, n of them.
        degrees: (n, angles) float32.
    """
    rows: list[Row] = []
    for (frame, person), values in zip(keys, degrees, strict=True):
        blob = _blob(values)
        rows.append((frame, person, blob, checksums.of_blobs(frame, person, None, blob)))
    return rows


def points_of(people: list[Person]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """World landmarks (n, 33, 3) and visibilities (n, 33) of `people`."""
    world = np.stack([person.world for person in people])
    return world, np.stack([person.landmarks[:, VISIBILITY] for person in people])


def _blob(array: FloatArray) -> bytes:
    return array.astype(np.dtype("<f4"), copy=False).tobytes()
