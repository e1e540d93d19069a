"""Words that stand in several places of the window, and numbers as people read them."""

_BYTE_UNITS = ("B", "kB", "MB", "GB", "TB")


def in_bytes(count: int) -> str:
    """`count` bytes in a unit of thousands, to three digits at most."""
    value = float(count)
    unit = 0
    while value >= 1000 and unit < len(_BYTE_UNITS) - 1:
        value /= 1000
        unit += 1
    digits = 1 if unit and value < 100 else 0
    return f"{value:.{digits}f} {_BYTE_UNITS[unit]}"


def in_minutes(seconds: float) -> str:
    """`seconds` as minutes and seconds, with hours where there are any."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def in_number(value: float | None) -> str:
    """`value` to two or three digits; a dash where it is not known."""
    if value is None:
        return "–"
    return f"{value:.1f}" if abs(value) < 99.95 else f"{value:.0f}"


def shortened(text: str, longest: int) -> str:
    """`text`, or so much of its beginning and end that it has `longest` characters and an ellipsis."""
    part = longest // 2
    return text if len(text) <= longest else f"{text[:part]}…{text[-part:]}"


def bug_in_words(message: str, what: str = "This failed") -> str:
    """What is said where a job has ended because of a bug, and `what` came of it."""
    return f"{what} because of a bug; the log says more ({message})."
