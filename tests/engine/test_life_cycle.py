import os

import numpy as np
import pytest

from desktop_pose.core.memory_steps import STEPS
from desktop_pose.core.resident import heap_of_this_thread, resident
from tests.support.new_process import in_new_process

MB = 1_000_000


def resident_while_and_after_a_run():
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from pathlib import Path

    from PySide6.QtCore import QCoreApplication, QEventLoop

    from desktop_pose.core.settings import Settings
    from desktop_pose.engine.controller import Controller
    from desktop_pose.engine.options import EngineOptions
    from tests.engine.support import FakeSource, FakeTracker

    class HoardingSource(FakeSource):
        """Keeps what it has decoded until it is closed, and one block at the end of its heap for ever."""

        def open(self):
            super().open()
            self.kept = [np.ones(100_000, np.uint8) for _ in range(300)]
            self.pin = np.ones(100_000, np.uint8)

        def close(self):
            super().close()
            self.kept = []

    app = QCoreApplication([])
    source = HoardingSource(fps=100)
    controller = Controller(
        Settings(source="http://127.0.0.1/fake", threads=1),
        EngineOptions(Path("models"), None, Path("sessions")),
        make_source=lambda text, size, fps: source,
        make_tracker=lambda options, *folders, will_adopt, pace: FakeTracker(options),
    )
    controller.start()
    while controller.source_info is None:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    during = resident().proper
    controller.stop()
    while controller._life._threads:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    after = resident().proper
    return during - after, controller.shut_down(), controller._flow.snapshot()


@pytest.mark.skipif(
    STEPS.booked_bytes() is None or heap_of_this_thread() is None, reason="no malloc that gives back"
)
def test_a_run_that_has_ended_holds_no_memory_and_no_frames():
    given_back, is_done, flow = in_new_process(resident_while_and_after_a_run)
    assert given_back > 25 * MB
    assert is_done
    assert (flow.in_flight_inference, flow.in_flight_display) == (0, 0)
