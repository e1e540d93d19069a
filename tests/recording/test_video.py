"""The video of a session: pictures, times and sizes come back."""

import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import VIDEO_FILE
from desktop_pose.recording.video import VideoWriter, remux
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import make_header, record


@pytest.mark.parametrize("size", [Size(64, 48), Size(33, 27), Size(640, 360), Size(17, 16), Size(2, 2)])
def test_pictures_and_times_agree_with_the_landmarks(sessions_dir: Path, size: Size) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(size), RecordingKind.VIDEO)
    written = record(writer, 40, size=size)
    writer.finalise()
    with SessionReader.open(writer.path) as reader:
        assert reader.header["video_frame_count"] == 40
        assert [video.path for video in reader.videos()] == [writer.path / VIDEO_FILE]
    with av.open(str(writer.path / VIDEO_FILE)) as container:
        assert container.duration == pytest.approx(written[-1][0].time_ns / 1000, abs=50_000)
        pictures = list(container.decode(video=0))
    assert len(pictures) == 40
    for picture, (frame, _, _) in zip(pictures, written, strict=True):
        assert picture.time * 1e9 == pytest.approx(frame.time_ns, abs=500_001)
        pixels = picture.to_ndarray(format="bgr24")[: size.height_px, : size.width_px]
        assert pixels.shape == frame.image.shape
        assert np.abs(pixels.astype(int) - frame.image).mean() < 4


def test_colours_come_back(tmp_path: Path) -> None:
    """Blue stays blue, in OpenCV's reader too."""
    image = np.zeros((64, 96, 3), np.uint8)
    image[:, :32], image[:, 32:64], image[:, 64:] = (220, 30, 30), (30, 220, 30), (30, 30, 220)
    video = VideoWriter(tmp_path / "v.mkv", Size(96, 64))
    for index in range(3):
        video.write(image, index * 40_000_000)
    assert video.encoder in ("libx264", "mpeg4")
    video.close()
    video.close()
    capture = cv2.VideoCapture(str(tmp_path / "v.mkv"))
    ok, read = capture.read()
    capture.release()
    assert ok
    for column in (16, 48, 80):
        assert np.abs(read[32, column].astype(int) - image[32, column]).max() < 12


def test_turned_pictures_are_taken_as_they_are(tmp_path: Path) -> None:
    image = np.zeros((32, 64, 3), np.uint8)
    image[:, :32] = 200
    video = VideoWriter(tmp_path / "v.mkv", Size(32, 64))
    video.write(np.rot90(image), 0)
    video.close()
    with av.open(str(tmp_path / "v.mkv")) as container:
        (picture,) = (frame.to_ndarray(format="gray") for frame in container.decode(video=0))
    assert picture[:28].max() < 20
    assert picture[36:].min() > 180


def test_frames_within_one_millisecond_stay_in_order(tmp_path: Path) -> None:
    video = VideoWriter(tmp_path / "v.mkv", Size(32, 32))
    image = np.zeros((32, 32, 3), np.uint8)
    for time_ns in (0, 0, 400_000, 5_000_000, 5_000_000, 40_000_000):
        video.write(image, time_ns)
    video.close()
    with av.open(str(tmp_path / "v.mkv")) as container:
        times = [round(frame.time * 1000) for frame in container.decode(video=0)]
    assert times == [0, 1, 2, 5, 6, 40]


def test_remux_of_what_is_no_video_makes_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.mkv").write_bytes(b"no video at all" * 100)
    assert remux(tmp_path / "bad.mkv", tmp_path / "mended.mkv") == 0
    assert not (tmp_path / "mended.mkv").exists()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.77, 0.99])
def test_remux_of_a_video_cut_anywhere(tmp_path: Path, share: float) -> None:
    video = VideoWriter(tmp_path / "v.mkv", Size(160, 120))
    rng = np.random.default_rng(5)
    for index in range(90):
        video.write(rng.integers(0, 255, (120, 160, 3), np.uint8), index * 33_000_000)
    video.close()
    whole = (tmp_path / "v.mkv").read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: int(len(whole) * share)])
    count = remux(tmp_path / "cut.mkv", tmp_path / "mended.mkv")
    assert count >= 90 * share - 18
    if count:
        with av.open(str(tmp_path / "mended.mkv")) as container:
            assert sum(1 for _ in container.decode(video=0)) == count


def test_recording_landmarks_imports_no_video_library(tmp_path: Path) -> None:
    code = (
        "import sys; from desktop_pose.recording import library, exporters, reader, writer; "
        "assert not {'av', 'cv2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such name")
def test_a_folder_with_a_name_like_an_address_holds_video(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    writer = SessionWriter.create(Path("http:sessions"), make_header(), RecordingKind.VIDEO)
    record(writer, 10)
    writer.finalise()
    assert writer.video_problem is None
    assert (writer.path / VIDEO_FILE).stat().st_size > 1000
    assert remux(writer.path / VIDEO_FILE, writer.path / "mended.mkv") == 10
