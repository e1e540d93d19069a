"""Environment variables that OpenCV reads when it is imported or first used; import this before `cv2`.

What the user has set stays as it is.
"""

import os

VALUES = {
    # Seconds; OpenCV's own 10 s would hold the thread of a stalled camera that long.
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "1",
    # With hardware transforms Media Foundation takes 10 to 60 s to open a camera.
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
    # OpenCV can ask macOS for the permission on the main thread only, and refuses the camera on any other;
    # without its asking, macOS asks by itself when the camera is first used.
    "OPENCV_AVFOUNDATION_SKIP_AUTH": "1",
    # What goes wrong is told by our own errors; FFmpeg's and OpenCV's lines on standard error say less.
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    "OPENCV_LOG_LEVEL": "FATAL",
}

for _name, _value in VALUES.items():
    os.environ.setdefault(_name, _value)
