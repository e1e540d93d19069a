"""Refuses frames and times that a tracker cannot use, before anything has been changed by them.

One check for all backends: what a frame may be does not depend on what looks at it. `docs/library.md` lists
what is refused.
"""

from operator import index

import numpy as np

from desktop_pose.core.errors import InputError

LONGEST_SIDE_PX = 32767
"""OpenCV warps no larger pictures: it counts their pixels in 16 bits."""

_UINT8 = np.dtype(np.uint8)
_LAST_TIME_NS = 2**63 - 1
_CONVERSIONS = {1: "cv2.COLOR_GRAY2BGR", 4: "cv2.COLOR_BGRA2BGR"}


class InputCheck:
    """Checks the input of one tracker."""

    def __init__(self) -> None:
        self._last_ns: int | None = None

    def restart(self) -> None:
        """Let time begin anew."""
        self._last_ns = None

    def check(self, image: object, time_ns: object) -> None:
        """Pass if `image` at `time_ns` is a frame that can be tracked after the one that passed before.

        Raises:
            InputError: It is not; the frame counts as never given.
        """
        _check_image(image)
        self._last_ns = _checked_time(time_ns, self._last_ns)


def _check_image(image: object) -> None:
    if not isinstance(image, np.ndarray):
        raise InputError(
            f"The frame is a {type(image).__name__}, not an array", "Give a NumPy array, height x width x 3"
        )
    if image.size == 0:
        raise InputError(f"The frame is empty (shape {image.shape})", "Check whether it could be read at all")
    channels = image.shape[2] if image.ndim == 3 else 1 if image.ndim == 2 else None
    if channels is None:
        raise InputError(f"The frame has the shape {image.shape}", "Give one picture, height x width x 3")
    if image.dtype != _UINT8:
        raise InputError(
            f"The frame's pixels are {image.dtype}, not uint8",
            "Scale them to 0 to 255 and convert them to uint8",
        )
    if channels != 3:
        conversion = _CONVERSIONS.get(channels)
        remedy = f"Convert it with cv2.cvtColor(frame, {conversion})" if conversion else "Give it as BGR"
        raise InputError(f"The frame has {channels} channel{'s' * (channels != 1)}, not 3", remedy)
    if max(image.shape) > LONGEST_SIDE_PX:
        raise InputError(
            f"The frame is {image.shape[1]}x{image.shape[0]} pixels large",
            f"Make it smaller: its sides may have {LONGEST_SIDE_PX} pixels at most",
        )


def _checked_time(time_ns: object, last_ns: int | None) -> int:
    try:
        checked_ns = index(time_ns)  # type: ignore[arg-type]  # raises for what is no whole number
    except TypeError as error:
        raise InputError(
            f"The time of the frame is {time_ns!r}, not a whole number", "Give it in nanoseconds, as an int"
        ) from error
    if abs(checked_ns) > _LAST_TIME_NS:
        raise InputError(
            f"The time of the frame, {checked_ns} ns, has no 64 bits", "Count from the first frame"
        )
    if last_ns is not None and checked_ns <= last_ns:
        movement = "stands still" if checked_ns == last_ns else "goes backwards"
        raise InputError(
            f"Time {movement}: a frame of {checked_ns} ns came after one of {last_ns} ns",
            "Leave the frame out, or call reset() after a jump to an earlier time",
        )
    return checked_ns
