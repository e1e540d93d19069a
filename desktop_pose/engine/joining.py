"""Threads that were told to end and have not ended yet. None is ever killed or destroyed running."""

import logging
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal, Slot

from desktop_pose.engine.threads import StageThread

log = logging.getLogger(__name__)

_unjoined: list[StageThread] = []
"""Threads that outlived the application's patience, kept so that nothing destroys them."""


class RunningThreads(QObject):
    """Owns the threads of runs from their start to their end.

    **Signals**:
        all_ended(): No thread is left.
    """

    all_ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._threads: list[StageThread] = []

    def __bool__(self) -> bool:
        return bool(self._threads)

    def add(self, threads: Iterable[StageThread]) -> None:
        """Own `threads`; call before they are started."""
        for thread in threads:
            thread.finished.connect(self._on_finished)
            self._threads.append(thread)

    def wait(self, deadline_ns: int) -> bool:
        """Wait for all until `deadline_ns`; False if some run on, which are then kept for ever."""
        for thread in list(self._threads):
            if not thread.wait_until(deadline_ns):
                log.warning("Thread %s did not end in time", thread.stage.name)
                self._threads.remove(thread)
                thread.setParent(None)
                _unjoined.append(thread)
        return not _unjoined

    @Slot()
    def _on_finished(self) -> None:
        thread = self.sender()
        if isinstance(thread, StageThread) and thread in self._threads:
            self._threads.remove(thread)
            thread.deleteLater()
            if not self._threads:
                self.all_ended.emit()
