"""SIGINT, SIGTERM and SIGHUP as a Qt signal: Python's handlers alone wait until Qt gives Python a turn."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

from desktop_pose.core.ending_signals import ending_signals


class ProcessSignals(QObject):
    """Hears the signals that ask the process to end.

    **Signals**:
        received(int): The number of the signal.
    """

    received = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)
        self._former_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._former = {number: signal.signal(number, _wait_for_the_wake_up) for number in ending_signals()}

    def close(self) -> None:
        """Give the signals back to whoever had them."""
        for number, handler in self._former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._former_fd)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    @Slot()
    def _on_readable(self) -> None:
        for number in self._reader.recv(64):
            if number in self._former:
                self.received.emit(number)


def _wait_for_the_wake_up(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the number has been written to the wake-up socket already."""
