"""The window of the resources: what the program uses at this moment, and why.

It shows what the engine's sampler has read anyway, once a second and only while it is on screen; only then
does the engine keep the times of single frames.
"""

from collections.abc import Callable
from dataclasses import asdict

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_pose.core.places import cache_dir
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.resources.frame_timeline import FrameTimes
from desktop_pose.engine.resources.memory_parts import PartsMb
from desktop_pose.engine.resources.reading import Resources
from desktop_pose.engine.resources.words import (
    PART_MEANINGS,
    PART_WORDS,
    STAGE_WORDS,
    THREAD_WORDS,
    trend_in_words,
)
from desktop_pose.ui import theme
from desktop_pose.ui.dialog_buttons import dialog_buttons
from desktop_pose.ui.first_size import first_size
from desktop_pose.ui.resources_bars import BarRow, BarRows
from desktop_pose.ui.resources_costs import CostPanel

_SIZE = QSize(980, 640)
_EVERY_MS = 1000
_BETWEEN_PX = 14
_TITLE = 1.1
"""Size of a section's title beside the window's own text."""

_PART_COLOURS = {
    "python_and_qt": theme.BLUE,
    "libraries": theme.TEAL,
    "models": theme.GREEN,
    "charts": theme.PURPLE,
    "recorder": theme.PINK,
    "buffers": theme.VERMILION,
    "unexplained": theme.GREY,
}
_THREAD_COLOURS = {
    "main": theme.BLUE,
    "capture": theme.VERMILION,
    "inference": theme.GREEN,
    "inference_workers": theme.PURPLE,
    "render": theme.OCHRE,
    "record": theme.PINK,
    "other": theme.TEAL,
}
_STAGE_COLOURS = {
    "capture": theme.VERMILION,
    "detector": theme.RED,
    "crop": theme.PURPLE,
    "landmarks": theme.GREEN,
    "decode": theme.TEAL,
    "mask": theme.BROWN,
    "convert": theme.OCHRE,
    "render": theme.OCHRE,
    "paint": theme.BLUE,
}
_WAITING = "waiting"
_NO_FRAME = "No frame has been on screen lately."


class ResourcesWindow(QDialog):
    """Memory, processor, one frame, and what settings cost."""

    def __init__(self, controller: Controller, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Resources")
        self.resize(first_size(self, _SIZE))
        self._controller = controller
        self.memory, self.processor, self.frame = (
            BarRows("Memory"),
            BarRows("Processor"),
            BarRows("One frame"),
        )
        self.memory_title, self.processor_title, self.frame_title = QLabel(), QLabel(), QLabel()
        self.trend = QLabel()
        self.trend.setWordWrap(True)
        self.costs = CostPanel(controller.library.start, cache_dir(), self._pause)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        controller.state_changed.connect(self.costs.on_state_changed)
        self._lay_out()

    @Slot()
    def refresh(self) -> None:
        """Show the newest figures."""
        resources = self._controller.resources.read()
        self._show_memory(resources)
        self._show_processor(resources)
        self._show_frame(resources.frame if self._controller.state.is_active else None)

    def showEvent(self, event: QShowEvent) -> None:
        """Watch."""
        super().showEvent(event)
        self._controller.resources.watch(is_watched=True)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Watch no longer."""
        super().hideEvent(event)
        self._timer.stop()
        self._controller.resources.watch(is_watched=False)

    def reject(self) -> None:
        """Close; what settings cost is measured no longer: nobody would know why the picture stands still."""
        self.costs.give_up()
        super().reject()

    def _show_memory(self, resources: Resources) -> None:
        is_over = resources.parts_mb is not None and not self._controller.state.is_active
        when = " when the run ended" if is_over else ""
        self.memory_title.setText(
            f"<b>Memory</b>{when}: {resources.rss_mb:.0f} MB resident, "
            f"{resources.rss_peak_mb:.0f} MB at its peak"
        )
        self.memory.show_rows(() if resources.parts_mb is None else _memory_rows(resources.parts_mb))
        record = asdict(resources.trend) | {"verdict": resources.trend.verdict.value}
        self.trend.setText(trend_in_words(record))

    def _show_processor(self, resources: Resources) -> None:
        total = resources.process_percent if self._controller.state.is_active else None
        if total is None:
            self.processor_title.setText("<b>Processor</b>: nothing runs")
            self.processor.show_rows(())
            return
        self.processor_title.setText(f"<b>Processor</b>: {total:.0f} % of one core, by thread")
        widest = max([total, *resources.threads_percent.values(), 1.0])
        self.processor.show_rows(
            tuple(
                BarRow(THREAD_WORDS[name], 0, value / widest, f"{value:.1f} %", _THREAD_COLOURS[name])
                for name, value in resources.threads_percent.items()
            )
        )

    def _show_frame(self, frame: FrameTimes | None) -> None:
        if frame is None:
            self.frame_title.setText(f"<b>One frame</b>: {_NO_FRAME}")
            self.frame.show_rows(())
            return
        self.frame_title.setText(
            f"<b>One frame</b>: {frame.total_ms:.1f} ms from capture to screen, the median of {frame.frames}"
        )
        self.frame.show_rows(_frame_rows(frame))

    def _pause(self) -> Callable[[], None] | None:
        """Stop the run; gives what starts it again. None while a session is recorded."""
        if self._controller.recorder.status.is_recording:
            return None
        was_active = self._controller.state.is_active
        self._controller.stop()
        return self._controller.start if was_active else lambda: None

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for title, *widgets in (
            (self.memory_title, self.memory, self.trend),
            (self.frame_title, self.frame),
        ):
            _add_section(left, title, *widgets)
        left.addStretch()
        _add_section(right, self.processor_title, self.processor)
        _add_section(right, QLabel("<b>What settings cost</b>"), self.costs)
        right.setStretchFactor(self.costs, 1)
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        grid = QGridLayout(self)
        grid.setHorizontalSpacing(28)
        grid.addLayout(left, 0, 0)
        grid.addLayout(right, 0, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(buttons, 1, 0, 1, 2)
        self.trend.setTextFormat(Qt.TextFormat.PlainText)


def _memory_rows(parts_mb: PartsMb) -> tuple[BarRow, ...]:
    widest = max([*parts_mb.values(), 1.0])
    return tuple(
        BarRow(
            PART_WORDS[name], 0, value / widest, f"{value:.1f} MB", _PART_COLOURS[name], PART_MEANINGS[name]
        )
        for name, value in parts_mb.items()
    )


def _frame_rows(frame: FrameTimes) -> tuple[BarRow, ...]:
    """A row for each stretch of work, placed in time, and the time in which no thread worked on the frame."""
    rows = [
        BarRow(
            STAGE_WORDS[span.stage],
            span.start_ms / frame.total_ms,
            span.end_ms / frame.total_ms,
            f"{span.end_ms - span.start_ms:.2f} ms",
            _STAGE_COLOURS[span.stage],
        )
        for span in frame.spans
        if span.stage in _STAGE_COLOURS
    ]
    meaning = "Between its stages the frame waits for the next thread to take it."
    return (*rows, BarRow(_WAITING, 0, 0, f"{frame.waiting_ms:.2f} ms", theme.GREY, meaning))


def _add_section(column: QVBoxLayout, title: QLabel, *widgets: QWidget) -> None:
    """Put a title and what belongs to it into a column, apart from the section above."""
    if column.count():
        column.addSpacing(_BETWEEN_PX)
    title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    font = title.font()
    font.setPointSizeF(font.pointSizeF() * _TITLE)
    title.setFont(font)
    for widget in (title, *widgets):
        column.addWidget(widget)
