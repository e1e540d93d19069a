"""Words in one line that give way to each other: what matters least is shortened first, then left out.

What is left out is told by the tooltip of what is left.
"""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QWidget

_SPACING_PX = 10
_MARGIN_PX = 4


class StatusWords(QLabel):
    """A text with shorter forms of itself. The text of the label stays the longest, for those who hear it.

    Args:
        tip: What the tooltip says below the whole text.
        most_characters: No form claims more room than for so many: it is cut short in its middle where the
            others leave no more.
    """

    def __init__(self, tip: str = "", most_characters: int | None = None) -> None:
        super().__init__()
        self._tip = tip
        self._most_characters = most_characters
        self._forms: tuple[str, ...] = ("",)
        self._kept = ""
        self._form = 0
        self._extra_px = 0
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def say(self, *forms: str, tip: str | None = None, kept: str = "") -> None:
        """Say the first of `forms`, or a later one where there is no room; an empty one: nothing.

        Where one that ends with `kept` is cut short, it is before that.
        """
        self._tip = self._tip if tip is None else tip
        self._kept = kept
        if forms != self._forms or tip is not None:
            self._forms = forms
            self.setText(forms[0])
            self.setToolTip("\n".join(part for part in (forms[0], self._tip) if part))
            row = self.parentWidget()
            if isinstance(row, StatusRow):
                row.fit()

    @property
    def shown(self) -> str:
        """The form that is on screen."""
        return self._forms[self._form]

    def claim_px(self, form: int) -> int:
        """The room that a form claims; the last one stands for those that there are not."""
        width_px = self._wanted_px(self._forms[min(form, len(self._forms) - 1)])
        if self._most_characters is not None:
            width_px = min(width_px, self._most_characters * self.fontMetrics().averageCharWidth())
        return width_px

    def show_form(self, form: int, extra_px: int) -> int:
        """Show this form, with so much more room than it claims where it can use that; says what it took."""
        before = self.sizeHint()
        self._form = min(form, len(self._forms) - 1)
        self._extra_px = max(0, min(extra_px, self._wanted_px(self.shown) - self.claim_px(self._form)))
        self.setVisible(bool(self.shown))
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()
        return self._extra_px

    def sizeHint(self) -> QSize:
        """Room for the form that is shown."""
        return QSize(self.claim_px(self._form) + self._extra_px, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  # Qt's
        """Paint the form that is shown."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), self.alignment(), self.elided(self.width()))
        painter.end()

    def elided(self, width_px: int) -> str:
        """The form that is shown, cut short in its middle where it is wider than this."""
        kept = self._kept if self.shown.endswith(self._kept) else ""
        rest_px = width_px - self.fontMetrics().horizontalAdvance(kept)
        rest = self.shown.removesuffix(kept)
        return self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideMiddle, rest_px) + kept

    def _wanted_px(self, text: str) -> int:
        """Advances are rounded, and what is a part of a pixel too wide is cut short: hence one more."""
        return self.fontMetrics().horizontalAdvance(text) + 1 if text else 0


class StatusRow(QWidget):
    """Words in a row, some at its left and some at its right end, with other widgets between them.

    Args:
        left: What stands at the left end.
        right: What stands at the right end.
        giving_way: At each step the words that stand next here take their next shorter form. Steps are taken
            until all has room.
    """

    def __init__(
        self, left: Iterable[QWidget], right: Iterable[QWidget], giving_way: Sequence[StatusWords]
    ) -> None:
        super().__init__()
        self._giving_way = giving_way
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 0)
        self._row.setSpacing(_SPACING_PX)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # `minimumSizeHint` says it
        for widget in left:
            self._row.addWidget(widget)
        self._row.addStretch(1)
        for widget in right:
            self._row.addWidget(widget)
        self._widgets = (*left, *right)

    @property
    def words(self) -> tuple[StatusWords, ...]:
        """All words, from the left."""
        return tuple(each for each in self._widgets if isinstance(each, StatusWords))

    def fit(self) -> None:
        """Shorten as little as is needed."""
        forms = dict.fromkeys(self.words, 0)
        room_px = self.width() - self._taken_px(forms)
        for words in self._giving_way:
            if room_px >= 0:
                break
            forms[words] += 1
            room_px = self.width() - self._taken_px(forms)
        for words, form in forms.items():
            room_px -= words.show_form(form, max(room_px, 0))
        self.setToolTip("\n".join(words.text() for words in self.words if not words.shown and words.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit into the new width."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit a new font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the window becomes: what has no room is left out."""
        return QSize(0, super().minimumSizeHint().height())

    def _taken_px(self, forms: dict[StatusWords, int]) -> int:
        widths_px = [words.claim_px(form) for words, form in forms.items()]
        others = [each for each in self._widgets if each not in forms and not each.isHidden()]
        widths_px += [each.sizeHint().expandedTo(each.minimumSize()).width() for each in others]
        return sum(width_px + _SPACING_PX for width_px in widths_px if width_px) + 2 * _MARGIN_PX
