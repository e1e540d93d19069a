"""Tracks the video of a session again, with other settings, into a new session. For a job."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Frame, Image, SourceInfo, SourceKind
from desktop_pose.core.settings import RecordingKind, Rotation, Settings, as_public_record
from desktop_pose.engine.picture_size import of_size
from desktop_pose.engine.session_header import build_header
from desktop_pose.pose.kinematics import angles
from desktop_pose.pose.protocol import PoseTracker
from desktop_pose.recording.about import SessionAbout, read_about, write_about
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.recorded import RecordedFrame
from desktop_pose.recording.retracking import RetrackingWriter, bring_out, workshop
from desktop_pose.recording.session import Json, SessionHeader
from desktop_pose.recording.video_reader import SessionVideo
from desktop_pose.recording.video_track import VideoPlace

Progress = Callable[[int, int], bool]
"""Hears how many of how many frames are done; returns False to give up."""

_SETTINGS_OF_TRACKER = ("backend", "model", "model_file", "threads", "smoothing", "people", "skip", "mask")


def track_again(
    folder: Path,
    settings: Settings,
    models_dir: Path,
    open_tracker: Callable[[], PoseTracker],
    progress: Progress,
) -> Path | None:
    """The folder of a new session, of the video of the one in `folder`; None where `progress` gave up.

    The new session lies beside the old one and appears when it is complete.

    Args:
        folder: The session to track again.
        settings: What to track with; nothing else counts of them.
        models_dir: The shipped models.
        open_tracker: Opens the tracker for `settings`.
        progress: Hears how many of how many frames are done.

    Raises:
        RecordingError: The session has no video that can be tracked, or the new one cannot be written.
        ModelError: The tracker cannot be opened.
    """
    with SessionReader.open(folder) as original:
        _check(original)
        header = _header(original, settings, models_dir)
        with workshop(folder.parent) as place:
            writer = RetrackingWriter.create(place, header, RecordingKind.VIDEO, angles)
            assert isinstance(writer, RetrackingWriter)
            try:
                writer.take_over(original, datetime.now().astimezone())
                with closing(open_tracker()) as tracker:
                    was_finished = _track(original, writer, tracker, progress)
            finally:
                writer.finalise()
            if not was_finished:
                return None
            write_about(writer.path, _about(original, settings))
            return bring_out(writer.path, folder.parent, header.started)


def _check(original: SessionReader) -> None:
    if original.info.kind is RecordingKind.LANDMARKS or not any(
        file.path.is_file() for file in original.videos()
    ):
        raise RecordingError(
            f"The session {original.info.id} has no video", "Choose one that was recorded with video"
        )
    if original.info.kind is RecordingKind.OVERLAY:
        raise RecordingError(
            f"The video of the session {original.info.id} has the skeletons drawn in, which would be tracked",
            "Choose one that was recorded with video and without overlay",
        )


def _track(
    original: SessionReader, writer: RetrackingWriter, tracker: PoseTracker, progress: Progress
) -> bool:
    """Whether all frames were tracked that have a picture."""
    tracker_ns = -1
    timeline = original.timeline()
    total = timeline.numbers.size
    with SessionVideo(original, timeline) as video:
        lost = 0
        for place, (frame, picture) in enumerate(_frames_with_pictures(original, video)):
            if not progress(place, total):
                return False
            lost += frame.dropped_before
            if picture is None:
                lost += 1
                continue
            # Two frames may have one time; the tracker's filters need time to pass.
            tracker_ns = max(frame.time_ns, tracker_ns + 1)
            image = of_size(picture, original.size)
            poses = tracker.track(image, tracker_ns)
            capture_ns = frame.time_ns if frame.capture_ns is None else frame.capture_ns
            writer.write_again(
                Frame(frame.index, frame.time_ns, capture_ns, image),
                poses,
                lost,
                VideoPlace(video.file_of(place), int(timeline.video_frames[place])),
                frame.source_ns,
            )
            lost = 0
    return True


def _frames_with_pictures(
    original: SessionReader, video: SessionVideo
) -> Iterator[tuple[RecordedFrame, Image | None]]:
    for place, frame in enumerate(original.frames()):
        yield frame, video.picture(place)


def _header(original: SessionReader, settings: Settings, models_dir: Path) -> SessionHeader:
    """What the new session says of itself: of its recording as the original, of its tracking anew."""
    said = original.header
    source = SourceInfo(SourceKind(said["source_kind"]), original.info.source, original.size, None)
    header = build_header(settings, source, models_dir, original.size, is_mirrored=bool(said["mirrored"]))
    tracked_with = as_public_record(settings)
    return replace(
        header,
        rotation=Rotation(str(said["rotation_deg"])),
        started=datetime.fromisoformat(original.info.started),
        timezone=str(said["timezone"]),
        camera=_plain(said.get("camera")),
        settings=_plain(said["settings"]) | {key: tracked_with[key] for key in _SETTINGS_OF_TRACKER},
    )


def _plain(record: Json) -> dict[str, Any]:
    """What is said in `record` in single words and numbers."""
    if not isinstance(record, dict):
        return {}
    return {key: value for key, value in record.items() if not isinstance(value, list | dict)}


def _about(original: SessionReader, settings: Settings) -> SessionAbout:
    about = read_about(original.info.path)
    title = about.title or original.info.id
    how = f"{as_public_record(settings)['model']}, {settings.smoothing.in_words}"
    return SessionAbout(f"{title} (again: {how})", about.note)
