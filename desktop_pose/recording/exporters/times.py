"""Times as exports write them, exact to the digit."""


def seconds_text(time_ns: int) -> str:
    """`time_ns`, not negative, in seconds with six decimals, rounded half up."""
    microseconds = (time_ns + 500) // 1000
    return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"
