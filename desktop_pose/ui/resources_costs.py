"""What each setting costs on this computer: the figures measured last, and the button that measures them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_pose.engine.jobs import Job, Progress
from desktop_pose.engine.resources.costs import THE_SAME, Cost, Measured, measure_all, saved
from desktop_pose.engine.state import EngineState
from desktop_pose.ui.job_panel import JobPanel

_HEADINGS = ("Setting", "CPU %", "MB", "p95 ms", "frames/s")
_MEASURE = "&Measure (2 minutes)"
_NOTHING_YET = "Not measured on this computer yet."
_STARTED = "Measuring was given up because tracking was started."
_CANCELLED = "Cancelled; these are the figures of before."
_HOW = "Of the whole application on the demo clip, without a display; below the first row, differences to it."
_AGAIN = " The last row is the first once more: smaller differences than that say nothing."


class CostPanel(QWidget):
    """A table with a row for each setting.

    Args:
        start_job: Begins a job.
        folder: Where the figures are kept.
        pause: Called before measuring: ends what else would use the processor, and returns what to call
            afterwards; None where it must not be ended now.
    """

    def __init__(
        self,
        start_job: Callable[[str, Callable[[Progress], object]], Job],
        folder: Path,
        pause: Callable[[], Callable[[], None] | None],
    ) -> None:
        super().__init__()
        self._start_job = start_job
        self._folder = folder
        self._pause = pause
        self._go_on: Callable[[], None] | None = None
        self._given_up_because: str | None = None
        self.table = QTableWidget(0, len(_HEADINGS))
        self.table.setHorizontalHeaderLabels(_HEADINGS)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        # Names wrap in a narrow window: when all columns have their new widths.
        header.sectionResized.connect(self.table.resizeRowsToContents, Qt.ConnectionType.QueuedConnection)
        self.work = JobPanel()
        self.work.succeeded.connect(self._on_measured)
        self.work.ended.connect(self._on_ended)
        self.button = QPushButton(_MEASURE)
        self.button.setToolTip("Runs the application once for each row; the picture stops meanwhile")
        self.button.clicked.connect(self.measure_or_cancel)
        below = QHBoxLayout()
        below.addStretch()
        below.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.work)
        column.addWidget(self.table, 1)
        column.addLayout(below)
        column.addStretch()  # below all while there is no table
        self.show_costs(saved(folder))

    def show_costs(self, costs: tuple[Cost, ...]) -> None:
        """Fill the table; the first of `costs` is what the others are compared with."""
        self.work.say(_how(costs) if costs else _NOTHING_YET)
        self.table.setVisible(bool(costs))
        self.table.setRowCount(len(costs))
        for number, cost in enumerate(costs):
            self.table.setItem(number, 0, QTableWidgetItem(_titled(cost.name)))
            for column, text in enumerate(_cells(cost, costs[0]), 1):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(number, column, item)
        self.table.resizeRowsToContents()

    @Slot()
    def measure_or_cancel(self) -> None:
        """Measure, or give up measuring."""
        if self.work.is_busy:
            self.work.cancel()
            return
        self._go_on = self._pause()
        if self._go_on is None:
            self.work.say("End the recording first: nothing else may run meanwhile.")
            return
        folder, self._given_up_because = self._folder, None
        self.work.watch(
            self._start_job("costs", lambda progress: measure_all(progress, folder)), "Measuring…"
        )
        self.button.setText("&Cancel")

    def give_up(self) -> None:
        """Measure no longer; what was stopped for it goes on."""
        self.work.cancel()

    @Slot(object)
    def on_state_changed(self, state: EngineState) -> None:
        """Measure no longer when tracking is started: both would share the processor."""
        if state.is_active and self.work.is_busy:
            self._go_on, self._given_up_because = None, _STARTED
            self.work.cancel()

    @Slot(object)
    def _on_measured(self, measured: Measured | None) -> None:
        self.show_costs(saved(self._folder) if measured is None else measured.costs)
        if measured is None:
            self.work.say(self._given_up_because or (_CANCELLED if self.table.rowCount() else _NOTHING_YET))
        elif measured.left_out:
            reasons = (
                f"{_titled(each.name)} could not be measured: {each.why}" for each in measured.left_out
            )
            self.work.say("\n".join((_how(measured.costs), *reasons)))

    @Slot()
    def _on_ended(self) -> None:
        self.button.setText(_MEASURE)
        if self._go_on is not None:
            self._go_on()


def _how(costs: tuple[Cost, ...]) -> str:
    return f"{_HOW}{_AGAIN * (costs[-1].name == THE_SAME)}"


def _titled(name: str) -> str:
    return name[:1].upper() + name[1:]


def _cells(cost: Cost, base: Cost) -> tuple[str, ...]:
    if cost is base:
        return (
            f"{cost.cpu_percent:.0f}",
            f"{cost.rss_mb:.0f}",
            f"{cost.latency_p95_ms:.0f}",
            f"{cost.shown_per_s:.1f}",
        )
    return (
        _signed(cost.cpu_percent - base.cpu_percent, 0),
        _signed(cost.rss_mb - base.rss_mb, 0),
        _signed(cost.latency_p95_ms - base.latency_p95_ms, 0),
        _signed(cost.shown_per_s - base.shown_per_s, 1),
    )


def _signed(value: float, digits: int) -> str:
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else "0"
