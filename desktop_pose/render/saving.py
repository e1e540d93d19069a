"""Saves a picture as a file, whole or not at all."""

from pathlib import Path

from PySide6.QtCore import QIODevice, QSaveFile
from PySide6.QtGui import QImage, QImageWriter


def save_image(image: QImage, path: Path) -> bool:
    """Whether `image` was saved as `path`, in the format of its suffix; if not, nothing has changed there."""
    file = QSaveFile(str(path))
    writer = QImageWriter(file, path.suffix.removeprefix(".").encode())
    return file.open(QIODevice.OpenModeFlag.WriteOnly) and writer.write(image) and file.commit()
