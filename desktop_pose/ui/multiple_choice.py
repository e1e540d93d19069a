"""A button with a menu, in which several things can be chosen."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QPushButton


class MultipleChoice(QPushButton):
    """A button with a menu of names, some of which can be chosen.

    **Signals**
        changed(): Others are chosen.

    Args:
        text: On the button.
        groups: Names by the group they stand in; the group without a name stands in the menu itself.
        first: Chosen at the beginning.
        most: How many can be chosen.

    Attributes:
        chosen: What is chosen, in the order of the menu.
    """

    changed = Signal()

    def __init__(
        self, text: str, groups: dict[str, tuple[str, ...]], first: Iterable[str], most: int
    ) -> None:
        super().__init__()
        self.setText(text)
        self.setToolTip(f"Choose up to {most}")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.chosen: tuple[str, ...] = tuple(first)
        self._most = most
        menu = QMenu(self)
        self._actions = {}
        for group, names in groups.items():
            place = menu.addMenu(f"{text}: {group}") if group else menu
            for name in names:
                action = place.addAction(name.replace("_", " "))
                action.setCheckable(True)
                action.setChecked(name in self.chosen)
                action.toggled.connect(self._on_toggled)
                self._actions[name] = action
        menu.addSeparator()
        none = menu.addAction("None")
        none.triggered.connect(self._choose_none)
        self.setMenu(menu)

    def choose(self, names: Iterable[str]) -> None:
        """Choose these and no others."""
        wanted = set(names)
        for name, action in self._actions.items():
            action.setChecked(name in wanted)

    @Slot()
    def _choose_none(self) -> None:
        self.choose(())

    @Slot(bool)
    def _on_toggled(self, _is_chosen: bool) -> None:
        self.chosen = tuple(name for name, action in self._actions.items() if action.isChecked())
        is_full = len(self.chosen) >= self._most
        for action in self._actions.values():
            action.setEnabled(action.isChecked() or not is_full)
        self.changed.emit()
