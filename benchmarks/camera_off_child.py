"""The window after a run that was stopped; prints its processor time in per cent of a core.

usage: python -m benchmarks.camera_off_child SECONDS
"""

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.window import engine_options, show_running
from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.core.settings import Settings
from desktop_pose.engine.controller import Controller

_RUN_MS = 6000
_SETTLE_MS = 3000


def main() -> None:
    """Run on the demo clip, stop, and measure."""
    seconds = float(sys.argv[1])
    prepare_libraries()
    app = QApplication([sys.argv[0]])
    controller = Controller(Settings(source="demo"), engine_options())
    window = show_running(controller)
    used: list[tuple[float, float]] = []

    def note() -> None:
        used.append((time.process_time(), time.monotonic()))

    for delay_ms, action in (
        (_RUN_MS, controller.stop),
        (_RUN_MS + _SETTLE_MS, note),
        (_RUN_MS + _SETTLE_MS + round(seconds * 1000), note),
    ):
        QTimer.singleShot(delay_ms, action)
    QTimer.singleShot(_RUN_MS + _SETTLE_MS + round(seconds * 1000) + 100, window.close)
    QTimer.singleShot(_RUN_MS + _SETTLE_MS + round(seconds * 1000) + 200, app.quit)
    app.exec()
    controller.shut_down()
    (first_s, began_s), (last_s, ended_s) = used
    print(100 * (last_s - first_s) / (ended_s - began_s))


if __name__ == "__main__":
    main()
