"""Tells the interpreter and the libraries how to behave, before they are imported and after."""

import importlib
import sys

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
