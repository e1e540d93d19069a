"""Frames from cameras, streams, video files, image folders and the demo clip, behind one interface.

A source is opened, read and closed by one thread; `release()` from another thread during a read crashes.
Importing the package sets what OpenCV reads from the environment; do that before `cv2` is imported.
"""

import desktop_pose.capture.environment  # noqa: F401  # for its effect
