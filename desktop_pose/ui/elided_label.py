"""A line of text that gives way: what does not fit is left out of its middle and told by the tooltip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy

_LEAST_CHARACTERS = 6


class ElidedLabel(QLabel):
    """Plain text in one line.

    Args:
        tip: What the tooltip says below the whole text.
    """

    def __init__(self, tip: str = "") -> None:
        super().__init__()
        self._tip = tip
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:  # noqa: N802  # Qt's
        """Show `text`."""
        if text != self.text():
            super().setText(text)
            self.setToolTip("\n".join(part for part in (text, self._tip) if part))

    def minimumSizeHint(self) -> QSize:
        """Room for a few characters."""
        hint = super().minimumSizeHint()
        return QSize(
            min(hint.width(), _LEAST_CHARACTERS * self.fontMetrics().averageCharWidth()), hint.height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  # Qt's
        """Paint what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        elided = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), self.alignment(), elided)
        painter.end()
