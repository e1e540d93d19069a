"""Video whose quality steps down: lower bit rate first, then smaller pictures in further files."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import RecordingKind, VideoQuality
from desktop_pose.recording import encoders
from desktop_pose.recording.encoders import EncoderSettings, best_encoder, open_context
from desktop_pose.recording.library import delete
from desktop_pose.recording.reader import Drop, SessionReader
from desktop_pose.recording.rows import FrameDetails
from desktop_pose.recording.session import LANDMARKS_FILE, VIDEO_FILES, SessionState
from desktop_pose.recording.video_track import STEPS, VideoTrack
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import INTERVAL_NS, make_frame, make_header, make_poses

SIZE = Size(160, 120)


def pictures_of(path: Path) -> list[tuple[float, np.ndarray]]:
    with av.open(str(path)) as container:
        return [(frame.time, frame.to_ndarray(format="gray")) for frame in container.decode(video=0)]


def test_quality_steps_down_without_losing_a_picture(sessions_dir: Path) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(SIZE), RecordingKind.VIDEO)
    rng = np.random.default_rng(6)
    frames = []
    for index in range(100):
        frames.append(make_frame(rng, index, SIZE))
        writer.write(frames[-1], make_poses(rng, index), 0)
        if index % 25 == 24:
            assert writer.step_video_down() == (index < 99)
            step = writer.video_step
            assert step is STEPS[min(index // 25 + 1, 3)]
    writer.finalise()
    with SessionReader.open(writer.path) as reader:
        videos = reader.videos()
        assert [(video.size, video.first_frame) for video in videos] == [
            (SIZE, 0), (Size(80, 60), 50), (Size(40, 30), 75)
        ]  # fmt: skip
        assert reader.timeline().video_frames.tolist() == list(range(100))
        assert reader.header["video_frame_count"] == 100
    pictures = [picture for video in videos for picture in pictures_of(video.path)]
    assert len(pictures) == 100
    for (time, grey), frame in zip(pictures, frames, strict=True):
        assert time * 1e9 == pytest.approx(frame.time_ns, abs=500_001)
        assert grey.mean() == pytest.approx(frame.image.mean(), abs=4)
    assert {path.stat().st_mode & 0o777 for path in writer.path.iterdir()} == {0o600}
    delete(writer.path)
    assert not writer.path.exists()


def test_lower_bit_rate_halves_the_file(tmp_path: Path) -> None:
    noise = np.random.default_rng(6).integers(0, 255, (240, 320, 3), np.uint8)
    scene = cv2.GaussianBlur(noise, (0, 0), 2)
    sizes = []
    for steps in (0, 1):
        folder = tmp_path / str(steps)
        folder.mkdir()
        track = VideoTrack(folder, Size(320, 240), VideoQuality.MEDIUM)
        track.write(scene, 0)
        for _ in range(steps):
            assert track.step_down()
        for index in range(1, 60):
            track.write(np.roll(scene, 3 * index, axis=1), index * INTERVAL_NS)
        track.close()
        sizes.append((folder / VIDEO_FILES[0]).stat().st_size)
        assert len(pictures_of(folder / VIDEO_FILES[0])) == 60
        assert not (folder / VIDEO_FILES[1]).exists()
    assert sizes[1] < 0.7 * sizes[0]


def test_encoder_that_cannot_change_its_rate_gets_a_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "_CANDIDATES", ("no such encoder", "h264_nvenc", "mjpeg"))
    best_encoder.cache_clear()
    try:
        track = VideoTrack(tmp_path, SIZE, VideoQuality.MEDIUM)
        image = np.full((120, 160, 3), 90, np.uint8)
        for index in range(8):
            place = track.write(image, index * INTERVAL_NS)
            assert (place.video, place.picture) == (1 if index < 4 else 2, index)
            if index == 3:
                assert track.step_down()
        assert track.current is not None
        assert track.current.encoder == "mjpeg"
        track.close()
    finally:
        best_encoder.cache_clear()
    for name in VIDEO_FILES[:2]:
        found = pictures_of(tmp_path / name)
        assert len(found) == 4
        assert all(grey.mean() == pytest.approx(90, abs=3) for _, grey in found)


def test_h264_is_chosen_where_there_is_one() -> None:
    assert "264" in best_encoder(Size(640, 480))


@pytest.mark.parametrize("name", ["libx264", "mpeg4", "mjpeg"])
@pytest.mark.parametrize("quality", list(VideoQuality))
def test_encoders_that_ffmpeg_brings_along_open(name: str, quality: VideoQuality) -> None:
    context = open_context(EncoderSettings(name, Size(64, 48), quality))
    assert context.codec.name == name


def test_better_quality_takes_more_room(tmp_path: Path) -> None:
    noise = np.random.default_rng(6).integers(0, 255, (240, 320, 3), np.uint8)
    scene = cv2.GaussianBlur(noise, (0, 0), 2)
    sizes = []
    for quality in VideoQuality:
        (tmp_path / quality.value).mkdir()
        track = VideoTrack(tmp_path / quality.value, Size(320, 240), quality)
        for index in range(30):
            track.write(np.roll(scene, 3 * index, axis=1), index * INTERVAL_NS)
        track.close()
        sizes.append((tmp_path / quality.value / VIDEO_FILES[0]).stat().st_size)
    assert sizes == sorted(sizes)
    assert sizes[2] > 1.5 * sizes[0]


def test_trouble_with_the_video_leaves_the_landmarks_going(sessions_dir: Path) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(SIZE), RecordingKind.VIDEO)
    rng = np.random.default_rng(6)
    (writer.path / VIDEO_FILES[2]).mkdir()  # in the way of the third file
    for index in range(60):
        writer.write(make_frame(rng, index, SIZE), make_poses(rng, index), 0)
        if index in (9, 19, 29):
            writer.step_video_down()
    assert isinstance(writer.video_problem, RecordingError)
    assert writer.pictures_lost == 30
    (writer.path / VIDEO_FILES[2]).rmdir()
    writer.finalise()
    with SessionReader.open(writer.path) as reader:
        assert reader.info.state is SessionState.COMPLETE
        assert len(list(reader.frames())) == 60
        assert reader.timeline().video_frames.tolist() == [*range(30), *[-1] * 30]
        assert {(drop.cause, drop.count) for drop in reader.drops()} == {("video", 1)}
        assert VIDEO_FILES[2] in str(reader.header["video_problem"])
    assert sum(len(pictures_of(writer.path / name)) for name in VIDEO_FILES[:2]) == 30


def test_picture_left_out_is_in_the_session(sessions_dir: Path) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(SIZE), RecordingKind.OVERLAY)
    rng = np.random.default_rng(6)
    white = np.full((120, 160, 4), 255, np.uint8)
    for index in range(10):
        details = FrameDetails(picture=white, is_picture_kept=index != 4)
        writer.write(make_frame(rng, index, SIZE), make_poses(rng, index), 0, details)
    writer.finalise()
    with SessionReader.open(writer.path) as reader:
        assert reader.timeline().video_frames.tolist() == [0, 1, 2, 3, -1, 4, 5, 6, 7, 8]
        assert reader.drops() == (Drop(4 * INTERVAL_NS, 1, "video", frame=4),)
        assert reader.info.kind is RecordingKind.OVERLAY
    assert all(grey.mean() > 250 for _, grey in pictures_of(writer.path / VIDEO_FILES[0]))
    assert {path.name for path in writer.path.iterdir()} == {LANDMARKS_FILE, VIDEO_FILES[0]}
