"""What a source is written as, as far as more than one layer has to know it."""

import re

DEMO = "demo"
"""The shipped clip."""

STREAM_SCHEMES = ("http", "https", "rtsp", "rtmp", "udp", "tcp")

_LOGIN = re.compile(r"^([a-z][a-z0-9+.-]*://)[^/?#]*@", re.IGNORECASE)


def without_login(source: str) -> str:
    """`source` as it may be shown and kept: an address without the user name and password in it."""
    return _LOGIN.sub(r"\1", source)
