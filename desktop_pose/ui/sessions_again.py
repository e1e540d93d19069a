"""Asks with which settings a session is to be tracked again, and shows how far that is."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_pose.core.settings import DECLARATIONS, Backend, Settings
from desktop_pose.core.skip import EVERY_FRAME
from desktop_pose.engine.jobs import Job
from desktop_pose.recording.catalogue import CatalogueEntry
from desktop_pose.ui.dialog_buttons import dialog_buttons
from desktop_pose.ui.job_panel import JobPanel
from desktop_pose.ui.session_words import name_of
from desktop_pose.ui.setting_fields import ChoiceField, NumberField

_WIDTH_PX = 420
_HOW = (
    "Every frame of the recorded video is tracked again with LiteRT. The result is a new session; "
    "this one stays as it is."
)


class TrackAgainDialog(QDialog):
    """One session at a time. Closing the dialog lets the work go on.

    **Signals**
        made(Path): A new session is complete.
        comparison_wanted(Path, Path): The user wants to see how far the new session is from its original.

    Args:
        parent: The window of the sessions.
        settings: Gives the settings in force, which are proposed.
        track_again: Starts the job that tracks a session's folder with settings, and gives the new one's.
    """

    made = Signal(object)
    comparison_wanted = Signal(object, object)

    def __init__(
        self,
        parent: QWidget,
        settings: Callable[[], Settings],
        track_again: Callable[[Path, Settings], Job],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Track again")
        self._settings, self._track_again = settings, track_again
        self._session: Path | None = None
        self._made: Path | None = None
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.model, self.smoothing = ChoiceField("model"), ChoiceField("smoothing")
        self.people = NumberField("people")
        self.work = JobPanel(keeps_room=True)
        self.buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        self.run = self.buttons.addButton("Track again", QDialogButtonBox.ButtonRole.ActionRole)
        self.cancel = self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.ActionRole)
        self.compare = self.buttons.addButton("Compare…", QDialogButtonBox.ButtonRole.ActionRole)
        for button in self.buttons.findChildren(QPushButton):
            button.setAutoDefault(button is self.run)
        self.run.setDefault(True)
        self._lay_out()
        self.run.clicked.connect(self._on_run)
        self.cancel.clicked.connect(self.work.cancel)
        self.work.succeeded.connect(self._on_succeeded)
        self.work.ended.connect(self._refresh)
        self.compare.clicked.connect(self._on_compare)
        self.buttons.rejected.connect(self.reject)
        self._refresh()

    def open_for(self, entry: CatalogueEntry) -> None:
        """Ask for a session; while another is at work, that one is shown."""
        if not self.work.is_busy:
            self._session, self._made = entry.path, None
            self.name.setText(name_of(entry))
            settings = self._settings()
            self.model.show_value(settings.model)
            self.smoothing.show_value(settings.smoothing)
            self.people.show_value(settings.people)
            self.work.say(_HOW)
        self._refresh()
        self.model.setFocus()
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot()
    def _on_run(self) -> None:
        if self._session is None:
            return
        settings = self._settings().changed(
            backend=Backend.LITERT,
            model=self.model.currentData(),
            model_file=None,
            smoothing=self.smoothing.currentData(),
            people=self.people.value(),
            skip=EVERY_FRAME,
            mask=False,
        )
        self._made = None
        self.work.watch(self._track_again(self._session, settings), "Tracking…")
        self._refresh()

    @Slot(object)
    def _on_succeeded(self, made: Path | None) -> None:
        self._made = made
        if made is None:
            self.work.say("Cancelled; there is no new session.")
        else:
            self.work.say(f"The new session is in the list; its folder is {made.name}.")
            self.made.emit(made)

    @Slot()
    def _on_compare(self) -> None:
        if self._session is not None and self._made is not None:
            self.comparison_wanted.emit(self._session, self._made)

    @Slot()
    def _refresh(self) -> None:
        is_busy = self.work.is_busy
        for widget in (self.model, self.smoothing, self.people, self.run):
            widget.setEnabled(not is_busy)
        self.cancel.setEnabled(is_busy)
        self.compare.setEnabled(self._made is not None)

    def _lay_out(self) -> None:
        self.work.setMinimumWidth(_WIDTH_PX)
        form = QFormLayout()
        form.addRow("Session", self.name)
        for key, field in (("model", self.model), ("smoothing", self.smoothing), ("people", self.people)):
            form.addRow(DECLARATIONS[key].label, field)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.work)
        column.addWidget(self.buttons)
