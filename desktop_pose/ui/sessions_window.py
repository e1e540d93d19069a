"""The window of the sessions: a list of all that was recorded, and what can be done with it.

All work on disk is done by jobs of the engine's library. The window does not block the one behind it.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.settings import RecordingKind
from desktop_pose.engine.jobs import Job
from desktop_pose.engine.library import Library, Outcome
from desktop_pose.recording.about import SessionAbout
from desktop_pose.recording.catalogue import CatalogueEntry
from desktop_pose.recording.session import SessionState
from desktop_pose.ui.actions import SessionsCommand, sessions_action
from desktop_pose.ui.dialog_buttons import without_icons
from desktop_pose.ui.first_size import first_size
from desktop_pose.ui.session_words import name_of
from desktop_pose.ui.sessions_model import Column, SessionsFilter, SessionsModel
from desktop_pose.ui.sessions_previews import PreviewLoader
from desktop_pose.ui.sessions_table import SessionsTable
from desktop_pose.ui.wording import bug_in_words, in_bytes

_SIZE = QSize(1020, 620)
_LOOKING = "Looking for sessions…"
_NOTHING = "Nothing has been recorded yet.\nPress R in the main window to record."
_TWO = 2
_NO_MATCH = "No session has all these words."


class SessionsWindow(QDialog):
    """All sessions.

    **Signals**
        leaving(tuple): The sessions in these folders are about to be moved to the trash.
        tracking_wanted(CatalogueEntry): A session is to be tracked again.
        comparison_wanted(CatalogueEntry, CatalogueEntry): Two are to be compared; the older is the reference.

    Args:
        parent: The main window.
        library: Does the work.
        play: Called with the session to play.
        export: Called with the folders of the sessions to export.
    """

    leaving = Signal(object)
    comparison_wanted = Signal(object, object)
    tracking_wanted = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        library: Library,
        play: Callable[[CatalogueEntry], object],
        export: Callable[..., object],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sessions")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setMinimumHeight(320)
        self.resize(first_size(self, _SIZE))
        self._library = library
        self._play, self._export = play, export
        self._listing: Job | None = None
        self._problem = ""
        self.model = SessionsModel(self)
        self.rows = SessionsFilter(self.model, self)
        self.table = SessionsTable(self.rows, self)
        self.previews = PreviewLoader(self.table, self.model, self.rows, library)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search titles, notes, dates, sources, models, states")
        self.search.setAccessibleName("Search")
        self.search.setClearButtonEnabled(True)
        self.count = QLabel()
        self.message = QLabel()
        self.message.setWordWrap(True)
        for label in (self.count, self.message):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._make_actions()
        self._lay_out()
        self.search.textChanged.connect(self._on_search)
        self.table.opened.connect(self._on_play)
        self.table.selectionModel().selectionChanged.connect(self._refresh)
        self.model.described.connect(self._on_described)
        self._refresh()

    def open_list(self) -> None:
        """Show the window with all sessions as they stand now."""
        self.message.clear()
        self.read_again()
        self.show()
        self.raise_()
        self.activateWindow()
        self.table.setFocus()

    @Slot()
    def read_again(self) -> None:
        """Read the list anew."""
        if self._listing is not None:
            return
        self._listing = self._library.list_entries()
        self._listing.succeeded.connect(self._on_listed)
        self._listing.failed.connect(self._on_listing_failed)
        self._listing.crashed.connect(self._on_crashed)
        self._listing.progressed.connect(self._on_listing_progressed)
        self._listing.finished.connect(self._on_listing_finished)
        self._refresh()

    def say(self, words: str) -> None:
        """Tell the user something below the list."""
        self.message.setText(words)

    @Slot(str)
    def on_session_saved(self, _folder: str) -> None:
        """A session was added: show it if the list is open; what had to wait for it waits no more."""
        if self.isVisible():
            self.message.clear()
            self.read_again()

    # The list

    @Slot(object)
    def _on_listed(self, entries: tuple[CatalogueEntry, ...] | None) -> None:
        self._problem = ""
        chosen = {entry.path for entry in self.table.chosen()}
        self.model.show_entries(entries or ())
        self._choose(chosen)

    @Slot(int, int)
    def _on_listing_progressed(self, done: int, total: int) -> None:
        if total and not self.model.entries:
            self.table.say(f"{_LOOKING}\n{done} of {total}")

    @Slot(object)
    def _on_listing_failed(self, error: DesktopPoseError) -> None:
        self._problem = str(error)
        self.model.show_entries(())

    @Slot()
    def _on_listing_finished(self) -> None:
        self._listing = None
        self._refresh()

    def _choose(self, paths: Iterable[Path]) -> None:
        """Choose the sessions that were chosen before, or else the first."""
        wanted = set(paths)
        rows = [row for row in range(self.rows.rowCount()) if self.rows.entry(row).path in wanted] or [0]
        flags = self.table.selectionModel().SelectionFlag
        for row in rows:
            index = self.rows.index(row, Column.TITLE)
            self.table.selectionModel().setCurrentIndex(index, flags.Select | flags.Rows)

    @Slot(str)
    def _on_search(self, text: str) -> None:
        self.rows.search(text)
        if not self.table.chosen():
            self._choose(())
        self._refresh()

    @Slot()
    def _on_search_wanted(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    @Slot()
    def _refresh(self) -> None:
        entries, shown = self.model.entries, self.rows.rowCount()
        if shown:
            self.table.say("")
        elif self._listing is not None:
            self.table.say(_LOOKING)
        else:
            self.table.say(self._problem or (_NO_MATCH if entries else _NOTHING))
        self.count.setText(_count_text(entries, shown))
        chosen = self.table.chosen()
        sound = [entry for entry in chosen if entry.info is not None]
        states = [entry.info.state for entry in chosen if entry.info is not None]
        is_one = len(chosen) == 1
        is_finished = SessionState.RECORDING not in states
        self.play.setEnabled(is_one and bool(sound) and is_finished)
        self.rename.setEnabled(is_one)
        self.edit_note.setEnabled(is_one)
        self.export.setEnabled(bool(sound) and is_finished)
        self.track_again.setEnabled(is_one and is_finished and any(map(_has_plain_video, sound)))
        self.compare.setEnabled(len(chosen) == len(sound) == _TWO and is_finished)
        self.repair.setEnabled(SessionState.INTERRUPTED in states)
        self.show_folder.setEnabled(is_one)
        self.trash.setEnabled(bool(chosen) and is_finished)

    # What can be done

    @Slot()
    def _on_play(self) -> None:
        if self.play.isEnabled():
            self._play(self.table.chosen()[0])

    @Slot()
    def _on_export(self) -> None:
        self._export(*(entry.path for entry in self.table.chosen()))

    @Slot()
    def _on_track_again(self) -> None:
        self.tracking_wanted.emit(self.table.chosen()[0])

    @Slot()
    def _on_compare(self) -> None:
        self.comparison_wanted.emit(*sorted(self.table.chosen(), key=lambda entry: entry.path.name))

    @Slot()
    def _on_show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.table.chosen()[0].path)))

    @Slot(object, object)
    def _on_described(self, path: Path, about: SessionAbout) -> None:
        job = self._watched(self._library.describe(path, about))
        job.succeeded.connect(self._on_changed)

    @Slot(object)
    def _on_changed(self, entry: CatalogueEntry) -> None:
        self.model.replace_entry(entry)

    @Slot()
    def _on_repair(self) -> None:
        chosen = [
            entry.path
            for entry in self.table.chosen()
            if entry.info is not None and entry.info.state is SessionState.INTERRUPTED
        ]
        self.message.setText(f"Repairing {_sessions(len(chosen))}…")
        job = self._watched(self._library.repair(chosen))
        job.succeeded.connect(self._on_repaired)

    @Slot(object)
    def _on_repaired(self, outcome: Outcome) -> None:
        self._tell("Repaired", outcome)
        self.read_again()

    @Slot()
    def _on_trash(self) -> None:
        chosen = self.table.chosen()
        name = f"“{name_of(chosen[0])}”"
        what = f"the session {name}" if len(chosen) == 1 else _sessions(len(chosen))
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Sessions")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Move {what} to the trash?")
        box.setInformativeText("Landmarks, video and notes go there together.")
        box.setStandardButtons(QMessageBox.StandardButton.Cancel)
        yes = box.addButton("Move to trash", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(yes)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        paths = [entry.path for entry in chosen]
        yes.clicked.connect(lambda: self._move_to_trash(paths))
        without_icons(box).open()

    def _move_to_trash(self, paths: list[Path]) -> None:
        self.leaving.emit(tuple(paths))
        self.message.setText(f"Moving {_sessions(len(paths))} to the trash…")
        job = self._watched(self._library.move_to_trash(paths))
        job.succeeded.connect(self._on_trashed)

    @Slot(object)
    def _on_trashed(self, outcome: Outcome) -> None:
        self.model.remove(outcome.done)
        self._tell("Moved to the trash:", outcome)
        self._refresh()

    def _tell(self, what: str, outcome: Outcome) -> None:
        parts = [f"{what} {_sessions(len(outcome.done))}."] if outcome.done else []
        self.message.setText(" ".join([*parts, *map(str, outcome.problems)]))

    @Slot(object)
    def _on_failed(self, error: DesktopPoseError) -> None:
        self.message.setText(str(error))

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        self.message.setText(bug_in_words(message))

    def _watched(self, job: Job) -> Job:
        job.failed.connect(self._on_failed)
        job.crashed.connect(self._on_crashed)
        return job

    # How it looks

    def _make_actions(self) -> None:
        def of_table(command: SessionsCommand, handler: Callable[[], object]) -> QAction:
            """Offered in the menu of the table as well; while a cell is edited, the keys are the editor's."""
            return sessions_action(command, self.table, handler, Qt.ShortcutContext.WidgetShortcut)

        self.play = of_table(SessionsCommand.PLAY, self._on_play)
        self.rename = of_table(SessionsCommand.RENAME, lambda: self.table.edit_cell(Column.TITLE))
        self.edit_note = of_table(SessionsCommand.EDIT_NOTE, lambda: self.table.edit_cell(Column.NOTE))
        self.export = of_table(SessionsCommand.EXPORT, self._on_export)
        self.track_again = of_table(SessionsCommand.TRACK_AGAIN, self._on_track_again)
        self.compare = of_table(SessionsCommand.COMPARE, self._on_compare)
        self.repair = of_table(SessionsCommand.REPAIR, self._on_repair)
        self.show_folder = of_table(SessionsCommand.SHOW_FOLDER, self._on_show_folder)
        self.trash = of_table(SessionsCommand.TRASH, self._on_trash)
        of_table(SessionsCommand.CHOOSE_ALL, self.table.selectAll)
        sessions_action(SessionsCommand.SEARCH, self, self._on_search_wanted)
        sessions_action(SessionsCommand.READ_AGAIN, self, self.read_again)

    def _button(self, action: QAction) -> QPushButton:
        """A button for an action: greyed with it."""
        button = QPushButton(action.text())
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{action.text().replace('&', '').rstrip('…')} ({key})" if key else "")
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: action.trigger())
        action.changed.connect(lambda: button.setEnabled(action.isEnabled()))
        button.setEnabled(action.isEnabled())
        return button

    def _lay_out(self) -> None:
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addSpacing(8)
        top.addWidget(self.count)
        for action in (self.play, self.rename, self.edit_note, self.export, self.track_again, self.compare):
            bottom.addWidget(self._button(action))
        bottom.addStretch(1)
        for action in (self.repair, self.show_folder, self.trash):
            bottom.addWidget(self._button(action))
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        column.addLayout(bottom)


def _has_plain_video(entry: CatalogueEntry) -> bool:
    return entry.info is not None and entry.info.kind is RecordingKind.VIDEO


def _sessions(count: int) -> str:
    return f"{count} session{'s' * (count != 1)}"


def _count_text(entries: tuple[CatalogueEntry, ...], shown: int) -> str:
    if not entries:
        return ""
    size = in_bytes(sum(entry.info.size_bytes for entry in entries if entry.info is not None))
    return f"{_sessions(len(entries))}, {size}" if shown == len(entries) else f"{shown} of {len(entries)}"
