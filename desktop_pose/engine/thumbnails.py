"""Small pictures of sessions for a list, made once and kept in the cache until the session changes.

They show people, so only the user may read them, and they go with their sessions. Called on threads of jobs.
"""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Image, Size
from desktop_pose.core.poses import FramePoses, Person
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
"""So much larger is the picture painted first: the lines of a skeleton would fill a small one."""

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
        image = ground(reader.size) if picture is None else picture
    large = Size(_DETAIL * THUMBNAIL_SIZE.width_px, _DETAIL * THUMBNAIL_SIZE.height_px)
    painted = PicturePainter().paint(image, FramePoses(people), large, mirror=False)
    smooth = Qt.TransformationMode.SmoothTransformation
    return Preview(session, painted.scaledToHeight(painted.height() // _DETAIL, smooth), most_people(session))


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
    return f"{status.st_mtime_ns} {status.st_size}"


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
