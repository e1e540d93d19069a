"""The menu with the quality of recorded video."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from desktop_pose.core.settings import DECLARATIONS, Settings, VideoQuality
from desktop_pose.ui.setting_fields import WORDS


class QualityMenu(QObject):
    """Shows the quality in force, and says what the user wants.

    Args:
        menu: Gets the menu as its next entry, in a group of its own.
        choose: Called with the settings the user wants.
        settings: Those in force.
    """

    def __init__(self, menu: QMenu, choose: Callable[[Settings], None], settings: Settings) -> None:
        super().__init__(menu)
        declaration = DECLARATIONS["video_quality"]
        menu.addSeparator()
        self.menu = menu.addMenu(f"{declaration.label[0]}&{declaration.label[1:]}")
        self.menu.setToolTipsVisible(True)
        self._choose = choose
        self._settings = settings
        self._group = QActionGroup(self)
        self.actions: dict[VideoQuality, QAction] = {}
        for quality in VideoQuality:
            action = self.menu.addAction(WORDS[quality])
            action.setToolTip(declaration.help)
            action.setCheckable(True)
            action.setData(quality)
            self._group.addAction(action)
            self.actions[quality] = action
        self._group.triggered.connect(self._on_triggered)
        self.show_settings(settings)

    @Slot(object)
    def show_settings(self, settings: Settings) -> None:
        """Show the settings in force."""
        self._settings = settings
        self.actions[settings.video_quality].setChecked(True)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self._choose(self._settings.changed(video_quality=action.data()))
