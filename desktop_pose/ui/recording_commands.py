"""What the user can do about recordings besides making them: mark a moment, and repair interrupted ones."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMainWindow, QMenu

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.settings import Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.library import Outcome
from desktop_pose.ui.actions import Command
from desktop_pose.ui.banner import Message, problem
from desktop_pose.ui.dialog_buttons import without_icons
from desktop_pose.ui.parts import Parts
from desktop_pose.ui.quality_menu import QualityMenu
from desktop_pose.ui.wording import in_minutes

_MARK_TOPIC = "mark"
_REPAIR_TOPIC = "repair"
_NOTE_WIDTH_PX = 380


class RecordingCommands(QObject):
    """Marks moments of the recording being made, and offers to repair those that were interrupted."""

    def __init__(self, controller: Controller, parts: Parts, window: QMainWindow) -> None:
        super().__init__(window)
        self._controller = controller
        self._parts = parts
        self._window = window

    def connect_actions(self, actions: dict[Command, QAction], choose: Callable[[Settings], None]) -> None:
        """Let menus and keys do the same; `choose` puts settings in force and has them stored."""
        actions[Command.MARK].triggered.connect(self.mark)
        for menu in actions[Command.MARK].associatedObjects():
            if isinstance(menu, QMenu):
                self.quality = QualityMenu(menu, choose, self._controller.settings)
                self._controller.settings_changed.connect(self.quality.show_settings)

    def look_for_interrupted(self) -> None:
        """Look in the background for recordings that were interrupted, and offer to repair them."""
        job = self._controller.library.find_interrupted()
        job.succeeded.connect(self._on_interrupted_found)
        job.failed.connect(self._on_failed)

    @Slot()
    def mark(self) -> None:
        """Mark this moment of the recording, and ask for a note; the mark is there whatever is answered."""
        recorder = self._controller.recorder
        number = recorder.mark()
        if number is None:
            message = Message("There is no recording to mark", "Start one first", topic=_MARK_TOPIC)
            self._parts.banners.show_message(message)
            return
        self._parts.charts.mark(monotonic_ns() / NS_PER_S, f"Mark {number}")
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(f"Mark {number}")
        dialog.setLabelText(f"Marked at {in_minutes(recorder.status.duration_s)}. A note, if you like:")
        dialog.resize(_NOTE_WIDTH_PX, dialog.sizeHint().height())
        dialog.textValueSelected.connect(partial(self._describe, number))
        without_icons(dialog).show()

    def _describe(self, number: int, note: str) -> None:
        if note and not self._controller.recorder.describe_mark(number, note):
            text = f"The recording ended before the note of mark {number} came"
            self._parts.banners.show_message(Message(text, "The mark is there without it", topic=_MARK_TOPIC))

    @Slot(object)
    def _on_interrupted_found(self, sessions: tuple[Path, ...]) -> None:
        if not sessions:
            return
        if len(sessions) == 1:
            text = f"The recording {sessions[0].name} was interrupted"
        else:
            text = f"{len(sessions)} recordings were interrupted"
        message = Message(
            text,
            "All but the last second is there; repairing makes it complete",
            is_problem=True,
            topic=_REPAIR_TOPIC,
        )
        self._parts.banners.show_message(message, {"Repair": partial(self._repair, sessions)})

    def _repair(self, sessions: tuple[Path, ...]) -> None:
        job = self._controller.library.repair(sessions)
        job.succeeded.connect(self._on_repaired)
        job.failed.connect(self._on_failed)

    @Slot(object)
    def _on_repaired(self, outcome: Outcome) -> None:
        for error in outcome.problems:
            self._parts.banners.show_message(problem(error))
        if outcome.done:
            count = len(outcome.done)
            text = f"{outcome.done[0].name} is repaired" if count == 1 else f"{count} recordings are repaired"
            self._parts.banners.show_message(Message(text, topic=_REPAIR_TOPIC))

    @Slot(object)
    def _on_failed(self, error: DesktopPoseError) -> None:
        self._parts.banners.show_message(problem(error, _REPAIR_TOPIC))
