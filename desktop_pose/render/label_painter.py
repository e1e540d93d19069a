"""Draws the ids at people's heads."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from desktop_pose.render.labels import Label
from desktop_pose.render.scene import CASING

_PLATE = QColor(*CASING)
_INK = QColor(245, 245, 245)
_LOCKED_PLATE = QColor(240, 228, 66)
"""Yellow of Okabe and Ito's palette, which no line of a skeleton has."""

_TEXT_PER_HEIGHT = 0.72
_CHARACTER_PER_HEIGHT = 0.45
_PADDING_PER_HEIGHT = 0.55
_PADLOCK_PER_HEIGHT = 0.55
_ROUNDING_PER_HEIGHT = 0.3


def draw_labels(image: QImage, labels: Sequence[Label]) -> None:
    """Draw `labels` over `image`: light on dark; where locked dark on yellow, with a padlock."""
    if not labels:
        return
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont()
    font.setBold(True)
    font.setPixelSize(max(1, round(labels[0].height_px * _TEXT_PER_HEIGHT)))
    painter.setFont(font)
    for label in labels:
        _draw(painter, label)
    painter.end()


def _draw(painter: QPainter, label: Label) -> None:
    height_px = label.height_px
    padlock_px = _PADLOCK_PER_HEIGHT * height_px if label.is_locked else 0.0
    text_px = _CHARACTER_PER_HEIGHT * height_px * len(label.text)
    width_px = max(height_px, padlock_px + text_px + _PADDING_PER_HEIGHT * height_px)
    plate = QRectF(label.x_px - width_px / 2, label.y_px - height_px / 2, width_px, height_px)
    rounding_px = _ROUNDING_PER_HEIGHT * height_px
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_LOCKED_PLATE if label.is_locked else _PLATE)
    painter.drawRoundedRect(plate, rounding_px, rounding_px)
    ink = _PLATE if label.is_locked else _INK
    if label.is_locked:
        _draw_padlock(painter, QPointF(plate.left() + 0.5 * height_px, label.y_px), height_px, ink)
    painter.setPen(ink)
    painter.drawText(plate.adjusted(padlock_px, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, label.text)


def _draw_padlock(painter: QPainter, middle: QPointF, height_px: float, ink: QColor) -> None:
    body = QRectF(0, 0, 0.42 * height_px, 0.32 * height_px)
    body.moveCenter(middle + QPointF(0, 0.13 * height_px))
    painter.setBrush(ink)
    painter.drawRect(body)
    shackle = QRectF(0, 0, 0.26 * height_px, 0.34 * height_px)
    shackle.moveCenter(QPointF(middle.x(), body.top()))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 0.09 * height_px))
    painter.drawArc(shackle, 0, 180 * 16)
