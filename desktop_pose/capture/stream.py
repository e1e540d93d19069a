"""Network streams (HTTP MJPEG, RTSP, RTMP, UDP, TCP), read by OpenCV's FFmpeg.

Of a stream of JPEGs `grab` takes the bytes alone and `retrieve` decodes them, as with a camera. Of any other
stream each frame needs the ones before: `grab` decodes, `retrieve` converts to BGR.

A video file at an HTTP address comes as fast as it is taken: `media_ns` says when its frames are due. After
the last comes the first again.

FFmpeg's look-up of the host has no time-out: it is looked up before, so that FFmpeg is not asked for one that
nobody answers for.
"""

import socket
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

import cv2

from desktop_pose.capture.host_lookup import LookUp, addresses_of, ask_the_system
from desktop_pose.capture.jpeg import ask_for_jpegs
from desktop_pose.capture.live import Ending, LiveSource
from desktop_pose.capture.media_clock import MediaClock
from desktop_pose.core.clock import NS_PER_MS, NS_PER_S, monotonic_ns
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Size, SourceInfo, SourceKind
from desktop_pose.core.sources import without_login

OPEN_TIMEOUT_MS = 2000
"""With the look-up of the host; OpenCV's own 30 s would hold the thread that long."""

READ_TIMEOUT_MS = 1000
"""A stream without a frame for this long has failed; with it, the user sees that within 2 s."""

_LOOKUP_TIMEOUT_S = 1.5
_PROBE_TIMEOUT_S = 0.4
_DEFAULT_PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtmp": 1935}
_MAX_FPS = 1000.0

_FILE_SCHEMES = ("http", "https")
"""Those by which a stream that states its length is a file; senders of the others keep its pace."""

_Host: TypeAlias = tuple[str, ...] | OSError | UnicodeError
"""The addresses of a host, or why there are none."""


class _PlayedToItsEndError(SourceError):
    """A file has no more frames. Never leaves `StreamSource`."""


class StreamSource(LiveSource):
    """A stream at a network address.

    Args:
        url: The address.
        look_up: Finds the addresses of its host.
    """

    def __init__(self, url: str, look_up: LookUp = ask_the_system) -> None:
        super().__init__()
        self._url = url
        self._name = without_login(url)
        self._look_up = look_up
        self._clock: MediaClock | None = None

    @property
    def media_ns(self) -> int | None:
        """Of a file, the time of the grabbed frame since the first; it goes on when the file begins again."""
        return None if self._clock is None else self._clock.now_ns

    def open(self) -> None:
        """Connect, anew where there is a connection already; of a file the first frame is taken as well.

        Raises:
            SourceError: It is missing or silent, or a file that gives no picture.
        """
        super().open()
        if self._clock is not None:
            try:
                self._fetch()
            except SourceError:
                self.close()
                raise

    def close(self) -> None:
        """End the connection."""
        super().close()
        self._clock = None

    def _connect(self) -> tuple[cv2.VideoCapture, SourceInfo]:
        began_ns = monotonic_ns()
        host = self._found_host()
        asked_ns = monotonic_ns()
        patience_ms = OPEN_TIMEOUT_MS - (asked_ns - began_ns) // NS_PER_MS
        capture = cv2.VideoCapture(
            self._url,
            cv2.CAP_FFMPEG,
            [
                *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, patience_ms),
                *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_MS),
                # Decoding in several threads holds as many frames back.
                *(cv2.CAP_PROP_N_THREADS, 1),
            ],
        )
        width_px, height_px = (
            round(capture.get(key)) for key in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
        )
        if not capture.isOpened() or width_px < 1 or height_px < 1:
            capture.release()
            took_ms = (monotonic_ns() - asked_ns) / NS_PER_MS
            raise self._explain_refusal(host, is_silent=took_ms >= 0.9 * patience_ms)
        # Of JPEGs the rate is not stated, and FFmpeg then says 25.
        fps = None if ask_for_jpegs(capture) else _claimed_fps(capture)
        self._clock = (self._clock or MediaClock(fps)) if self._is_file(capture) else None
        return capture, SourceInfo(SourceKind.STREAM, self._name, Size(width_px, height_px), nominal_fps=fps)

    def _is_file(self, capture: cv2.VideoCapture) -> bool:
        return urlsplit(self._url).scheme in _FILE_SCHEMES and capture.get(cv2.CAP_PROP_FRAME_COUNT) > 0

    def _fetch(self) -> None:
        """Take a frame from OpenCV; after the last of a file the first."""
        try:
            super()._fetch()
        except _PlayedToItsEndError:
            self._begin_again()
            super()._fetch()
        if self._clock is not None:
            self._clock.advance(round(self._opened.get(cv2.CAP_PROP_POS_MSEC) * NS_PER_MS))

    def _begin_again(self) -> None:
        if self._clock is not None:
            self._clock.begin_again()
        self._opened.release()
        try:
            self._capture, self._info = self._connect()
        except SourceError as error:
            self._failure = error
            raise
        self._failure = None

    def _explain(self, ending: Ending) -> SourceError:
        if self._clock is not None and ending is Ending.GONE:
            if self._clock.has_begun:
                return _PlayedToItsEndError(f"The video file {self._name} is at its end", "Open it again")
            return SourceError(
                f"The video file {self._name} cannot be played from there: "
                "it is damaged, or its server sends whole files only",
                "Download it, and open the file itself",
            )
        what = {
            Ending.GONE: "has ended the connection",
            Ending.SILENT: "has sent nothing for a second",
            Ending.UNREADABLE: "sends pictures that cannot be decoded",
        }
        return SourceError(f"The stream {self._name} {what[ending]}", "Check the sender and the network")

    def _found_host(self) -> _Host:
        """What the look-up of the host has given; FFmpeg asks a proxy instead where there is one.

        Raises:
            SourceError: Nobody has answered in time.
        """
        name = urlsplit(self._url).hostname
        if name is None:
            return ()
        try:
            return addresses_of(name, _LOOKUP_TIMEOUT_S, self._look_up)
        except TimeoutError as error:
            raise SourceError(
                f"The stream {self._name} names {name}, which nobody on the network answers for",
                "Check the network, or write the number of the host in place of its name",
            ) from error
        except (OSError, UnicodeError) as error:
            return error

    def _explain_refusal(self, host: _Host, *, is_silent: bool) -> SourceError:
        address = urlsplit(self._url)
        if is_silent:
            what, hint = "does not answer", "Check the address, and that the sender is on"
        elif address.scheme in _DEFAULT_PORTS:
            what, hint = _probe(address, host)
        else:
            what, hint = "gives no video", "Check the address, and that the sender is on"
        return SourceError(f"The stream {self._name} {what}", hint)


def _claimed_fps(capture: cv2.VideoCapture) -> float | None:
    """The rate that the stream states."""
    fps = float(capture.get(cv2.CAP_PROP_FPS))
    return fps if 0 < fps <= _MAX_FPS else None


def _probe(address: SplitResult, host: _Host) -> tuple[str, str]:
    """What is wrong with an address that gave no video at once, and the remedy."""
    try:
        port = address.port or _DEFAULT_PORTS[address.scheme]
        if isinstance(host, Exception):
            raise host
        _try_connection(host, port)
    except socket.gaierror:
        return f"names an unknown host, {address.hostname}", "Check the spelling of the address"
    except (ValueError, UnicodeError):
        return "is no valid address", "Write it like http://192.168.1.20:8080/video"
    except ConnectionRefusedError:
        return "is refused by its host", "Check the port, and that the sender is on"
    except OSError:
        return "cannot be reached", "Check the address and the network"
    return "answers, but gives no video", "Check the path in the address, and its user name and password"


def _try_connection(addresses: tuple[str, ...], port: int) -> None:
    """Connect to the first of `addresses` that can be reached, in bounded time for all of them.

    Raises:
        OSError: None can; the reason of the last one.
    """
    until_ns = monotonic_ns() + round(_PROBE_TIMEOUT_S * NS_PER_S)
    failure = OSError()
    for address in addresses:
        left_s = (until_ns - monotonic_ns()) / NS_PER_S
        if left_s <= 0:
            break
        try:
            socket.create_connection((address, port), left_s).close()
        except OSError as error:
            failure = error
        else:
            return
    raise failure
