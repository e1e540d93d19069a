"""Finds out whether Qt can open a window here: where it cannot, it aborts instead of saying so."""

import ctypes
import os
import sys

from desktop_pose.core.errors import DesktopPoseError

_XCB_LIBRARIES = ("libxcb-cursor.so.0", "libxkbcommon-x11.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1")
"""What Qt's plugin for X11 links to and a bare system lacks; `desktop-pose doctor` names their packages."""


def display_problem() -> DesktopPoseError | None:
    """Why there can be no window; None where nothing is known to be in the way."""
    if sys.platform != "linux":
        return None
    platform, x11 = os.environ.get("QT_QPA_PLATFORM", ""), os.environ.get("DISPLAY")
    if not (platform or x11 or os.environ.get("WAYLAND_DISPLAY")):
        return DesktopPoseError("There is no display here", "Log in to a desktop, or add run --headless")
    if platform not in ("", "xcb") or (not platform and os.environ.get("WAYLAND_DISPLAY")):
        return None  # not X11, or not X11 alone
    missing = [library for library in _XCB_LIBRARIES if _loaded(library) is None]
    if missing:
        return DesktopPoseError(
            f"Qt cannot open a window without {', '.join(missing)}", "See desktop-pose doctor for the remedy"
        )
    if not _can_connect():
        return DesktopPoseError(
            f"The display {x11} cannot be reached", "Set DISPLAY to one that can, or add run --headless"
        )
    return None


def _loaded(library: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(library)
    except OSError:
        return None


def _can_connect() -> bool:
    """Whether the X server of DISPLAY answers."""
    xcb = _loaded("libxcb.so.1")
    if xcb is None:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    has_failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not has_failed
