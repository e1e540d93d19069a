"""What a source is written as, as far as more than one layer has to know it."""

import os
import re
from pathlib import Path

DEMO = "demo"
"""The shipped clip."""

STREAM_SCHEMES = ("http", "https", "rtsp", "rtmp", "udp", "tcp")

_LOGIN = re.compile(r"^([a-z][a-z0-9+.-]*://)[^/?#]*@", re.IGNORECASE)


def without_login(source: str) -> str:
    """`source` as it may be shown and kept: an address without the user name and password in it."""
    return _LOGIN.sub(r"\1", source)


def shown_name(path: Path) -> str:
    """The name of `path` as text that can be written anywhere: on Unix a name may be no text at all."""
    return os.fsencode(path.name).decode("utf-8", "replace")
