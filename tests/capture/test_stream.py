"""Streams that stall, die, return and send rubbish; the time-outs are part of the contract."""

import functools
import socket
import threading
from contextlib import suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from desktop_pose.capture.protocol import BadFrameError
from desktop_pose.capture.stream import StreamSource
from desktop_pose.core.clock import NS_PER_MS, NS_PER_S, monotonic_ns
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Size, size_of
from tests.support.mjpeg_server import Damage, MjpegServer
from tests.support.pictures import encode, number_of, numbered_pictures
from tests.support.videos import write_video

LONGEST_BLOCK_NS = round(2.5 * NS_PER_S)


def error_of(action) -> SourceError:
    """What `action` raises, in the time that a source may block."""
    asked_ns = monotonic_ns()
    with pytest.raises(SourceError) as caught:
        action()
    assert monotonic_ns() - asked_ns < LONGEST_BLOCK_NS
    return caught.value


def grab_all(source: StreamSource) -> None:
    while source.grab():
        pass


def read_all(source: StreamSource) -> None:
    while source.grab():
        with suppress(BadFrameError):
            source.retrieve()


@pytest.fixture
def source(server: MjpegServer):
    source = StreamSource(server.url)
    source.open()
    yield source
    source.close()


def test_pictures_come_in_order(source: StreamSource):
    numbers = []
    for _ in range(10):
        source.grab()
        numbers.append(number_of(source.retrieve()))
    assert numbers == sorted(set(numbers))


def test_the_newest_picture_is_not_held_back(server: MjpegServer, source: StreamSource):
    numbers = []

    def read() -> None:
        while source.grab():
            numbers.append(number_of(source.retrieve()))
            if len(numbers) == 10:
                server.stall()

    error_of(read)
    assert numbers[-1] == max(server.sent_ns, key=server.sent_ns.__getitem__)


class TestOpening:
    def test_nobody_listens(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{taken.getsockname()[1]}/video"
            error = error_of(StreamSource(url).open)
        assert "is refused by its host" in error.message
        assert url in error.message

    def test_unknown_host(self):
        assert "unknown host" in error_of(StreamSource("http://nowhere.invalid/video").open).message

    def test_no_valid_port(self):
        assert "no valid address" in error_of(StreamSource("http://127.0.0.1:99999/video").open).message

    def test_silent(self, server: MjpegServer):
        server.silence()
        assert "does not answer" in error_of(StreamSource(server.url).open).message

    def test_answers_without_a_picture(self, server: MjpegServer):
        server.stall()
        assert "does not answer" in error_of(StreamSource(server.url).open).message

    def test_sends_no_pictures(self, server: MjpegServer):
        server.spoil(Damage.GARBAGE)
        error_of(StreamSource(server.url).open)

    def test_says_nothing_on_standard_error(self, server: MjpegServer, capfd: pytest.CaptureFixture[str]):
        server.silence()
        error_of(StreamSource(server.url).open)
        server.kill()
        error_of(StreamSource(server.url).open)
        assert capfd.readouterr() == ("", "")

    def test_can_be_opened_after_a_refusal(self, server: MjpegServer):
        server.kill()
        source = StreamSource(server.url)
        error_of(source.open)
        server.restart()
        source.open()
        assert source.grab()
        source.close()


class TestFailure:
    def test_stalled(self, server: MjpegServer, source: StreamSource):
        source.grab()
        server.stall()
        error = error_of(lambda: grab_all(source))
        assert "has sent nothing for a second" in error.message
        assert error.hint

    def test_stalled_stays_failed_until_it_is_opened_again(self, server: MjpegServer, source: StreamSource):
        server.stall()
        first = error_of(lambda: grab_all(source))
        server.resume()
        assert error_of(source.grab) is first
        source.close()
        source.open()
        assert source.grab()

    def test_killed_and_restarted(self, server: MjpegServer, source: StreamSource):
        source.grab()
        server.kill()
        assert "has ended the connection" in error_of(lambda: grab_all(source)).message
        source.close()
        assert "is refused" in error_of(source.open).message
        server.restart()
        source.open()
        assert source.grab()
        assert size_of(source.retrieve()) == source.info.size

    def test_closes_while_it_has_failed(self, server: MjpegServer, source: StreamSource):
        server.kill()
        error_of(lambda: grab_all(source))
        source.close()
        source.close()


class TestDamagedPictures:
    def test_a_few_are_bad_frames(self, server: MjpegServer):
        jpegs = [encode(picture) for picture in numbered_pictures(Size(320, 240), 12)]
        for rubbish in (3, 4, 8):
            jpegs[rubbish] = bytes(range(256)) * 4
        with MjpegServer(jpegs=jpegs, fps=100) as server:
            source = StreamSource(server.url)
            while True:
                try:
                    source.open()
                    break
                except SourceError:
                    pass  # it began with rubbish
            numbers = []
            for _ in range(36):
                assert source.grab()
                try:
                    numbers.append(number_of(source.retrieve()))
                except BadFrameError:
                    numbers.append(None)
            source.close()
        start = numbers.index(0)
        assert numbers[start : start + 12] == [0, 1, 2, None, None, 5, 6, 7, None, 9, 10, 11]

    def test_nothing_else_is_a_failure(self, source: StreamSource, server: MjpegServer):
        server.spoil(Damage.GARBAGE)
        assert "cannot be decoded" in error_of(lambda: read_all(source)).message

    def test_truncated_ones_do_not_end_it(self, server: MjpegServer, source: StreamSource):
        server.spoil(Damage.TRUNCATED)
        for _ in range(10):
            assert source.grab()
        server.spoil(Damage.NONE)
        for _ in range(20):
            assert source.grab()
        assert size_of(source.retrieve()) == source.info.size

    def test_a_picture_of_another_size_is_bad_and_then_a_failure(self):
        jpegs = [encode(picture) for picture in numbered_pictures(Size(320, 240), 20)]
        jpegs[10:] = [encode(picture) for picture in numbered_pictures(Size(160, 120), 10)]
        with MjpegServer(jpegs=jpegs, fps=100) as server:
            source = StreamSource(server.url)
            source.open()

            def read() -> None:
                while source.grab():
                    assert size_of(source.retrieve()) == source.info.size

            with pytest.raises(BadFrameError, match="has changed from"):
                read()
            with pytest.raises(SourceError, match="has changed from"):
                source.grab()
            source.close()


def test_the_picture_is_that_of_the_jpeg(server: MjpegServer, source: StreamSource):
    source.grab()
    picture = source.retrieve()
    *_, sent = numbered_pictures(source.info.size, number_of(picture) + 1)
    assert np.abs(picture.astype(int) - sent).mean() < 3


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        """Say nothing on standard error."""


@pytest.fixture
def file_server(tmp_path):
    """The address of a folder that Python's own server gives to others; it sends whole files only."""
    handler = functools.partial(_QuietHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


class TestFileOfAWebServer:
    def test_says_when_frames_are_due_and_begins_again(self, file_server, numbered_video, tmp_path):
        (tmp_path / "clip.mp4").write_bytes(numbered_video.read_bytes())
        source = StreamSource(f"{file_server}/clip.mp4")
        source.open()
        numbers, times_ms = [], []
        for _ in range(20):
            source.grab()
            numbers.append(number_of(source.retrieve()))
            times_ms.append(source.media_ns / NS_PER_MS)
        assert numbers == [*range(12), *range(8)]
        assert times_ms == pytest.approx([40 * number for number in range(20)], abs=1)
        source.close()

    def test_is_told_where_its_index_cannot_be_reached(self, file_server, tmp_path):
        noise = np.random.default_rng(0)
        pictures = (noise.integers(0, 255, (480, 640, 3), np.uint8) for _ in range(10))
        write_video(tmp_path / "clip.mp4", pictures)  # as everywhere, its index is at its end
        error = error_of(StreamSource(f"{file_server}/clip.mp4").open)
        assert error.message.startswith(f"The video file {file_server}/clip.mp4 cannot be played from there")
        assert "Download it" in error.hint

    def test_that_goes_away_is_told_at_its_end(self, numbered_video, tmp_path):
        (tmp_path / "clip.mp4").write_bytes(numbered_video.read_bytes())
        handler = functools.partial(_QuietHandler, directory=str(tmp_path))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            source = StreamSource(f"http://127.0.0.1:{server.server_address[1]}/clip.mp4")
            source.open()
            server.shutdown()
            thread.join()
        error = error_of(lambda: grab_all(source))
        assert "is refused by its host" in error.message
        assert error_of(source.grab) is error
        source.close()
