"""Times as exports write them, exact to the digit."""

from desktop_pose.core.clock import NS_PER_S


def seconds_text(time_ns: int) -> str:
    """`time_ns`, not negative, in seconds with six decimals, rounded half up."""
    microseconds = (time_ns + 500) // 1000
    return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"


def exact_seconds_text(time_ns: int) -> str:
    """`time_ns`, not negative, in seconds with all nine decimals."""
    return f"{time_ns // NS_PER_S}.{time_ns % NS_PER_S:09d}"
