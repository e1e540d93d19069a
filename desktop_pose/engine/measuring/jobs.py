"""Measuring as a job, for the window."""

from pathlib import Path

from PySide6.QtCore import QObject

from desktop_pose.core.errors import MeasuringError
from desktop_pose.core.memory import give_back_free_memory
from desktop_pose.core.settings import Rotation
from desktop_pose.engine.jobs import Job, Jobs, Progress
from desktop_pose.engine.measuring.measurement import LIMIT_S, measure
from desktop_pose.engine.measuring.saved import SavedMeasurements, load_all, save


class Measurements(Jobs):
    """The measurements of this computer.

    Args:
        folder: Where they are kept.
        parent: Owns this.
    """

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder

    def look_up(self) -> Job:
        """Read what was measured before: gives `SavedMeasurements`."""
        return self.start("measurements", lambda _progress: load_all(self._folder))

    def measure(self, text: str, rotation: Rotation) -> Job:
        """Measure on the source `text`: gives `SavedMeasurements`, the new one first; None when cancelled."""

        def work(progress: Progress) -> SavedMeasurements | None:
            measurement = measure(text, LIMIT_S, progress, rotation=rotation)
            give_back_free_memory()  # of frames and answers: 30 MB
            if measurement is None:
                return None
            if measurement.failure is not None:
                raise measurement.failure
            saved = load_all(self._folder)
            problem = saved.problem
            try:
                save(measurement, self._folder)
            except MeasuringError as error:
                problem = error
            return SavedMeasurements((measurement, *saved.measurements), problem)

        return self.start("measuring", work)
