"""Video files as the command line takes them: no cameras, streams or folders."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

from desktop_pose.capture.opening import create_source, kind_of
from desktop_pose.capture.protocol import FrameSource
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import SourceKind
from desktop_pose.core.settings import core_count

_MOST_DECODE_THREADS = 4
"""Each holds a decoded frame; more than these no tracker keeps up with."""


@contextmanager
def open_video(text: str, *, ahead: bool) -> Iterator[FrameSource]:
    """The open video file, or the demo clip, that `text` stands for; closed afterwards.

    Args:
        text: A path, or `demo`.
        ahead: Decode ahead on threads of its own.

    Raises:
        SourceError: It is missing, unreadable, or no video file.
    """
    kind = kind_of(text)
    if kind is None and not os.path.exists(text):  # noqa: PTH110  # False where the way is barred
        raise SourceError(f"There is no file {text!r}", "Check the name, or give demo for the shipped clip")
    if kind not in (None, SourceKind.FILE, SourceKind.DEMO):
        raise SourceError(f"{text} is no video file", "Give a video file; desktop-pose run takes the rest")
    threads = min(core_count(), _MOST_DECODE_THREADS) if ahead else 1
    source = create_source(text, decode_threads=threads)
    with closing(source):
        source.open()
        yield source
