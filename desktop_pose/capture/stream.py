"""Network streams (HTTP MJPEG, RTSP, RTMP, UDP, TCP), read by OpenCV's FFmpeg.

`grab` already decodes; `retrieve` converts to BGR.
"""

import socket
from urllib.parse import SplitResult, urlsplit

import cv2

from desktop_pose.capture.live import Ending, LiveSource
from desktop_pose.core.clock import NS_PER_MS, monotonic_ns
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Size, SourceInfo, SourceKind
from desktop_pose.core.sources import without_login

OPEN_TIMEOUT_MS = 2000
"""OpenCV's own 30 s would hold the thread that long."""

READ_TIMEOUT_MS = 1000
"""A stream without a frame for this long has failed; with it, the user sees that within 2 s."""

_PROBE_TIMEOUT_S = 0.4
_DEFAULT_PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtmp": 1935}
_MAX_FPS = 1000.0


class StreamSource(LiveSource):
    """A stream at a network address."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._name = without_login(url)

    def _connect(self) -> tuple[cv2.VideoCapture, SourceInfo]:
        asked_ns = monotonic_ns()
        capture = cv2.VideoCapture(
            self._url,
            cv2.CAP_FFMPEG,
            [
                *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_TIMEOUT_MS),
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
            raise self._explain_refusal(is_silent=took_ms >= 0.9 * OPEN_TIMEOUT_MS)
        info = SourceInfo(
            SourceKind.STREAM, self._name, Size(width_px, height_px), nominal_fps=_claimed_fps(capture)
        )
        return capture, info

    def _explain(self, ending: Ending) -> SourceError:
        what = {
            Ending.GONE: "has ended the connection",
            Ending.SILENT: "has sent nothing for a second",
            Ending.UNREADABLE: "sends pictures that cannot be decoded",
        }
        return SourceError(f"The stream {self._name} {what[ending]}", "Check the sender and the network")

    def _explain_refusal(self, is_silent: bool) -> SourceError:
        address = urlsplit(self._url)
        if is_silent:
            what, hint = "does not answer", "Check the address, and that the sender is on"
        elif address.scheme in _DEFAULT_PORTS:
            what, hint = _probe(address)
        else:
            what, hint = "gives no video", "Check the address, and that the sender is on"
        return SourceError(f"The stream {self._name} {what}", hint)


def _claimed_fps(capture: cv2.VideoCapture) -> float | None:
    """The rate the stream itself states; MJPEG states none and FFmpeg then says 25."""
    is_mjpeg = round(capture.get(cv2.CAP_PROP_FOURCC)) == cv2.VideoWriter.fourcc(*"MJPG")
    fps = float(capture.get(cv2.CAP_PROP_FPS))
    return fps if not is_mjpeg and 0 < fps <= _MAX_FPS else None


def _probe(address: SplitResult) -> tuple[str, str]:
    """What is wrong with an address that gave no video at once, and the remedy."""
    try:
        port = address.port or _DEFAULT_PORTS[address.scheme]
        socket.create_connection((address.hostname, port), _PROBE_TIMEOUT_S).close()
    except socket.gaierror:
        return f"names an unknown host, {address.hostname}", "Check the spelling of the address"
    except (ValueError, UnicodeError):
        return "is no valid address", "Write it like http://192.168.1.20:8080/video"
    except ConnectionRefusedError:
        return "is refused by its host", "Check the port, and that the sender is on"
    except OSError:
        return "cannot be reached", "Check the address and the network"
    return "answers, but gives no video", "Check the path in the address, and its user name and password"
