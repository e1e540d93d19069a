"""Reads the figures twice a second while the engine runs, and keeps what a report needs of them."""

from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.engine.flow import FlowSnapshot, FrameFlow
from desktop_pose.engine.governor.book import BudgetStatus
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.processor import CpuReading, ProcessorMeter, share_between
from desktop_pose.engine.report import RunFigures
from desktop_pose.engine.resources.memory_parts import PartsMb, parts_of
from desktop_pose.engine.resources.memory_trend import MemoryHistory
from desktop_pose.engine.statistics import Statistics, read_statistics

INTERVAL_MS = 500
_READINGS = 5
"""Processor shares are means over the last four intervals: single ones go up and down too much to be read."""


class Sampler(QObject):
    """Owns the figures of the moment.

    **Signals**:
        sampled(Statistics): New figures.

    Args:
        flow: Counts the frames.
        metrics: Of the stages.
        govern: Called with each reading; says how the budget stands.
        parent: Owns this.

    Attributes:
        processor: The meter of this process.
        newest: The figures read last; None before the first.
        history: Resident memory over the session.
    """

    sampled = Signal(object)

    def __init__(
        self,
        flow: FrameFlow,
        metrics: Metrics,
        govern: Callable[[CpuReading, FlowSnapshot], BudgetStatus | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.processor = ProcessorMeter()
        self.newest: Statistics | None = None
        self.history = MemoryHistory()
        self._last_parts_mb: PartsMb | None = None
        self._flow = flow
        self._metrics = metrics
        self._govern = govern
        self._readings: deque[CpuReading] = deque(maxlen=_READINGS)
        self._warm: CpuReading | None = None
        self._last: CpuReading | None = None
        self._started_ns: int | None = None
        self._startup_cpu_s: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._sample)

    def start(self) -> None:
        """Read from now on."""
        if self._started_ns is None:
            self._started_ns = monotonic_ns()
        self._readings.clear()
        self._readings.append(self.processor.read())
        self._timer.start()

    def stop(self) -> None:
        """Read once more, then no longer."""
        if self._timer.isActive():
            self._sample()
            self._last_parts_mb = self.parts_mb
            self._timer.stop()

    @property
    def parts_mb(self) -> PartsMb | None:
        """What resident memory is used for now, or was at the last stop; None where that is not known."""
        if not self._timer.isActive():
            return self._last_parts_mb
        return parts_of(self.processor.resident_mb() if self.newest is None else self.newest.rss_mb)

    def note_first_display(self) -> None:
        """Remember what the start has cost; call when the first picture is on screen."""
        self._startup_cpu_s = self.processor.read().with_children().process_s

    def figures(self, session: str | None, budget: Callable[[], dict[str, Any] | None]) -> RunFigures:
        """What a report says of the process, up to now or to the last stop.

        Args:
            session: Folder of the session recorded last.
            budget: Gives the report's `budget`, after the last reading.
        """
        if self._timer.isActive():
            self._sample()
        cpu = None
        if self._warm is not None and self._last is not None and self._last.at_ns > self._warm.at_ns:
            cpu = share_between(self._warm.with_children(), self._last.with_children())
        duration_ns = (
            0 if self._started_ns is None or self._last is None else self._last.at_ns - self._started_ns
        )
        return RunFigures(
            duration_s=duration_ns / NS_PER_S,
            startup_cpu_s=self._startup_cpu_s,
            cpu=cpu,
            rss_mb=self.newest.rss_mb if self.newest is not None else self.processor.resident_mb(),
            rss_peak_mb=self.processor.peak_resident_mb(),
            session=session,
            memory_mb=self.parts_mb,
            budget=budget(),
        )

    def sample_now(self) -> Statistics:
        """Figures read at this moment."""
        self._sample()
        assert self.newest is not None
        return self.newest

    @Slot()
    def _sample(self) -> None:
        reading = self.processor.read()
        if self._warm is None and self._metrics.is_warm(monotonic_ns()):
            self._warm = reading
        self._last = reading
        self._readings.append(reading)
        oldest = self._readings[0]
        cpu = share_between(oldest, reading) if oldest is not reading else None
        flow = self._flow.snapshot()
        budget = self._govern(reading, flow)
        self.newest = read_statistics(self._metrics, flow, cpu, self.processor.resident_mb(), budget)
        self.history.add(self.newest.time_s, self.newest.rss_mb)
        self.sampled.emit(self.newest)
