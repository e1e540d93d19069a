"""The control that says on which frames the model runs."""

from PySide6.QtCore import Signal, Slot

from desktop_pose.core.skip import EVERY_FRAME, Skip
from desktop_pose.ui.setting_fields import DeclaredChoice

_OFFERED = (EVERY_FRAME, Skip(None), Skip(2), Skip(3), Skip(5), Skip(10))
_ORDINALS = {2: "2nd", 3: "3rd"}


class SkipField(DeclaredChoice):
    """The usual ways to skip frames, and the one in force where it is another.

    **Signals**
        chosen(Skip): The user chose another way.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("skip")
        self._shown = list(_OFFERED)
        self.addItems([_words(skip) for skip in self._shown])
        self.activated.connect(self._on_activated)

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
