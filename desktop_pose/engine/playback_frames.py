"""The frames of a session, any of them at any time, with a picture: the recorded one, or a dark ground.

What reads sessions is imported with the first one, on the thread that opens it: the start has no time for it.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from desktop_pose.core.frames import Image
from desktop_pose.core.poses import FramePoses, Person

if TYPE_CHECKING:
    from desktop_pose.recording.reader import SessionReader
    from desktop_pose.recording.recorded import Mark
    from desktop_pose.recording.session import SessionInfo


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """What the window is told of the session played.

    Attributes:
        info: What is known of it.
        last_ns: Time of its last frame; 0 where there is none.
        frame_count: Number of its frames.
        has_video: Whether its pictures are there.
        marks: In order.
    """

    info: "SessionInfo"
    last_ns: int
    frame_count: int
    has_video: bool
    marks: "tuple[Mark, ...]"


class SessionFrames:
    """An open session. Made by `open`; used on the thread that opened it.

    Attributes:
        timeline: Numbers and times of its frames.
        summary: What the window is told.
    """

    def __init__(self, reader: "SessionReader") -> None:
        from desktop_pose.engine.thumbnails import ground
        from desktop_pose.recording.video_reader import SessionVideo

        self._reader = reader
        self.timeline = reader.timeline()
        self._video = SessionVideo(reader, self.timeline)
        self._ground = ground(reader.size)
        self.summary = SessionSummary(
            info=reader.info,
            last_ns=int(self.timeline.times_ns[-1]) if self.timeline.times_ns.size else 0,
            frame_count=self.timeline.numbers.size,
            has_video=bool(self._video),
            marks=reader.marks(),
        )

    @classmethod
    def open(cls, folder: Path) -> "SessionFrames":
        """The session in `folder`.

        Raises:
            RecordingError: It cannot be read.
        """
        from desktop_pose.recording.reader import SessionReader

        reader = SessionReader.open(folder)
        try:
            return cls(reader)
        except BaseException:
            reader.close()
            raise

    def __enter__(self) -> "SessionFrames":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._video.close()
        self._reader.close()

    def read(self, place: int, *, raw: bool) -> tuple[Image, FramePoses]:
        """The picture and the people of the frame at `place` of the timeline.

        Args:
            place: From 0.
            raw: Landmarks from before smoothing, of those people who have them.

        Raises:
            RecordingError: The session turns out to be damaged.
        """
        frame = self._reader.frame(int(self.timeline.numbers[place]))
        people = () if frame is None else frame.people
        if raw:
            people = tuple(_raw(person) for person in people)
        picture = self._video.picture(place)
        age_ns = int(self.timeline.ages_ns[place])
        poses = FramePoses(people, reused=age_ns > 0, age_ns=age_ns)
        return (self._ground if picture is None else picture), poses


def _raw(person: Person) -> Person:
    if person.raw_landmarks is None or person.raw_world is None:
        return person
    return replace(person, landmarks=person.raw_landmarks, world=person.raw_world)
