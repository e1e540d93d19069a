"""The pictures of a recorded session, for exports that show them."""

from collections.abc import Iterator

import numpy as np

from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Image
from desktop_pose.recording.exporters.protocol import Pictures
from desktop_pose.recording.reader import SessionReader


def pictures_of(session: SessionReader) -> Pictures | None:
    """The pictures of `session` as they were recorded; None where it has no video that can be opened."""
    from desktop_pose.capture.decoder import VideoDecoder  # PyAV: only where there is something to show

    path = session.video_path
    if path is None:
        return None
    timeline = session.timeline()
    is_shown = timeline.video_frames >= 0
    number_by_picture = dict(
        zip(timeline.video_frames[is_shown].tolist(), timeline.numbers[is_shown].tolist(), strict=True)
    )
    size = session.size

    def pictures() -> Iterator[tuple[int, Image]]:
        try:
            decoder = VideoDecoder(path, threads=1)
        except SourceError:
            return  # what is not there is shown as not there: the skeleton alone
        try:
            position = 0
            while (frame := decoder.next_frame()) is not None:
                if position in number_by_picture:
                    pixels = frame.to_ndarray(format="bgr24", threads=1)
                    # Encoders want even sizes: what was added for them goes again.
                    picture = np.asarray(pixels, np.uint8)[: size.height_px, : size.width_px]
                    yield number_by_picture[position], picture
                position += 1
        finally:
            decoder.close()

    return pictures
