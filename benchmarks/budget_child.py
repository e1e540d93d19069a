"""The window on a stream, whose settings are changed at set times; prints a line at each, and its report.

It also prints how many frames have been inferred and shown, twice a second.

usage: python -m benchmarks.budget_child ADDRESS '[[SECONDS, {"cpu_budget": "25", …}], …]'
"""

import json
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.core import places
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import DECLARATIONS, Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.options import EngineOptions
from desktop_pose.ui.main_window import MainWindow

_COUNT_MS = 500

Step = tuple[float, dict[str, str]]


class Stepper(QObject):
    """Puts one set of settings after the other in force, then prints the report and closes the window."""

    def __init__(self, controller: Controller, window: MainWindow, steps: list[Step]) -> None:
        super().__init__(controller)
        self._controller = controller
        self._window = window
        self._steps = list(steps)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)  # others may end a run a second early
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.next_step)
        self._counting = QTimer(self)
        self._counting.timeout.connect(self.count)
        self._counting.start(_COUNT_MS)

    @Slot()
    def count(self) -> None:
        """Print the counts of frames."""
        newest = self._controller.statistics()
        counts = {"at_s": newest.time_s, "inferred": newest.flow.inferred, "shown": newest.flow.displayed}
        print(json.dumps(counts), flush=True)

    @Slot()
    def next_step(self) -> None:
        """Put the next settings in force."""
        if not self._steps:
            report = self._controller.report("duration", None)
            self._window.close()
            print(json.dumps({"report": report}), flush=True)
            QApplication.quit()
            return
        seconds, texts = self._steps.pop(0)
        self._controller.change(changed(self._controller.settings, texts))
        print(json.dumps({"step": texts}), flush=True)
        self._timer.start(round(1000 * seconds))


def changed(settings: Settings, texts: dict[str, str]) -> Settings:
    """`settings` with what `texts` say, as on the command line."""
    return settings.changed(**{key: DECLARATIONS[key].parse(text) for key, text in texts.items()})


def main() -> None:
    """Run the window."""
    address, steps = sys.argv[1], json.loads(sys.argv[2])
    prepare_libraries()
    app = QApplication([sys.argv[0]])
    sessions_dir = Path(tempfile.gettempdir())
    settings = changed(Settings(source=address), steps[0][1])
    controller = Controller(
        settings, EngineOptions(resources_dir() / "models", places.cache_dir(), sessions_dir)
    )
    controller.start()
    window = MainWindow(
        controller, lambda _settings: None, sessions_dir=sessions_dir, unavailable={}, state_file=None
    )
    window.show()
    stepper = Stepper(controller, window, steps)
    stepper.next_step()
    app.exec()


if __name__ == "__main__":
    main()
