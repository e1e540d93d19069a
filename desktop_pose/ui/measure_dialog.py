"""Shows what tracking costs on this computer, and what to use therefore. Does not block the window.

It measures nothing itself: `MeasureCommands` does, and stops the engine meanwhile.
"""

from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from desktop_pose.core.settings import Settings
from desktop_pose.core.skip import EVERY_FRAME
from desktop_pose.core.sources import DEMO, without_login
from desktop_pose.engine.measuring.figures import RATE_HZ, LeftOut, Measurement
from desktop_pose.engine.measuring.recommendation import (
    Recommendation,
    Target,
    in_threads,
    in_words,
    recommend,
)
from desktop_pose.engine.measuring.saved import SavedMeasurements
from desktop_pose.ui.dialog_buttons import dialog_buttons
from desktop_pose.ui.first_size import first_size
from desktop_pose.ui.measure_table import Column, MeasureTable, MeasureTableModel, row_in_words

_SIZE = QSize(1120, 680)
_WHAT_IT_DOES = (
    "Runs every model on this computer with each number of threads, with and without skipping frames, for at "
    "most a minute. Tracking is paused meanwhile; what other programs do spoils the figures."
)
_NOTHING_YET = "This computer has not been measured yet. Measure it to see what each setting costs here."
_NOT_YET = "The figures come when everything has been measured."
_NO_ROWS = "Nothing could be measured in the time there was. Measure again."
_AT_A_RATE = f"when frames come {RATE_HZ:g} times a second"
_WITHOUT_A_PAUSE = "frame after frame without a pause"
_LEGEND = (
    "Bars: for each frame, {}; the thin end is that of 95 of 100 frames. Orange: too slow for "
    f"{RATE_HZ:g} a second. Grey: MediaPipe, the reference. Errors: mean distance from "
    "MediaPipe's landmarks with the same model and with heavy, in % of the person's height."
)
_MEASURE_FIRST = "Measure first."
_NO_TIME = (
    f"The time was too short for frames that come {RATE_HZ:g} times a second, which is what counts beside a "
    "camera. Measure again while no other program is busy."
)
_LEGEND_EARLIER = " Upright line: the earlier measurement."
_VIDEO = "A video…"
_BOLDER = 1.25
_LEAST_PEOPLE = 0.5


class MeasureDialog(QDialog):
    """Measurements, one at a time, beside an earlier one.

    **Signals**
        measuring_wanted(str): The user wants to measure on this source.
        cancel_wanted(): The user does not want to wait any longer.
        settings_wanted(Row): The user wants to use what this row measured.
    """

    measuring_wanted = Signal(str)
    cancel_wanted = Signal()
    settings_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Measure this computer")
        self.resize(first_size(self, _SIZE))
        self._measurements: tuple[Measurement, ...] = ()
        self._settings = Settings()
        self._recommendation: Recommendation | None = None
        self._is_measuring = False
        self.source, self.shown, self.earlier = QComboBox(), QComboBox(), QComboBox()
        self.targets = {target: QRadioButton(target.label) for target in Target}
        self.advice, self.reasons, self.message = _label(), _label(), _label()
        self.use = QPushButton("&Use these settings")
        self.model = MeasureTableModel(self)
        self.table = MeasureTable(self.model)
        self.nothing, self.legend, self.remarks = _label(), _label(), _label()
        self._of_measurements: list[QWidget] = []
        self.progress = QProgressBar()
        self.buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        self.measure = self.buttons.addButton("&Measure", QDialogButtonBox.ButtonRole.ActionRole)
        self.cancel = self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.ActionRole)
        self.use.setAutoDefault(False)
        self.measure.setDefault(True)
        self._group = QButtonGroup(self)
        for button in self.targets.values():
            self._group.addButton(button)
        self.targets[Target.LOWEST_CPU].setChecked(True)
        self._lay_out()
        self._connect()
        self.show_measurements(SavedMeasurements())

    @property
    def measurement(self) -> Measurement | None:
        """The measurement that is shown."""
        place = self.shown.currentIndex()
        return self._measurements[place] if place >= 0 else None

    def show_settings(self, settings: Settings) -> None:
        """Offer the source in use to be measured on, and know which settings are."""
        self._settings = settings
        source = settings.source
        if source is not None and self.source.findData(source) < 0:
            self.source.insertItem(1, without_login(source), source)
        self._refresh()

    def show_measurements(self, saved: SavedMeasurements) -> None:
        """Show the newest of these, and offer the others."""
        self._measurements = saved.measurements
        with QSignalBlocker(self.shown):
            self.shown.clear()
            for measurement in saved.measurements:
                self.shown.addItem(_title(measurement))
        self.message.setText("" if saved.problem is None else str(saved.problem))
        self._show_chosen()

    def begin(self) -> None:
        """Show that measuring has begun."""
        self._is_measuring = True
        self.progress.setRange(0, 0)
        self.message.setText("Measuring. Tracking is paused until it is done.")
        self._refresh()

    def show_progress(self, done_ms: int, total_ms: int) -> None:
        """Show how far it is."""
        self.progress.setRange(0, total_ms)
        self.progress.setValue(done_ms)
        left_s = max(total_ms - done_ms, 0) / 1000
        self.progress.setFormat(f"about {left_s:.0f} s left" if left_s >= 1 else "almost done")

    def end(self, words: str | None = None) -> None:
        """Show that measuring has ended, and where `words` are given, how."""
        self._is_measuring = False
        if words is not None:
            self.message.setText(words)
        self._refresh()

    def say(self, words: str) -> None:
        """Tell the user something."""
        self.message.setText(words)

    def reject(self) -> None:
        """Close, and give up what is going on."""
        if self._is_measuring:
            self.cancel_wanted.emit()
        super().reject()

    @Slot()
    def _show_chosen(self) -> None:
        measurement = self.measurement
        others = self._measurements if measurement is not None else ()
        with QSignalBlocker(self.earlier):
            self.earlier.clear()
            self.earlier.addItem("Nothing", None)
            for place, other in enumerate(others):
                if measurement is not None and other is not measurement and other.is_like(measurement):
                    self.earlier.addItem(_title(other), place)
            self.earlier.setCurrentIndex(min(1, self.earlier.count() - 1))
        self._show_beside()

    @Slot()
    def _show_beside(self) -> None:
        place = self.earlier.currentData()
        earlier = None if place is None else self._measurements[place]
        self.table.setColumnHidden(Column.CHANGE, earlier is None)
        self.model.show_measurement(self.measurement, earlier)
        legend = _LEGEND.format(_AT_A_RATE if self.model.is_paced else _WITHOUT_A_PAUSE)
        self.legend.setText(legend if earlier is None else legend + _LEGEND_EARLIER)
        self._show_advice()

    @Slot()
    def _show_advice(self) -> None:
        measurement = self.measurement
        target = next(target for target, button in self.targets.items() if button.isChecked())
        found = self._recommendation = None if measurement is None else recommend(measurement, target)
        row = None if found is None else found.figures.row
        self.model.recommend(row)
        if found is None:
            self.advice.setText("No recommendation")
            self.reasons.setText(_MEASURE_FIRST if measurement is None else _NO_TIME)
        else:
            row = found.figures.row
            skip = "every frame" if row.skip == EVERY_FRAME else "frames skipped adaptively"
            self.advice.setText(f"{row.model.value}, {in_threads(row.threads)}, {skip}")
            self.reasons.setText(in_words(found).replace(" %", "\N{NO-BREAK SPACE}%"))
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        found = self._recommendation
        has_rows = self.model.rowCount() > 0
        is_in_use = found is not None and found.figures.row.applied_to(self._settings) == self._settings
        self.use.setEnabled(found is not None and not is_in_use and not self._is_measuring)
        self.use.setText("In use" if is_in_use else "&Use these settings")
        for box in (self.shown, self.earlier):
            box.setEnabled(box.count() > 1 and not self._is_measuring)
        self._box.setVisible(has_rows)
        self.legend.setVisible(has_rows)
        for of_measurements in self._of_measurements:
            of_measurements.setVisible(bool(self._measurements))
        nothing = _NO_ROWS if self._measurements else _NOTHING_YET
        self.nothing.setText(_NOT_YET if self._is_measuring else nothing)
        self._pages.setCurrentIndex(1 if has_rows else 0)
        self.source.setEnabled(not self._is_measuring)
        self.measure.setEnabled(not self._is_measuring)
        self.measure.setText("&Measure again" if self._measurements else "&Measure")
        self.cancel.setVisible(self._is_measuring)
        self.progress.setVisible(self._is_measuring)
        self._describe()

    def _describe(self) -> None:
        """Say below the table what is odd about the measurement."""
        measurement = self.measurement
        odd: list[str] = []
        if measurement is not None:
            if measurement.frames_with_person < _LEAST_PEOPLE * measurement.frames:
                odd.append("Nobody was seen in most frames: the figures are those of an empty picture.")
            odd += _not_measured(measurement.left_out)
        self.remarks.setText("\n".join(odd))
        self.remarks.setVisible(bool(odd))

    @Slot(int)
    def _on_source_activated(self, place: int) -> None:
        if self.source.itemText(place) != _VIDEO:
            return
        self.source.setCurrentIndex(0)
        dialog = QFileDialog(self, "Measure on a video")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.choose_video)
        dialog.open()

    @Slot(str)
    def choose_video(self, path: str) -> None:
        """Measure on this video next."""
        if self.source.findData(path) < 0:
            self.source.insertItem(self.source.count() - 1, Path(path).name, path)
        self.source.setCurrentIndex(self.source.findData(path))

    @Slot()
    def _on_measure(self) -> None:
        self.measuring_wanted.emit(self.source.currentData())

    @Slot()
    def _on_use(self) -> None:
        if self._recommendation is not None:
            had_focus = self.use.hasFocus()
            self.settings_wanted.emit(self._recommendation.figures.row)
            if had_focus and not self.use.isEnabled():  # else it would go to the table
                self.buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()

    def _connect(self) -> None:
        self.source.activated.connect(self._on_source_activated)
        self.shown.currentIndexChanged.connect(self._show_chosen)
        self.earlier.currentIndexChanged.connect(self._show_beside)
        self._group.buttonClicked.connect(self._show_advice)
        self.use.clicked.connect(self._on_use)
        self.measure.clicked.connect(self._on_measure)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        self.source.addItem("Demo clip", DEMO)
        self.source.addItem(_VIDEO, None)
        font = self.advice.font()
        font.setPointSizeF(font.pointSizeF() * _BOLDER)
        self.advice.setFont(font)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.addWidget(_label(_WHAT_IT_DOES))
        column.addLayout(self._choices())
        self._box = self._recommendation_box()
        column.addWidget(self._box)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.nothing)
        self._pages.addWidget(self.table)
        column.addLayout(self._pages, 1)
        for widget in (self.legend, self.remarks, self.progress, self.message, self.buttons):
            column.addWidget(widget)

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for place, (text, box) in enumerate(
            (("Measure &on", self.source), ("&Shown", self.shown), ("Compared &with", self.earlier))
        ):
            label = QLabel(text)
            label.setBuddy(box)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(18)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            grid.addWidget(label, 0, place)
            grid.addWidget(box, 1, place)
            grid.setColumnStretch(place, 1)
            if box is not self.source:
                self._of_measurements += [label, box]
        return grid

    def _recommendation_box(self) -> QFrame:
        frame = QFrame()
        frame.setFrameShape(QFrame.Shape.StyledPanel)
        line = QHBoxLayout()
        line.setSpacing(18)
        line.addWidget(QLabel("Recommended for"))
        for button in self.targets.values():
            line.addWidget(button)
        line.addStretch(1)
        grid = QGridLayout(frame)
        grid.addLayout(line, 0, 0, 1, 2)
        grid.addWidget(self.advice, 1, 0)
        grid.addWidget(self.reasons, 2, 0)
        grid.addWidget(self.use, 1, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(0, 1)
        return frame


def _label(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _not_measured(left_out: tuple[LeftOut, ...]) -> list[str]:
    """A sentence for each reason."""
    by_reason: dict[str, list[str]] = {}
    for each in left_out:
        by_reason.setdefault(each.why, []).append(row_in_words(each.row))
    return [f"Not measured, because {why}: {'; '.join(rows)}." for why, rows in by_reason.items()]


def _title(measurement: Measurement) -> str:
    """When and on what it was measured."""
    moment = QDateTime.fromString(measurement.started, Qt.DateFormat.ISODate).toLocalTime()
    is_known = moment.isValid()
    when = QLocale().toString(moment, QLocale.FormatType.ShortFormat) if is_known else measurement.started
    clip = "demo clip" if measurement.video == DEMO else measurement.video.rpartition("/")[2]
    return f"{when}, {clip}"
