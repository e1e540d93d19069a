"""Waits until the last frames of a finished source have reached the screen."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.engine.flow import FrameFlow

_POLL_MS = 20
_PATIENCE_NS = NS_PER_S


class Draining(QObject):
    """One wait at a time.

    **Signals**:
        drained(): No frame is on its way any more, or patience is at an end.
    """

    drained = Signal()

    def __init__(self, flow: FrameFlow, parent: QObject) -> None:
        super().__init__(parent)
        self._flow = flow
        self._deadline_ns = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin to wait, at most one second."""
        self._deadline_ns = monotonic_ns() + _PATIENCE_NS
        self._timer.start()

    def stop(self) -> None:
        """Wait no longer, and say nothing."""
        self._timer.stop()

    @Slot()
    def _look(self) -> None:
        counters = self._flow.snapshot()
        is_empty = not (counters.in_flight_inference or counters.in_flight_display)
        if is_empty or monotonic_ns() > self._deadline_ns:
            self._timer.stop()
            self.drained.emit()
