"""The window on a stream, asked for other models and thread counts; prints one JSON line for each wish.

usage: python -m benchmarks.switch_child ADDRESS '[["lite", 2], …]'
"""

import json
import sys

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from benchmarks.window import engine_options, show_running
from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.core.clock import NS_PER_MS, NS_PER_S, monotonic_ns
from desktop_pose.core.settings import PoseModel, Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.flow import Picture
from desktop_pose.engine.options import EngineOptions
from desktop_pose.pose.protocol import TrackerOptions
from desktop_pose.ui.main_window import MainWindow

_SETTLE_MS = 4000
_EVERY_MS = 3000
_BEFORE_NS = 1500 * NS_PER_MS
_AFTER_NS = NS_PER_S
_WINDOW_NS = 200 * NS_PER_MS


class CountingController(Controller):
    """Remembers when pictures were painted."""

    def __init__(self, settings: Settings, options: EngineOptions) -> None:
        super().__init__(settings, options)
        self.painted_ns: list[int] = []

    def picture_painted(self, picture: Picture) -> None:
        """Count `picture` as displayed."""
        super().picture_painted(picture)
        self.painted_ns.append(monotonic_ns())


class Switcher(QObject):
    """Asks for one model after the other, then prints what came of it and closes the window."""

    def __init__(
        self, controller: CountingController, window: MainWindow, switches: list[tuple[str, int]]
    ) -> None:
        super().__init__(controller)
        self._controller = controller
        self._window = window
        self._switches = switches
        self._wished_ns: list[int] = []
        self._changed_ns: list[int] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._wish)
        controller.tracker_changed.connect(self._on_tracker_changed)
        QTimer.singleShot(_SETTLE_MS, self._begin)

    @Slot()
    def _begin(self) -> None:
        self._timer.start(_EVERY_MS)

    @Slot(object)
    def _on_tracker_changed(self, _options: TrackerOptions) -> None:
        self._changed_ns.append(monotonic_ns())

    @Slot()
    def _wish(self) -> None:
        if len(self._wished_ns) == len(self._switches):
            self._finish()
            return
        model, threads = self._switches[len(self._wished_ns)]
        self._wished_ns.append(monotonic_ns())
        self._controller.change(self._controller.settings.changed(model=PoseModel(model), threads=threads))

    def _finish(self) -> None:
        self._timer.stop()
        for (model, threads), wished_ns in zip(self._switches, self._wished_ns, strict=True):
            changed_ns = min(at_ns for at_ns in self._changed_ns if at_ns >= wished_ns)
            figures = {
                "model": model,
                "threads": threads,
                "took_ms": (changed_ns - wished_ns) / NS_PER_MS,
                "fewest_before": fewest(self._controller.painted_ns, wished_ns - _BEFORE_NS, wished_ns),
                "fewest_in_200_ms": fewest(self._controller.painted_ns, wished_ns, changed_ns + _AFTER_NS),
            }
            print(json.dumps(figures), flush=True)
        self._window.close()
        QApplication.quit()


def fewest(times_ns: list[int], begin_ns: int, end_ns: int) -> int:
    """The fewest of `times_ns` in any 200 ms from `begin_ns` to `end_ns`."""
    # The number in a sliding window falls only where its left end passes one of them.
    lefts = [begin_ns, *(at_ns + 1 for at_ns in times_ns if begin_ns <= at_ns < end_ns - _WINDOW_NS)]
    return min(sum(left <= at_ns < left + _WINDOW_NS for at_ns in times_ns) for left in lefts)


def main() -> None:
    """Run the window."""
    address, switches = sys.argv[1], json.loads(sys.argv[2])
    prepare_libraries()
    app = QApplication([sys.argv[0]])
    controller = CountingController(Settings(source=address, model=PoseModel.FULL), engine_options())
    window = show_running(controller)
    switcher = Switcher(controller, window, switches)
    app.exec()
    del switcher


if __name__ == "__main__":
    main()
