"""Colours that do not come from the system's palette, and one that is mixed from it."""

from PySide6.QtGui import QColor, QPalette

PICTURE_BACKGROUND = QColor(22, 24, 27)

CAMERA_ON = QColor(46, 160, 67)
RECORDING = QColor(217, 48, 37)

BLUE = "#2f7ed8"
VERMILION = "#d55e00"
GREEN = "#109967"
PURPLE = "#a05ac8"
OCHRE = "#a87900"
PINK = "#d1609e"
TEAL = "#1a8fa8"
RED = "#d9403f"
GREY = "#82878f"
BROWN = "#9c6b4a"
CURVES = (BLUE, VERMILION, GREEN, PURPLE, OCHRE, PINK, TEAL, RED, GREY, BROWN)
"""Middle tones that stand out from white and from near black by 3 to 1, the least WCAG asks of graphics."""


def subdued(palette: QPalette) -> QColor:
    """The colour of captions and axes: weaker than the text, still well readable."""
    text, ground = palette.windowText().color(), palette.window().color()
    share = 0.72
    return QColor(
        *(
            round(share * strong + (1 - share) * weak)
            for strong, weak in (
                (text.red(), ground.red()),
                (text.green(), ground.green()),
                (text.blue(), ground.blue()),
            )
        )
    )
