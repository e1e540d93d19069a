"""An MJPEG-over-HTTP camera on loopback, that can be stalled, silenced, spoiled, killed and restarted.

The frames are encoded once, before serving; per frame and client the server only sends. It keeps the pace of
a camera: what a client is too slow for is skipped.

As a process of its own: `python -m tests.support.mjpeg_server --clip PATH --size 1280x720 --fps 30` prints
the address on its first line, then obeys words on its standard input, one a line: stall, resume, silence,
spoil, heal, kill, restart, quit. It also serves without standard input, until it is terminated.
"""

import argparse
import contextlib
import enum
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import parse_size
from tests.support.pictures import clip_pictures, encode, numbered_pictures

DEFAULT_SIZE = Size(1280, 720)
_BOUNDARY = b"desktop-pose-frame"
_ANSWER = (
    b"HTTP/1.0 200 OK\r\nCache-Control: no-cache\r\nConnection: close\r\n"
    b"Content-Type: multipart/x-mixed-replace; boundary=" + _BOUNDARY + b"\r\n\r\n"
)
_REQUEST_TIMEOUT_S = 5.0


class Damage(enum.Enum):
    """What is wrong with the pictures that are sent."""

    NONE = enum.auto()
    TRUNCATED = enum.auto()
    GARBAGE = enum.auto()


class MjpegServer:
    """A camera on loopback; use it as a context manager, or call `start` and `close`.

    Args:
        clip: A video that is decoded and encoded once, then played in a loop; None for the
            numbered pictures of `tests.support.pictures`.
        size: Size of the pictures.
        fps: Pictures per second.
        crop: Whether a clip of another shape fills the size and loses its edges, or gets black bars.
        jpegs: Encoded pictures to serve instead of all that.
        port: Port to listen on; 0 takes a free one, and `restart` keeps it.
        max_frames: Number of pictures in the loop at most.

    Attributes:
        sent_ns: By number of the picture in the loop, when it was last sent.
    """

    def __init__(
        self,
        clip: Path | None = None,
        *,
        size: Size = DEFAULT_SIZE,
        fps: float = 30.0,
        crop: bool = False,
        jpegs: Sequence[bytes] | None = None,
        port: int = 0,
        max_frames: int = 300,
    ) -> None:
        if jpegs is None:
            pictures = (
                numbered_pictures(size, max_frames) if clip is None else clip_pictures(clip, size, crop)
            )
            jpegs = [encode(picture) for picture, _ in zip(pictures, range(max_frames), strict=False)]
        self._parts = {damage: [_part(_damaged(jpeg, damage)) for jpeg in jpegs] for damage in Damage}
        self._count = len(jpegs)
        assert self._count > 0, f"no pictures in {clip}"
        self._period_ns = round(NS_PER_S / fps)
        self._port = port
        self._epoch_ns = monotonic_ns()
        self._changed = threading.Condition()
        self._is_running = False
        self._is_stalled = False
        self._is_silent = False
        self._damage = Damage.NONE
        self._listener: socket.socket | None = None
        self._clients: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.sent_ns: dict[int, int] = {}

    @property
    def url(self) -> str:
        """The address of the stream."""
        return f"http://127.0.0.1:{self._port}/video.mjpg"

    @property
    def client_count(self) -> int:
        """Number of connections that are open."""
        with self._changed:
            return len(self._clients)

    def start(self) -> None:
        """Listen and serve."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        listener.listen()
        listener.settimeout(0.2)  # `shutdown` wakes a blocked accept on Linux only
        self._port = listener.getsockname()[1]
        self._listener = listener
        self._is_running = True
        self._spawn(self._accept, listener)

    def kill(self) -> None:
        """Drop every connection and refuse new ones, as if the cable were pulled."""
        with self._changed:
            self._is_running = False
            listener, self._listener = self._listener, None
            clients = list(self._clients)
            self._changed.notify_all()
        if listener is not None:
            _shut(listener)
            listener.close()
        for client in clients:
            _shut(client)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    close = kill

    def restart(self) -> None:
        """Serve again, on the same port."""
        self.kill()
        self.start()

    def stall(self) -> None:
        """Keep the connections but send nothing, until `resume`."""
        self._set(is_stalled=True)

    def silence(self) -> None:
        """Accept connections and never answer them, until `resume`; those already served fall silent too."""
        self._set(is_stalled=True, is_silent=True)

    def resume(self) -> None:
        """Undo `stall` and `silence`."""
        self._set(is_stalled=False, is_silent=False)

    def spoil(self, damage: Damage) -> None:
        """Send damaged pictures from now on; `Damage.NONE` heals."""
        with self._changed:
            self._damage = damage

    def _set(self, *, is_stalled: bool, is_silent: bool = False) -> None:
        with self._changed:
            self._is_stalled = is_stalled
            self._is_silent = is_silent
            self._changed.notify_all()

    def __enter__(self) -> "MjpegServer":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _spawn(self, target: Callable[[socket.socket], None], connection: socket.socket) -> None:
        thread = threading.Thread(target=target, args=(connection,), name="mjpeg-server", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with self._changed:
                if not self._is_running:
                    client.close()
                    return
                self._clients.add(client)
                self._spawn(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        try:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.settimeout(_REQUEST_TIMEOUT_S)
            _read_request(client)
            client.settimeout(None)
            if self._wait_until_answering():
                client.sendall(_ANSWER)
                self._send_frames(client)
        except OSError:
            pass  # the client has gone, or `kill` has shut its connection
        finally:
            with self._changed:
                self._clients.discard(client)
            client.close()

    def _wait_until_answering(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: not self._is_silent or not self._is_running)
            return self._is_running

    def _send_frames(self, client: socket.socket) -> None:
        last = -1
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._is_stalled or not self._is_running)
                number = max(last + 1, (monotonic_ns() - self._epoch_ns) // self._period_ns)
                due_ns = self._epoch_ns + number * self._period_ns
                while self._is_running and not self._is_stalled and (wait_ns := due_ns - monotonic_ns()) > 0:
                    self._changed.wait(wait_ns / NS_PER_S)
                if not self._is_running:
                    return
                if self._is_stalled:
                    continue
                slot = number % self._count
                part = self._parts[self._damage][slot]
                self.sent_ns[slot] = monotonic_ns()
            client.sendall(part)
            last = number


def _damaged(jpeg: bytes, damage: Damage) -> bytes:
    if damage is Damage.TRUNCATED:
        return jpeg[: len(jpeg) // 3]
    if damage is Damage.GARBAGE:
        return np.random.default_rng(len(jpeg)).bytes(len(jpeg) // 4)
    return jpeg


def _part(jpeg: bytes) -> bytes:
    head = b"--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % (_BOUNDARY, len(jpeg))
    return head + jpeg + b"\r\n"


def _read_request(client: socket.socket) -> None:
    request = b""
    while b"\r\n\r\n" not in request:
        piece = client.recv(4096)
        if not piece:
            raise ConnectionError("the client left before it asked")
        request += piece


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side may have been faster
        connection.shutdown(socket.SHUT_RDWR)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="An MJPEG camera on loopback")
    parser.add_argument("--clip", type=Path)
    parser.add_argument("--size", type=parse_size, default=DEFAULT_SIZE)
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--crop", action="store_true")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with MjpegServer(
        options.clip, size=options.size, fps=options.fps, crop=options.crop, port=options.port
    ) as server:
        print(server.url, flush=True)  # noqa: T201  # its one answer
        words = {
            "stall": server.stall,
            "resume": server.resume,
            "silence": server.silence,
            "spoil": lambda: server.spoil(Damage.TRUNCATED),
            "heal": lambda: server.spoil(Damage.NONE),
            "kill": server.kill,
            "restart": server.restart,
        }
        for line in sys.stdin:
            word = line.strip()
            if word == "quit":
                return
            words[word]()
        threading.Event().wait()


if __name__ == "__main__":
    main()
