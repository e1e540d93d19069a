"""Small pictures of sessions for a list, made once and kept in the cache until the session changes.

They show people, so only the user may read them, and they go with their sessions. Called on threads of jobs.
"""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Image, Size
from desktop_pose.core.poses import VISIBILITY, FramePoses, Person, X, Y
from desktop_pose.core.whole_file import write_whole
from desktop_pose.recording.people_seen import most_people
from desktop_pose.recording.reader import SessionReader, Timeline
from desktop_pose.recording.session import LANDMARKS_FILE
from desktop_pose.recording.video_reader import SessionVideo
from desktop_pose.render.painter import PicturePainter

THUMBNAIL_SIZE = Size(192, 108)

GROUND = (30, 26, 24)
"""Blue, green, red of the ground of sessions without video: dark, so that a skeleton stands out."""

_GROUND_PX = 1280
_PLACES = (0.33, 0.1, 0.5, 0.7, 0.9)
"""Where in the session to look for somebody, in this order: people are seldom in view at the very start."""

_DETAIL = 3
"""So much larger is a recorded picture painted first: the lines of a skeleton would fill a small one."""

_AROUND = 0.12
"""Of the height or width of people is left free around them where nothing but them is seen."""

_SEEN = 0.5
"""Visibility of the landmarks that count for it."""

_VERSION = 2
"""Of how previews are made: what was made otherwise is made anew."""

_STAMP, _PEOPLE = "stamp", "people"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What a look into a session shows.

    Attributes:
        path: The session's folder.
        image: A small picture; None where nothing can be shown.
        people: The greatest number of people in one frame; None where unknown.
    """

    path: Path
    image: QImage | None = None
    people: int | None = None


def ground(size: Size) -> Image:
    """A dark picture with the aspect of `size`, in place of one that was not recorded."""
    scale = min(1.0, _GROUND_PX / max(size.width_px, size.height_px))
    height, width = max(1, round(size.height_px * scale)), max(1, round(size.width_px * scale))
    return np.full((height, width, 3), GROUND, np.uint8)


class ThumbnailCache:
    """The previews kept in one folder.

    Args:
        folder: Made when needed; None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def preview(self, session: Path) -> Preview:
        """The preview of a session, made unless it is kept; an empty one where the session cannot be read."""
        try:
            stamp = _stamp(session)
            kept = self._kept(session, stamp)
            if kept is not None:
                return kept
            made = _made(session)
        except (RecordingError, OSError) as error:
            log.info("No preview of %s: %s", session, error)
            return Preview(session)
        self._keep(made, stamp)
        return made

    def forget(self, sessions: Iterable[Path]) -> None:
        """Keep nothing of `sessions` any more."""
        if self._folder is not None:
            _remove(self._folder / _name(session) for session in sessions)

    def forget_all_but(self, sessions_dir: Path, sessions: Iterable[Path]) -> None:
        """Keep nothing of sessions that were in `sessions_dir` and are not among `sessions`."""
        if self._folder is None:
            return
        prefix = _digest(sessions_dir.absolute())
        names = {_name(session) for session in sessions}
        _remove(path for path in self._folder.glob(f"{prefix}-*.png") if path.name not in names)

    def _kept(self, session: Path, stamp: str) -> Preview | None:
        if self._folder is None:
            return None
        image = QImage(str(self._folder / _name(session)))
        people = image.text(_PEOPLE)
        if image.isNull() or image.text(_STAMP) != stamp or not people.isdecimal():
            return None
        return Preview(session, image, int(people))

    def _keep(self, preview: Preview, stamp: str) -> None:
        if preview.image is None or self._folder is None:
            return
        preview.image.setText(_STAMP, stamp)
        preview.image.setText(_PEOPLE, str(preview.people))
        path = self._folder / _name(preview.path)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, _as_png(preview.image), is_private=True)
        except OSError as error:
            log.info("The preview %s is not kept: %s", path, error)


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            log.info("The preview %s stays: %s", file, error)


def _made(session: Path) -> Preview:
    with SessionReader.open(session) as reader:
        timeline = reader.timeline()
        if timeline.numbers.size == 0:
            return Preview(session, None, 0)
        place, people = _somebody(reader, timeline)
        with SessionVideo(reader, timeline) as video:
            picture = video.picture(place)
        image = _skeletons_alone(people, reader.size) if picture is None else _small(picture, people)
    return Preview(session, image, most_people(session))


def _small(picture: Image, people: tuple[Person, ...]) -> QImage:
    large = Size(_DETAIL * THUMBNAIL_SIZE.width_px, _DETAIL * THUMBNAIL_SIZE.height_px)
    painted = PicturePainter().paint(picture, FramePoses(people), large, mirror=False)
    return painted.scaledToHeight(painted.height() // _DETAIL, Qt.TransformationMode.SmoothTransformation)


def _skeletons_alone(people: tuple[Person, ...], size: Size) -> QImage:
    """The people as large as there is room: with no picture around them, lines of a small one are faint."""
    scale = np.array((size.width_px, size.height_px))
    seen_px = [
        person.landmarks[person.landmarks[:, VISIBILITY] > _SEEN][:, (X, Y)] * scale for person in people
    ]
    points_px = np.concatenate(seen_px) if seen_px else np.empty((0, 2))
    if points_px.size == 0:
        return PicturePainter().paint(ground(THUMBNAIL_SIZE), FramePoses(()), THUMBNAIL_SIZE, mirror=False)
    lowest, highest = points_px.min(axis=0), points_px.max(axis=0)
    sides_px = np.maximum(highest - lowest, 1.0) * (1 + 2 * _AROUND)
    aspect = THUMBNAIL_SIZE.width_px / THUMBNAIL_SIZE.height_px
    sides_px = np.maximum(sides_px, (sides_px[1] * aspect, sides_px[0] / aspect))
    corner_px = (lowest + highest - sides_px) / 2
    moved = tuple(_moved(person, corner_px / scale, sides_px / scale) for person in people)
    return PicturePainter().paint(ground(THUMBNAIL_SIZE), FramePoses(moved), THUMBNAIL_SIZE, mirror=False)


def _moved(person: Person, corner: NDArray[np.float64], sides: NDArray[np.float64]) -> Person:
    """As seen in a part of the picture whose corner and sides are fractions of it."""
    landmarks = person.landmarks.copy()
    landmarks[:, (X, Y)] = (landmarks[:, (X, Y)] - corner) / sides
    return replace(person, landmarks=landmarks)


def _somebody(reader: SessionReader, timeline: Timeline) -> tuple[int, tuple[Person, ...]]:
    """The place of a frame with people in it, and the people; of one without where none has any."""
    places = [int(part * (timeline.numbers.size - 1)) for part in _PLACES]
    for place in places:
        frame = reader.frame(int(timeline.numbers[place]))
        if frame is not None and frame.people:
            return place, frame.people
    return places[0], ()


def _stamp(session: Path) -> str:
    """Changes with the session."""
    status = (session / LANDMARKS_FILE).stat()
    return f"{_VERSION} {status.st_mtime_ns} {status.st_size}"


def _name(session: Path) -> str:
    session = session.absolute()
    return f"{_digest(session.parent)}-{_digest(session)}.png"


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:20]


def _as_png(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, which Qt does not take
    return bytes(content.data())
