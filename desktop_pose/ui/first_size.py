"""How large a window is at first: as planned, or what the screen has room for."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStyle, QWidget

_FRAME_PX = 12
"""More than the edges of a window take, without its title bar."""


def first_size(window: QWidget, planned: QSize) -> QSize:
    """As planned, or what the screen has room for; Qt's offscreen platform has no real one."""
    if QGuiApplication.platformName() == "offscreen":
        return planned
    title_bar_px = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight, None, window)
    return bounded(planned, window.screen().availableSize(), title_bar_px).expandedTo(window.minimumSize())


def bounded(planned: QSize, available: QSize, title_bar_px: int) -> QSize:
    """As planned, or what a screen has room for inside the frame of a window, whose size is not known yet."""
    return planned.boundedTo(available - QSize(_FRAME_PX, title_bar_px + _FRAME_PX))
