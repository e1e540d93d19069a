"""Video files that are not as they should be, and those that carry times and turns of their own."""

import logging
import wave
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from desktop_pose.capture.protocol import BadFrameError
from desktop_pose.capture.video_file import VideoFile
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Image, Size, size_of
from tests.capture.conftest import SMALL, unprivileged
from tests.support.pictures import number_of, numbered_pictures
from tests.support.videos import cut, turn, write_video


def pictures_of(source: VideoFile) -> list[Image]:
    pictures = []
    while source.grab():
        pictures.append(source.retrieve())
    return pictures


def times_ms_of(source: VideoFile) -> list[float]:
    times = []
    while source.grab():
        times.append(source.media_ns / 1e6)
    return times


def test_pictures_come_in_order(numbered_video: Path):
    source = VideoFile(numbered_video)
    source.open()
    assert [number_of(picture) for picture in pictures_of(source)] == list(range(12))


def test_pictures_are_those_that_opencv_reads(demo_clip: Path):
    source = VideoFile(demo_clip)
    source.open()
    capture = cv2.VideoCapture(str(demo_clip), cv2.CAP_FFMPEG)
    for _ in range(3):
        source.grab()
        difference = source.retrieve().astype(int) - capture.read()[1]
        assert np.abs(difference).max() <= 2
    capture.release()
    source.close()


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_varying_times_are_kept(tmp_path: Path, suffix: str):
    times_ms = [0, 40, 45, 200, 233, 1000]
    source = VideoFile(write_video(tmp_path / f"vfr{suffix}", numbered_pictures(SMALL, 6), times_ms=times_ms))
    source.open()
    assert times_ms_of(source) == pytest.approx(times_ms, abs=0.1)


def test_times_count_from_the_first_frame(tmp_path: Path):
    video = write_video(tmp_path / "late.mkv", numbered_pictures(SMALL, 3), times_ms=[500, 520, 560])
    source = VideoFile(video)
    source.open()
    assert times_ms_of(source) == [0, 20, 60]


class TestRotationTag:
    @pytest.fixture
    def cornered(self, tmp_path: Path) -> Path:
        """A black video with a white top left quarter."""
        picture = np.zeros((240, 320, 3), np.uint8)
        picture[:120, :160] = 255
        return write_video(tmp_path / "cornered.mp4", [picture] * 3)

    @pytest.mark.parametrize(
        ("clockwise_deg", "size", "white_corner"),
        [
            (0, Size(320, 240), (0, 0)),
            (90, Size(240, 320), (0, -1)),
            (180, Size(320, 240), (-1, -1)),
            (270, Size(240, 320), (-1, 0)),
        ],
    )
    def test_is_applied(self, cornered: Path, clockwise_deg: int, size: Size, white_corner: tuple[int, int]):
        source = VideoFile(turn(cornered, clockwise_deg))
        source.open()
        source.grab()
        picture = source.retrieve()
        assert source.info.size == size_of(picture) == size
        corners = {(row, column) for row in (0, -1) for column in (0, -1)}
        assert {corner for corner in corners if picture[corner].min() > 200} == {white_corner}
        assert {corner for corner in corners if picture[corner].max() < 50} == corners - {white_corner}

    @pytest.mark.parametrize("clockwise_deg", [90, 180, 270])
    def test_is_applied_as_opencv_does(self, cornered: Path, clockwise_deg: int):
        source = VideoFile(turn(cornered, clockwise_deg))
        source.open()
        source.grab()
        capture = cv2.VideoCapture(str(cornered), cv2.CAP_FFMPEG)
        expected = capture.read()[1]
        capture.release()
        assert np.abs(source.retrieve().astype(int) - expected).max() <= 2


class TestDamage:
    def check_ends_early(self, path: Path, whole: Path, caplog: pytest.LogCaptureFixture) -> None:
        source, reference = VideoFile(path), VideoFile(whole)
        source.open()
        reference.open()
        with caplog.at_level(logging.WARNING, "desktop_pose"):
            count = 0
            while source.grab():
                reference.grab()
                # What is left of the last, cut frame is not worth comparing.
                last_two = (source.retrieve(), reference.retrieve())
                if count < 20:
                    assert np.array_equal(*last_two)
                count += 1
        assert 25 <= count < 98
        assert not source.grab()
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert f"ends after {count} frames" in caplog.text
        assert f"ends after {count} frames" in source.damage.message
        source.close()
        reference.close()

    def test_truncated(self, demo_clip: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture):
        self.check_ends_early(cut(demo_clip, tmp_path / "cut.mp4"), demo_clip, caplog)

    def test_overwritten_in_the_middle(
        self, demo_clip: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ):
        content = bytearray(demo_clip.read_bytes())
        middle = slice(len(content) // 2, len(content) // 2 + 40_000)
        content[middle] = np.random.default_rng(1).bytes(40_000)
        (tmp_path / "harmed.mp4").write_bytes(content)
        self.check_ends_early(tmp_path / "harmed.mp4", demo_clip, caplog)

    def test_truncated_matroska(self, tmp_path: Path, caplog: pytest.LogCaptureFixture):
        whole = write_video(tmp_path / "whole.mkv", numbered_pictures(SMALL, 98))
        self.check_ends_early(cut(whole, tmp_path / "cut.mkv"), whole, caplog)

    def test_a_whole_file_ends_without_a_word(
        self, demo_clip: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ):
        for path in (demo_clip, write_video(tmp_path / "whole.mkv", numbered_pictures(SMALL, 60))):
            source = VideoFile(path)
            source.open()
            assert len(times_ms_of(source)) >= 60
            assert source.damage is None
        assert not caplog.records

    def test_a_file_trimmed_without_encoding_is_whole(
        self, demo_clip: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ):
        trimmed = tmp_path / "trimmed.mp4"
        with av.open(str(demo_clip)) as whole, av.open(str(trimmed), "w") as target:
            stream = target.add_stream_from_template(whole.streams.video[0])
            for packet in whole.demux(whole.streams.video[0]):
                if packet.dts is not None:
                    shift = 40 * packet.duration
                    packet.dts, packet.pts, packet.stream = packet.dts - shift, packet.pts - shift, stream
                    target.mux(packet)
        source = VideoFile(trimmed)
        source.open()
        assert len(times_ms_of(source)) < 90
        assert source.damage is None
        assert not caplog.records

    def test_says_nothing_on_standard_error(
        self, demo_clip: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ):
        source = VideoFile(cut(demo_clip, tmp_path / "cut.mp4"))
        source.open()
        pictures_of(source)
        assert capfd.readouterr() == ("", "")

    def test_a_frame_of_another_size_is_bad(self, tmp_path: Path):
        parts = [
            write_video(tmp_path / f"{height}.ts", numbered_pictures(Size(320, height), 3))
            for height in (240, 160)
        ]
        (tmp_path / "both.ts").write_bytes(b"".join(part.read_bytes() for part in parts))
        source = VideoFile(tmp_path / "both.ts")
        source.open()
        assert source.grab()
        assert size_of(source.retrieve()) == SMALL
        with pytest.raises(BadFrameError, match="320x160"):
            pictures_of(source)


class TestRefusal:
    def refusal(self, path: Path) -> str:
        source = VideoFile(path)
        with pytest.raises(SourceError) as caught:
            source.open()
        with pytest.raises(RuntimeError):
            _ = source.info
        assert str(path) in caught.value.message
        assert caught.value.hint
        return caught.value.message

    def test_missing(self, tmp_path: Path):
        assert "There is no file" in self.refusal(tmp_path / "missing.mp4")

    def test_folder(self, tmp_path: Path):
        assert "is no file" in self.refusal(tmp_path)

    def test_empty(self, tmp_path: Path):
        (tmp_path / "empty.mp4").touch()
        assert "is no video" in self.refusal(tmp_path / "empty.mp4")

    @pytest.mark.parametrize("name", ["text.mp4", "text.txt", "text.nfo"])
    def test_text(self, tmp_path: Path, name: str):
        (tmp_path / name).write_text("These are words, not pictures.\n" * 300)
        assert "no video" in self.refusal(tmp_path / name)

    def test_mp4_without_its_index(self, numbered_video: Path, tmp_path: Path):
        content = numbered_video.read_bytes()
        path = tmp_path / "unfinished.mp4"
        path.write_bytes(content[: content.index(b"moov") - 4])
        assert "damaged at its start" in self.refusal(path)

    def test_sound_alone(self, tmp_path: Path):
        with wave.open(str(tmp_path / "sound.wav"), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(16000))
        assert "holds no video" in self.refusal(tmp_path / "sound.wav")

    def test_playlist_that_names_an_address(self, tmp_path: Path):
        path = tmp_path / "list.m3u8"
        path.write_text(
            "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
        )
        assert "no video" in self.refusal(path)

    def test_unreadable(self, numbered_video: Path, open_folder: Path):
        path = open_folder / "secret.mp4"
        path.write_bytes(numbered_video.read_bytes())
        path.chmod(0)
        with unprivileged():
            assert "may not be read" in self.refusal(path)

    def test_index_without_pictures(self, demo_clip: Path, tmp_path: Path):
        content = demo_clip.read_bytes()
        path = tmp_path / "hollow.mp4"
        path.write_bytes(content[: content.index(b"mdat") + 4])
        self.refusal(path)


def test_a_path_that_looks_like_an_address_is_a_path(numbered_video: Path, tmp_path: Path):
    path = tmp_path / "http:x.mp4"
    path.write_bytes(numbered_video.read_bytes())
    source = VideoFile(path)
    source.open()
    assert len(pictures_of(source)) == 12


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux lists a process's open files")
def test_a_closed_source_holds_no_file(numbered_video: Path):
    def open_files() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    before = open_files()
    source = VideoFile(numbered_video)
    source.open()
    source.grab()
    assert open_files() > before
    source.close()
    assert open_files() == before
