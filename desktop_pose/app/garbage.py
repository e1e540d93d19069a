"""Keeps Python's cyclic collector on the GUI thread.

The collector runs on whichever thread happens to allocate. A closed dialog in a reference cycle would be
destroyed by the inference thread while the GUI thread destroys another widget, and both would wait for each
other within Qt.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MS = 500
_STANDING_MS = (0, 5000)
"""When the event loop begins the window stands, later its charts: what there is then stays, and is not looked
through again and again, which with 200,000 objects would hold up every thread for 70 ms."""


class GuiGarbage(QObject):
    """Turns the automatic collector off, and collects from the event loop of the thread it is made on."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()
        for standing_ms in _STANDING_MS:
            QTimer.singleShot(standing_ms, self, gc.freeze)

    @Slot()
    def collect_if_due(self) -> None:
        """Collect the oldest generation whose count is over its threshold, as the automatic one does."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if 0 < thresholds[generation] < counts[generation]:
                gc.collect(generation)
                return

    def close(self) -> None:
        """Give the collector back: no thread of ours is left."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
