"""The control that says on which frames the model runs."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox

from desktop_pose.core.settings import DECLARATIONS
from desktop_pose.core.skip import EVERY_FRAME, Skip
from desktop_pose.ui.setting_fields import NARROWEST_PX

_OFFERED = (EVERY_FRAME, Skip(None), Skip(2), Skip(3), Skip(5), Skip(10))
_ORDINALS = {2: "2nd", 3: "3rd"}


class SkipField(QComboBox):
    """The usual ways to skip frames, and the one in force where it is another.

    **Signals**
        chosen(Skip): The user chose another way.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown = list(_OFFERED)
        self.addItems([_words(skip) for skip in self._shown])
        declaration = DECLARATIONS["skip"]
        self.setToolTip(declaration.help)
        self.setAccessibleName(declaration.label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._on_activated)

    def minimumSizeHint(self) -> QSize:
        """Narrower than the longest choice where the window leaves no room: it is cut short then."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), NARROWEST_PX), hint.height())

    def show_value(self, skip: Skip) -> None:
        """Show `skip` without a signal."""
        if skip not in self._shown:
            self._shown.append(skip)
            self.addItem(_words(skip))
        self.setCurrentIndex(self._shown.index(skip))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self._shown[index])


def _words(skip: Skip) -> str:
    if skip.every is None or skip == EVERY_FRAME:
        return str(skip)
    return f"all but every {_ORDINALS.get(skip.every, f'{skip.every}th')}"
