"""Tells the interpreter and the libraries how to behave, before they are imported and after."""

import importlib
import logging
import os
import sys

from desktop_pose.core import places

_SWITCH_INTERVAL_S = 0.0005
"""How soon a busy thread lets another one run. A frame passes four threads and needs the interpreter many
times on the way: with Python's 5 ms, stripping a model in the background held it up for 50 ms and more."""


def prepare_libraries() -> None:
    """Let threads take turns quickly, and keep OpenCV from starting its own and from talking.

    Call before anything imports OpenCV: it reads its environment once.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    importlib.import_module("desktop_pose.capture.environment")
    import cv2

    # With its own threads one live program took 170 % of a core instead of 36 %.
    cv2.setNumThreads(1)


def keep_standard_error() -> None:
    """Keep standard error for what is written in Python; what libraries write natively goes to the log.

    LiteRT and MediaPipe tell there, at every start, what no user can use, and cannot be told not to.
    """
    former = sys.stderr
    if former is not sys.__stderr__ or former is None:
        return  # there is none, or a test listens to it
    former.flush()
    kept = os.dup(former.fileno())
    try:
        target = os.open(places.log_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        target = os.open(os.devnull, os.O_WRONLY)
    os.dup2(target, former.fileno())
    os.close(target)
    sys.stderr = os.fdopen(kept, "w", 1, former.encoding, "backslashreplace")
    for handler in logging.getLogger("desktop_pose").handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is former:
            handler.setStream(sys.stderr)
