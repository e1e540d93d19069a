"""Parts of files are told from whole ones, however short, with and without sound."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from desktop_pose.capture.cut_off import is_cut_off
from desktop_pose.capture.video_file import VideoFile
from desktop_pose.core.errors import SourceError
from tests.capture.conftest import SMALL
from tests.support.pictures import numbered_pictures
from tests.support.videos import cut

FRAGMENTS = {"movflags": "frag_keyframe+empty_moov"}
KINDS = [
    (".mkv", "libx264", "aac", {}),
    (".webm", "libvpx", "libopus", {}),
    (".mp4", "libx264", "aac", FRAGMENTS),
    (".mp4", "libx264", "aac", {"movflags": "faststart"}),
]


def written(path: Path, codec: str, options: dict[str, str], sound: str | None) -> Path:
    """Forty pictures at 25/s, 1.6 s, a key frame every ten; sound is 0.2 s longer."""
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = SMALL.width_px, SMALL.height_px, "yuv420p"
        stream.gop_size = 10
        stream.codec_context.options = {"deadline": "realtime", "cpu-used": "8"}  # VP8's
        audio = None if sound is None else container.add_stream(sound, rate=48000)
        for picture in numbered_pictures(SMALL, 40):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
        for number in range(90 if audio is not None else 0):
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.float32), "fltp", "mono")
            silence.sample_rate, silence.pts, silence.time_base = 48000, 960 * number, Fraction(1, 48000)
            container.mux(audio.encode(silence))
        if audio is not None:
            container.mux(audio.encode(None))
    return path


def read(path: Path) -> tuple[int, bool]:
    """How many frames there are, and whether the file is called damaged, at its start or later."""
    source = VideoFile(path)
    try:
        source.open()
    except SourceError:
        return 0, True  # cut within the table of a fragment
    count = 0
    while source.grab():
        count += 1
    is_damaged = source.damage is not None
    source.close()
    return count, is_damaged


@pytest.mark.parametrize("has_sound", [False, True], ids=["silent", "sound"])
@pytest.mark.parametrize(("suffix", "codec", "sound", "options"), KINDS)
def test_a_short_file_and_its_parts(tmp_path, suffix, codec, sound, options, has_sound):
    whole = written(tmp_path / f"whole{suffix}", codec, options, sound if has_sound else None)
    assert read(whole) == (40, False)
    for fraction in (0.5, 0.8):
        count, is_damaged = read(cut(whole, tmp_path / f"cut{suffix}", fraction))
        assert is_damaged == (count < 40)
        assert count < 40 or has_sound  # which is in the last part of a file that is no stream


def test_a_file_that_was_written_as_it_went_is_whole(tmp_path):
    live = written(tmp_path / "live.mkv", "libx264", {"live": "1"}, None)
    assert read(live) == (40, False)


def test_an_index_that_is_cut_off_costs_no_frame(tmp_path):
    whole = written(tmp_path / "whole.mkv", "libx264", {}, None)
    path = tmp_path / "cut.mkv"
    path.write_bytes(whole.read_bytes()[:-3])
    assert read(path) == (40, False)


def test_what_stands_behind_the_last_part_is_no_damage(tmp_path):
    whole = written(tmp_path / "whole.mp4", "libx264", FRAGMENTS, None)
    with whole.open("ab") as file:
        file.write(b"\xff" * 100)
    assert read(whole) == (40, False)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x1a\x45\xdf\xa3", b"\x1a\x45\xdf\xa3\x00" * 9, b"\x1a\x45\xdf\xa3\x80\x18\x53\x80", b"....ftyp"],
)
def test_what_is_no_such_file_is_not_cut_off(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert not is_cut_off(path)
    assert not is_cut_off(tmp_path / "missing")
