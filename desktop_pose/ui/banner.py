"""Messages on top of the picture: what happened, what to do, and buttons for it. None of them blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.ui.icons import icon

_MOST = 3
"""More messages than these would hide the picture: the oldest goes."""

_INFORMATION_MS = 8000
_INK = QColor(240, 240, 240)
_STYLE = """
#banner {{ background: {background}; border-radius: 6px; }}
#banner QLabel {{ color: #f4f4f4; }}
#banner QPushButton {{ color: #f4f4f4; background: rgba(255, 255, 255, 38);
  border: 1px solid rgba(255, 255, 255, 90); border-radius: 4px; padding: 3px 10px; }}
#banner QPushButton:hover {{ background: rgba(255, 255, 255, 70); }}
#banner QPushButton:focus {{ border-color: white; }}
#banner QToolButton {{ border: none; padding: 3px; }}
#banner QToolButton:hover, #banner QToolButton:focus {{
  background: rgba(255, 255, 255, 60); border-radius: 4px; }}
"""
_PROBLEM_BACKGROUND = "#7d2b22"
_INFORMATION_BACKGROUND = "#2b4257"


@dataclass(frozen=True, slots=True)
class Message:
    """What a banner says.

    Attributes:
        text: What happened, one sentence without a full stop.
        hint: What to do about it, one sentence without a full stop; empty where nothing is to be done.
        is_problem: Whether it stays until it is closed, instead of going by itself.
        topic: A new message of the same topic takes the place of the old one.
    """

    text: str
    hint: str = ""
    is_problem: bool = False
    topic: str = ""


def problem(error: DesktopPoseError, topic: str = "") -> Message:
    """The message that says what an error says."""
    return Message(error.message, error.hint, is_problem=True, topic=topic)


class Banner(QFrame):
    """One message with its buttons and a button to close it.

    **Signals**
        dismissed(): The message was closed, by the user, by a button or by time.
    """

    dismissed = Signal()

    def __init__(self, message: Message, buttons: dict[str, Callable[[], None]], parent: QWidget) -> None:
        super().__init__(parent)
        self.message = message
        self.setObjectName("banner")
        background = _PROBLEM_BACKGROUND if message.is_problem else _INFORMATION_BACKGROUND
        self.setStyleSheet(_STYLE.format(background=background))
        mark, self._words, self._buttons = self._mark(), self._label(), self._button_row(buttons)
        close = self._close_button()  # after the others: Tab goes from left to right
        for widget in (mark, self._words, close, self._buttons):
            widget.ensurePolished()
        line_px = close.sizeHint().height()  # mark, first line and cross stand in one
        if buttons:
            line_px = max(line_px, self._buttons.sizeHint().height())
        mark.setFixedHeight(line_px)
        close.setFixedHeight(line_px)
        above_px = max(0, (line_px - self._words.fontMetrics().lineSpacing()) // 2)
        self._words.setContentsMargins(0, above_px, 0, above_px)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(10, 6, 6, 6)
        self._grid.setColumnStretch(1, 1)
        for column, widget in ((0, mark), (1, self._words), (3, close)):
            self._grid.addWidget(widget, 0, column, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self._buttons, 0, 2)
        self._buttons.setHidden(not buttons)
        if not message.is_problem:
            QTimer.singleShot(_INFORMATION_MS, self, self.dismiss)

    def fit(self, width_px: int) -> None:
        """Put the buttons beside the words if these have room for one line there, else below them."""
        if self._buttons.isHidden():
            return
        one_line_px = self._words.fontMetrics().horizontalAdvance(self._words.text())
        least_px = self._words.minimumSizeHint().width()
        self._grid.removeWidget(self._buttons)
        self._grid.addWidget(self._buttons, 0, 2)
        if self._grid.minimumSize().width() - least_px + one_line_px > width_px:
            self._grid.removeWidget(self._buttons)
            self._grid.addWidget(self._buttons, 1, 0, 1, 4, Qt.AlignmentFlag.AlignRight)

    @Slot()
    def dismiss(self) -> None:
        """Take the message away."""
        self.dismissed.emit()

    def _mark(self) -> QLabel:
        mark = QLabel()
        mark.setPixmap(icon("warning" if self.message.is_problem else "info", _INK).pixmap(16, 16))
        return mark

    def _label(self) -> QLabel:
        label = QLabel(". ".join(part for part in (self.message.text, self.message.hint) if part) + ".")
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        return label

    def _button_row(self, buttons: dict[str, Callable[[], None]]) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        for text, handler in buttons.items():
            row.addWidget(self._button(text, handler))
        return holder

    def _button(self, text: str, handler: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: handler())
        button.clicked.connect(self.dismiss)
        return button

    def _close_button(self) -> QToolButton:
        close = QToolButton()
        close.setIcon(icon("close", _INK))
        close.setToolTip("Close this message")
        close.setAccessibleName("Close this message")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self.dismiss)
        return close


class BannerArea(QWidget):
    """The messages of the moment, at the top of the widget they lie on.

    That one says when it is `resized`, to be connected to `arrange`.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(10, 10, 10, 0)
        self._layout.setSpacing(6)
        self._banners: list[Banner] = []
        self._ground = parent
        self.hide()

    @property
    def messages(self) -> list[Message]:
        """What is shown, the oldest first."""
        return [banner.message for banner in self._banners]

    def show_message(self, message: Message, buttons: dict[str, Callable[[], None]] | None = None) -> None:
        """Show `message`, with buttons by their text; the same message is not shown twice."""
        if message in self.messages:
            return
        if message.topic:
            self.clear_topic(message.topic)
        for banner in self._banners[: len(self._banners) - _MOST + 1]:
            banner.dismiss()
        banner = Banner(message, buttons or {}, self)
        banner.dismissed.connect(partial(self._forget, banner))
        self._banners.append(banner)
        self._layout.addWidget(banner)
        banner.show()
        self.arrange()

    def clear_topic(self, topic: str) -> None:
        """Take away what was said about `topic`."""
        for banner in [banner for banner in self._banners if banner.message.topic == topic]:
            banner.dismiss()

    @Slot()
    def arrange(self) -> None:
        """Follow the width of what the messages lie on; hidden while there are none."""
        self.setVisible(bool(self._banners))
        if not self._banners:
            return
        width = self._ground.width()
        margins = self._layout.contentsMargins()
        for banner in self._banners:
            banner.fit(width - margins.left() - margins.right())
        self._layout.invalidate()
        self.setGeometry(0, 0, width, self._layout.totalHeightForWidth(width))
        self.raise_()

    def _forget(self, banner: Banner) -> None:
        if banner not in self._banners:
            return
        self._banners.remove(banner)
        self._layout.removeWidget(banner)
        banner.hide()
        banner.deleteLater()
        self.arrange()
