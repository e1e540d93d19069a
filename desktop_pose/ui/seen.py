"""Whether anybody can see a widget, as far as the system tells."""

from PySide6.QtWidgets import QWidget


def can_be_seen(widget: QWidget) -> bool:
    """Whether `widget` is shown in a window that is neither minimised nor, where that is told, covered."""
    window = widget.window()
    handle = window.windowHandle()
    return widget.isVisible() and not window.isMinimized() and (handle is None or handle.isExposed())
