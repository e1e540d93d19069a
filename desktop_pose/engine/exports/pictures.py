"""The pictures of a recorded session, for exports that show them."""

from collections.abc import Generator

from desktop_pose.core.frames import Image
from desktop_pose.recording.exporters.protocol import Pictures
from desktop_pose.recording.reader import SessionReader


def pictures_of(session: SessionReader) -> Pictures | None:
    """The pictures of `session` as they were recorded; None where it has no video.

    A damaged one is left out, and so is the rest of a file that is cut off.
    """
    from desktop_pose.recording.video_reader import (
        SessionVideo,
    )  # PyAV: only where there is something to show

    timeline = session.timeline()
    with SessionVideo(session, timeline) as video:
        if not video:
            return None

    def pictures() -> Generator[tuple[int, Image]]:
        with SessionVideo(session, timeline) as video:
            for place, number in enumerate(timeline.numbers.tolist()):
                picture = video.picture(place)
                if picture is not None:
                    yield number, picture

    return pictures
