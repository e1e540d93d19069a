"""Exports recorded sessions. The dialog does not block: the picture goes on behind it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRegularExpression, Qt, Slot
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_pose.engine.exports import ExportOutcome, SessionExport
from desktop_pose.engine.jobs import Job
from desktop_pose.recording.catalogue import CatalogueEntry
from desktop_pose.recording.exporters import FORMATS, ExportOptions, Format, files_of_export
from desktop_pose.recording.exporters.protocol import CHARTS, MOST_CHARTS
from desktop_pose.recording.session import SessionState
from desktop_pose.ui.dialog_buttons import dialog_buttons
from desktop_pose.ui.job_panel import JobPanel
from desktop_pose.ui.multiple_choice import MultipleChoice
from desktop_pose.ui.session_words import in_one_line, name_of
from desktop_pose.ui.wording import shortened

_NOTHING_RECORDED = "Nothing has been recorded yet. Record a session first."
_STILL_RECORDING = "The session that is being recorded can be exported when it has ended."
_HIGHEST_RATE_HZ = 240
_PEOPLE = QRegularExpression(r"\s*(\d{1,6}(\s*,\s*\d{1,6})*)?\s*")
_LINE_CHARACTERS = 56
_FOLDER = "Desktop Pose"
_SEVERAL = "several"
"""Stands in the list of sessions for those the dialog was opened for."""
_MOST_TOLD = 3
_LONGEST_NAMES = 34


class ExportDialog(QDialog):
    """Which session, in which format, how, and to which file; then progress, which can be cancelled.

    Opened for several sessions, it asks for a folder, and exports them in turn.

    Args:
        parent: The window.
        list_sessions: Starts the job that gives a tuple of `CatalogueEntry`, the newest first.
        export: Starts the job that exports sessions in a format, and gives an `ExportOutcome`.
    """

    def __init__(
        self,
        parent: QWidget,
        list_sessions: Callable[[], Job],
        export: Callable[[tuple[SessionExport, ...], str, ExportOptions], Job],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self._list_sessions = list_sessions
        self._export = export
        self._wanted: tuple[Path, ...] = ()
        self._names: dict[Path, str] = {}
        self.session = QComboBox()
        self.format = QComboBox()
        for each in FORMATS.values():
            self.format.addItem(each.title, each.name)
        self.sentence = _text_label()
        self.raw = QCheckBox("&Unsmoothed landmarks")
        self.raw.setToolTip("As the model gave them. The MediaPipe backend gives none.")
        self.angles = QCheckBox("Joint &angles on the picture")
        self.charts = MultipleChoice("Charts below the picture", {"": CHARTS}, (), MOST_CHARTS)
        self.charts.changed.connect(self._refresh)
        self.rate = QSpinBox()
        self.rate.setRange(0, _HIGHEST_RATE_HZ)
        self.rate.setSpecialValueText("as recorded")
        self.rate.setSuffix(" per second")
        self.rate.setToolTip("This format has one rate: frames are put between those recorded.")
        self.people = QLineEdit()
        self.people.setPlaceholderText("everybody; or ids, like 0, 2")
        self.people.setValidator(QRegularExpressionValidator(_PEOPLE, self))
        self.file = QLineEdit()
        self.file_label = QLabel()
        self.file_label.setBuddy(self.file)
        self.browse = QPushButton("&Browse…")
        self.work = JobPanel(keeps_room=True)
        self.buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        self.run = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.ActionRole)
        self.cancel = self.buttons.addButton("Cancel export", QDialogButtonBox.ButtonRole.ActionRole)
        for button in self.buttons.findChildren(QPushButton):
            button.setAutoDefault(button is self.run)  # Enter exports, wherever the focus is
        self.browse.setAutoDefault(False)
        self.run.setDefault(True)
        self._lay_out()
        self.session.currentIndexChanged.connect(self._propose_file)
        self.format.currentIndexChanged.connect(self._propose_file)
        self.file.textChanged.connect(self._refresh)
        self.people.textChanged.connect(self._refresh)
        self.browse.clicked.connect(self._on_browse)
        self.run.clicked.connect(self._on_run)
        self.cancel.clicked.connect(self.work.cancel)
        self.work.succeeded.connect(self._on_succeeded)
        self.work.ended.connect(self._refresh)
        self.buttons.rejected.connect(self.reject)
        self._refresh()

    def open_for(self, *sessions: Path) -> None:
        """Show the dialog with these sessions chosen, or the newest one."""
        self._wanted = sessions
        if not self.work.is_busy:
            self.work.say("Looking for sessions…")
            job = self._list_sessions()
            job.succeeded.connect(self._on_sessions)
            job.failed.connect(self.work.show_failure)
            job.crashed.connect(self.work.show_crash)
        self.session.setFocus()
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot(object)
    def _on_sessions(self, entries: tuple[CatalogueEntry, ...] | None) -> None:
        self._names = {entry.path: name_of(entry) for entry in entries or ()}
        states = {entry: entry.info.state for entry in entries or () if entry.info is not None}
        self.session.clear()
        if len(self._wanted) > 1:
            self._add_session(*self._several_in_words(), _SEVERAL)
        for entry, state in states.items():
            if state is not SessionState.RECORDING:
                self._add_session(in_one_line(entry), f"{name_of(entry)}\n{entry.path}", entry.path)
        # Qt's `findData` tells paths apart by what object they are.
        paths = [self.session.itemData(place) for place in range(self.session.count())]
        is_there = len(self._wanted) == 1 and self._wanted[0] in paths
        place = paths.index(self._wanted[0]) if is_there else 0
        self.session.setCurrentIndex(place if paths else -1)
        nothing = "" if self.session.count() else _NOTHING_RECORDED
        self.work.say(_STILL_RECORDING if SessionState.RECORDING in states.values() else nothing)
        self._refresh()

    def _add_session(self, text: str, tip: str, data: object) -> None:
        self.session.addItem(text, data)
        self.session.setItemData(self.session.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def _several_in_words(self) -> tuple[str, str]:
        """The sessions the dialog was opened for, by name: in a line, and in one each."""
        names = [self._names.get(session, session.name) for session in self._wanted]
        line = shortened(", ".join(names), _LONGEST_NAMES)
        return f"The {len(names)} sessions chosen: {line}", "\n".join(names)

    @property
    def _format(self) -> Format:
        return FORMATS[self.format.currentData()]

    @property
    def _is_for_several(self) -> bool:
        return bool(self.session.currentData() == _SEVERAL)

    def _exports(self) -> tuple[SessionExport, ...]:
        """What is to be exported to where; nothing where that is not chosen yet."""
        text = self.file.text().strip()
        if not text or self.session.currentIndex() < 0:
            return ()
        if not self._is_for_several:
            return (SessionExport(Path(self.session.currentData()), Path(text)),)
        suffix = self._format.suffix
        return tuple(SessionExport(each, Path(text) / f"{each.name}{suffix}") for each in self._wanted)

    @Slot()
    def _propose_file(self) -> None:
        chosen = self.session.currentData()
        if self._is_for_several:
            self.file.setText(str(Path.home() / _FOLDER))
        elif chosen is not None:
            self.file.setText(str(Path.home() / f"{Path(chosen).name}{self._format.suffix}"))
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        is_busy = self.work.is_busy
        chosen = self._format
        self.sentence.setText(f"{chosen.sentence}.")
        self.session.setToolTip(self.session.currentData(Qt.ItemDataRole.ToolTipRole) or "")
        exports = self._exports()
        is_complete = bool(exports) and self.people.hasAcceptableInput()
        for widget in (self.session, self.format, self.raw, self.people, self.file, self.browse):
            widget.setEnabled(not is_busy)
        self.rate.setEnabled(chosen.has_constant_rate and not is_busy)
        self.angles.setEnabled(chosen.shows_pictures and not is_busy)
        self.charts.setEnabled(chosen.shows_pictures and not is_busy)
        names = ", ".join(self.charts.chosen).replace("_", " ")
        self.charts.setText(f"Charts below the picture: {names or 'none'}")
        self.file_label.setText("F&older" if self._is_for_several else "&File")
        self.run.setEnabled(is_complete and not is_busy)
        does_replace = is_complete and any(files_of_export(each.out, chosen) for each in exports)
        replace = "Replace the files" if self._is_for_several else "Replace the file"
        self.run.setText(replace if does_replace else "Export")
        self.cancel.setEnabled(is_busy)

    @Slot()
    def _on_browse(self) -> None:
        dialog = QFileDialog(self, "Export to", self.file.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        if self._is_for_several:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        # The button of this dialog already says that a file will be replaced.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.file.setText)
        dialog.open()

    @Slot()
    def _on_run(self) -> None:
        job = self._export(self._exports(), self._format.name, self._options())
        self.work.watch(job, "Exporting…")
        self._refresh()

    def _options(self) -> ExportOptions:
        chosen = self._format
        people = frozenset(int(number) for number in self.people.text().split(",") if number.strip())
        return ExportOptions(
            raw=self.raw.isChecked(),
            rate_hz=(self.rate.value() or None) if chosen.has_constant_rate else None,
            people=people or None,
            angles=self.angles.isChecked() and chosen.shows_pictures,
            charts=self.charts.chosen if chosen.shows_pictures else (),
        )

    @Slot(object)
    def _on_succeeded(self, outcome: ExportOutcome) -> None:
        self.work.say(self._several_done(outcome) if self._is_for_several else _one_done(outcome))
        self._make_room()

    def _several_done(self, outcome: ExportOutcome) -> str:
        parts = ["Cancelled."] if outcome.is_cancelled else []
        if outcome.files:
            count = f"{outcome.sessions_done} session{'s' * (outcome.sessions_done != 1)}"
            parts.append(f"{count} saved in {outcome.files[0].parent}.")
        if outcome.problems:
            parts.append(f"{len(outcome.problems)} failed:")
        for session, error in outcome.problems[:_MOST_TOLD]:
            name, words = self._names.get(session, session.name), str(error)
            parts.append(words if name in words else f"{name}: {words}")
        if len(outcome.problems) > _MOST_TOLD:
            parts.append("The log has the others.")
        return "\n".join(parts) or "Nothing was written."

    def _make_room(self) -> None:
        """Let a long message make the dialog higher, and not its other rows lower."""
        layout = self.layout()
        if layout is not None:
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _lay_out(self) -> None:
        self.session.setMinimumContentsLength(_LINE_CHARACTERS)
        self.session.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        file_row = QHBoxLayout()
        file_row.addWidget(self.file, 1)
        file_row.addWidget(self.browse)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("&Session", self.session)
        form.addRow("F&ormat", self.format)
        form.addRow("", self.sentence)
        form.addRow("&Rate", self.rate)
        form.addRow("&People", self.people)
        form.addRow("", self.raw)
        form.addRow("", self.angles)
        form.addRow("", self.charts)
        form.addRow(self.file_label, file_row)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.work)
        column.addWidget(self.buttons)


def _text_label() -> QLabel:
    """A label for any text, which may take two lines without moving what is below it."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumHeight(2 * label.fontMetrics().lineSpacing())
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return label


def _one_done(outcome: ExportOutcome) -> str:
    if outcome.problems:
        return str(outcome.problems[0][1])
    if outcome.is_cancelled:
        return "Cancelled; nothing was written."
    if len(outcome.files) == 1:
        return f"Saved as {outcome.files[0]}"
    return f"Saved as {len(outcome.files)} files, one a person, from {outcome.files[0]} on"
