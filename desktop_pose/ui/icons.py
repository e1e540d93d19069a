"""The icons of `resources/icons/`, drawn in the colour of the text beside them."""

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop_pose.core.resources import resources_dir

_INK = "#000"
"""What the files say where the colour of the text is meant."""

_SIZES_PX = (16, 32, 48)


def icon(name: str, ink: QColor) -> QIcon:
    """The icon of that name with `ink` in place of black."""
    text = (resources_dir() / "icons" / f"{name}.svg").read_text("utf-8")
    renderer = QSvgRenderer(QByteArray(text.replace(f'"{_INK}"', f'"{ink.name()}"').encode()))
    made = QIcon()
    for size_px in _SIZES_PX:
        pixmap = QPixmap(QSize(size_px, size_px))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        made.addPixmap(pixmap)
    return made


def window_icon() -> QIcon:
    """The application's own icon."""
    return icon("desktop-pose", QColor(0, 0, 0))
