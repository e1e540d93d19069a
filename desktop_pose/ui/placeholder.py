"""What stands in the place of the picture while there is none: why, and what to do."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_STYLE = """
QLabel#title { color: #e8eaed; font-size: 15pt; }
QLabel#hint { color: #b0b5bc; }
QPushButton { color: #e8eaed; background: #33383e; border: 1px solid #5f666e; border-radius: 5px;
  padding: 6px 16px; }
QPushButton:hover { background: #434a52; }
QPushButton:pressed { background: #2a2e33; }
QPushButton:focus { border-color: #8ab4f8; }
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the placeholder says.

    Attributes:
        title: The state in a few words.
        hint: What to do; may be empty.
        offers_sources: Whether the buttons for other sources are shown.
    """

    title: str
    hint: str = ""
    offers_sources: bool = False


NO_CAMERA = Notice(
    "No camera was found",
    "Connect one and choose it below, or watch something else",
    offers_sources=True,
)
STOPPED = Notice("Stopped", "Press Space to start")
STARTING = Notice("Starting…")
RECONNECTING = Notice("No picture from the source", "Trying to open it again; Space stops the attempts")


class Placeholder(QWidget):
    """A title, a hint, and buttons by the command or word they stand for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setStyleSheet(_STYLE)
        self.title, self.hint = QLabel(), QLabel()
        self.title.setObjectName("title")
        self.hint.setObjectName("hint")
        for label in (self.title, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.demo = QPushButton("Demo")
        self.video = QPushButton("Open a video…")
        self.stream = QPushButton("Open a stream…")
        self._buttons = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._buttons)
        for button in (self.demo, self.video, self.stream):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._row.addWidget(button)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addWidget(self._buttons, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def show_notice(self, notice: Notice | None) -> None:
        """Say `notice`; None takes the placeholder away."""
        self.setVisible(notice is not None)
        if notice is None:
            return
        self.title.setText(notice.title)
        self.hint.setText(notice.hint)
        self.hint.setVisible(bool(notice.hint))
        self._buttons.setVisible(notice.offers_sources)
        self._arrange_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the buttons whole."""
        super().resizeEvent(event)
        self._arrange_buttons()

    def _arrange_buttons(self) -> None:
        """Side by side where that fits, else one above the other."""
        side_by_side, stacked = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._row.setDirection(side_by_side)
        has_room = self._row.sizeHint().width() <= self.contentsRect().width()
        self._row.setDirection(side_by_side if has_room else stacked)
