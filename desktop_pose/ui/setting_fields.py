"""Input widgets made from the declarations of the settings: label, tooltip, choices and bounds."""

from enum import Enum

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from desktop_pose.core.settings import (
    DECLARATIONS,
    UNVERIFIED,
    Backend,
    Background,
    PoseModel,
    RecordingKind,
    Rotation,
    Smoothing,
    VideoQuality,
)

WORDS: dict[Enum, str] = {
    Backend.LITERT: "LiteRT",
    Backend.MEDIAPIPE: "MediaPipe",
    PoseModel.LITE: "lite",
    PoseModel.FULL: "full",
    PoseModel.HEAVY: "heavy",
    Smoothing.OFF: "off",
    Smoothing.MEDIAPIPE: "MediaPipe's",
    Smoothing.STRONG: "strong",
    Rotation.NONE: "0°",
    Rotation.RIGHT: "90° ↻",
    Rotation.HALF: "180°",
    Rotation.LEFT: "90° ↺",
    RecordingKind.LANDMARKS: "landmarks",
    RecordingKind.VIDEO: "landmarks + video",
    RecordingKind.OVERLAY: "video with skeleton",
    VideoQuality.LOW: "low",
    VideoQuality.MEDIUM: "medium",
    VideoQuality.HIGH: "high",
}
"""Choices in the window's words; one that is missing here shows as it is stored."""

_BACKGROUNDS = (("as it is", None), ("blurred", Background.BLUR), ("removed", Background.REMOVE))


NARROWEST_PX = 58


def allow(field: QWidget, key: str, reason_against: str | None) -> None:
    """Grey the field of the setting `key` out and say why; None makes it usable again."""
    field.setEnabled(reason_against is None)
    field.setToolTip(reason_against or DECLARATIONS[key].help)


def _declare(field: QWidget, key: str) -> None:
    """Give a field the words that are declared for its setting; Tab reaches it, a click does not."""
    field.setToolTip(DECLARATIONS[key].help)
    field.setAccessibleName(DECLARATIONS[key].label)
    field.setFocusPolicy(Qt.FocusPolicy.TabFocus)


class DeclaredChoice(QComboBox):
    """What all fields with choices for a setting share: its words, and how narrow they may become."""

    def __init__(self, key: str) -> None:
        super().__init__()
        _declare(self, key)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def minimumSizeHint(self) -> QSize:
        """Narrower than the longest choice where the window leaves no room: it is cut short then."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), NARROWEST_PX), hint.height())


class ChoiceField(DeclaredChoice):
    """A setting with a few choices.

    **Signals**
        chosen(Enum): The user chose another value.
    """

    chosen = Signal(object)

    def __init__(self, key: str) -> None:
        super().__init__(key)
        for member in DECLARATIONS[key].kind:  # type: ignore[attr-defined]  # the kind of a choice is an Enum
            self.addItem(WORDS.get(member, str(member.value)), member)
        self.activated.connect(self._on_activated)

    def show_value(self, value: Enum) -> None:
        """Show `value` without a signal."""
        self.setCurrentIndex(self.findData(value))

    def disable_choice(self, value: Enum, reason: str) -> None:
        """Grey out one choice and say why."""
        index = self.findData(value)
        self.model().item(index).setEnabled(False)  # type: ignore[attr-defined]  # a QStandardItemModel
        self.setItemText(index, f"{self.itemText(index)} (not available)")
        self.setItemData(index, reason, Qt.ItemDataRole.ToolTipRole)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self.itemData(index))


class ModelField(ChoiceField):
    """The shipped models; while one of the user's own is in use, that stands there as *unverified*."""

    def __init__(self) -> None:
        super().__init__("model")
        self._shipped_count = self.count()

    def show_own(self, name: str | None) -> None:
        """Show that a model of the user's own, of this name, is in use; None: a shipped one is."""
        while self.count() > self._shipped_count:
            self.removeItem(self._shipped_count)
        self.setToolTip(DECLARATIONS["model"].help)
        if name is not None:
            self.addItem(UNVERIFIED)
            self.setCurrentIndex(self._shipped_count)
            self.setToolTip(f"{name}, a model of your own: nobody has verified what it finds")

    def _on_activated(self, index: int) -> None:
        if index < self._shipped_count:
            super()._on_activated(index)


class BackgroundField(QComboBox):
    """Whether there is a mask, and what it does to the background: two settings, one choice for the user.

    **Signals**
        chosen(Background | None): The user chose another background; None is the picture's own.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        for text, background in _BACKGROUNDS:
            self.addItem(text, background)
        self.setToolTip(
            "What is seen behind people, in the window and in snapshots. Recordings keep the whole picture.\n"
            "Anything but \u201cas it is\u201d needs a mask of the people, which costs time."
        )
        self.setAccessibleName(DECLARATIONS["background"].label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._on_activated)

    def show_value(self, background: Background | None) -> None:
        """Show `background` without a signal."""
        self.setCurrentIndex([value for _, value in _BACKGROUNDS].index(background))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(_BACKGROUNDS[index][1])


class NumberField(QSpinBox):
    """A setting that is a whole number within bounds.

    **Signals**
        chosen(int): The user chose another value.
    """

    chosen = Signal(int)

    def __init__(self, key: str) -> None:
        super().__init__()
        declaration = DECLARATIONS[key]
        if declaration.minimum is not None:
            self.setMinimum(declaration.minimum)
        if declaration.maximum is not None:
            self.setMaximum(declaration.maximum)
        _declare(self, key)
        self.valueChanged.connect(self.chosen)

    def show_value(self, value: int) -> None:
        """Show `value` without a signal."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)


class SwitchField(QCheckBox):
    """A setting that is on or off.

    **Signals**
        chosen(bool): The user switched it.
    """

    chosen = Signal(bool)

    def __init__(self, key: str) -> None:
        super().__init__(DECLARATIONS[key].label)
        _declare(self, key)
        self.clicked.connect(self.chosen)

    def show_value(self, value: bool) -> None:
        """Show `value` without a signal."""
        self.setChecked(value)


class Captioned(QWidget):
    """A widget under its caption, as high as the highest one in its row."""

    def __init__(self, caption: str, widget: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.label = QLabel(caption)
        self.label.setObjectName("caption")
        self.label.setBuddy(widget)
        self.label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        # Buttons, boxes and numbers differ by a pixel or two, by which captions and words would as well.
        widget.setSizePolicy(widget.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Minimum)
        column.addWidget(self.label)
        column.addWidget(widget)


def captioned(key: str, widget: QWidget) -> Captioned:
    """`widget` under the label that is declared for the setting `key`."""
    return Captioned(DECLARATIONS[key].label, widget)
