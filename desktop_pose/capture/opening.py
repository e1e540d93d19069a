"""Makes the source that a text stands for: a camera, a file, a folder, a stream address, or the demo clip.

The modules of the sources are imported when one is made, because their libraries cost memory.
"""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from desktop_pose.capture.camera_info import is_camera
from desktop_pose.capture.protocol import FrameSource
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Size, SourceKind
from desktop_pose.core.memory_steps import STEPS, MemoryPart
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.sources import DEMO, STREAM_SCHEMES, without_login

_SCHEME_LIST = ", ".join(f"{scheme}://" for scheme in STREAM_SCHEMES)
_URL = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)


def kind_of(text: str) -> SourceKind | None:
    """The kind of source that `text` stands for; None where it is none.

    A camera need not be connected, nor a stream be on; a file or folder must exist.
    """
    if text == DEMO:
        return SourceKind.DEMO
    if is_camera(text):
        return SourceKind.CAMERA
    scheme = _scheme_of(text)
    if scheme is not None:
        return SourceKind.STREAM if scheme in STREAM_SCHEMES else None
    # Unlike Path's, these two answer False where the way to a path is barred.
    if os.path.isdir(text):  # noqa: PTH112
        return SourceKind.FOLDER
    return SourceKind.FILE if os.path.isfile(text) else None  # noqa: PTH113


def create_source(
    text: str, *, size: Size | None = None, fps: int | None = None, decode_threads: int = 1
) -> FrameSource:
    """A source for `text`, not yet opened.

    Args:
        text: A camera's number or id, a file, a folder, a stream address, or `demo`.
        size: Size to ask a camera for.
        fps: Rate to ask a camera for, or at which the images of a folder follow one another.
        decode_threads: Threads that decode a video file; more than one suits work without a window.

    Raises:
        SourceError: `text` stands for no source.
    """
    kind = kind_of(text)
    if kind is SourceKind.CAMERA:
        from desktop_pose.capture.camera import CameraSource

        return CameraSource(text, size=size, fps=fps)
    if kind is SourceKind.STREAM:
        return _stream(text)
    if kind is SourceKind.FOLDER:
        from desktop_pose.capture.image_folder import DEFAULT_FPS, ImageFolder

        return ImageFolder(Path(text), fps=fps or DEFAULT_FPS)
    if kind is None:
        raise _no_source(text)
    with STEPS.step(MemoryPart.LIBRARIES):
        from desktop_pose.capture.video_file import VideoFile  # and with it PyAV's FFmpeg, 18 MB

    if kind is SourceKind.DEMO:
        clip = resources_dir() / "demo" / "balance.mp4"
        if not clip.is_file():
            raise SourceError(f"The demo clip {clip} is missing", "Install desktop-pose again")
        return VideoFile(clip, kind=kind, name="Demo", decode_threads=decode_threads)
    return VideoFile(Path(text), decode_threads=decode_threads)


def _stream(url: str) -> FrameSource:
    scheme, _, rest = url.partition("://")
    try:
        has_host = bool(urlsplit(url).hostname)
    except ValueError:
        has_host = False
    if not has_host and scheme.lower() != "udp":  # a UDP stream may come from any host
        raise SourceError(
            f"The stream address {without_login(url)} names no host",
            "Write it like http://192.168.1.20:8080/video",
        )
    from desktop_pose.capture.stream import StreamSource

    return StreamSource(f"{scheme.lower()}://{rest}")


def _no_source(text: str) -> SourceError:
    scheme = _scheme_of(text)
    if scheme is not None:
        return SourceError(
            f"Streams by {scheme} cannot be read", f"Use an address that begins with {_SCHEME_LIST}"
        )
    if os.path.exists(text):  # noqa: PTH110
        return SourceError(
            f"{text} is neither a file nor a folder", "Choose a video file or a folder of images"
        )
    return SourceError(
        f"There is no file or folder {text!r}",
        "Check its name, or choose a camera, another video, a folder of images, a stream, or demo",
    )


def _scheme_of(text: str) -> str | None:
    match = _URL.match(text)
    return match[1].lower() if match else None
