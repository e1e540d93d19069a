"""The dock of the charts. It is up at once; the charts follow when pyqtgraph has been imported."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QDockWidget, QSizePolicy, QWidget

from desktop_pose.engine.statistics import Statistics

if TYPE_CHECKING:
    from desktop_pose.ui.charts import Charts

_DELAY_MS = 250
"""The import holds the GUI thread for 0.4 s: let the window come up first."""

_WIDTH_PX = 380


class ChartDock(QDockWidget):
    """Holds the charts once they are there; before, what is to be shown is forgotten.

    It can be moved and floated, but not closed: what tracking costs is always visible.

    Attributes:
        charts: None until they are made.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Charts", parent)
        self.setObjectName("charts")
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.charts: Charts | None = None
        place = QWidget()
        place.setMinimumWidth(_WIDTH_PX)
        place.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setWidget(place)

    def load_soon(self) -> None:
        """Make the charts as soon as the window is up."""
        QTimer.singleShot(_DELAY_MS, self, self.load)

    @Slot()
    def load(self) -> None:
        """Make the charts, once."""
        if self.charts is not None:
            return
        from desktop_pose.ui.charts import Charts

        self.charts = Charts()
        self.charts.setMinimumWidth(_WIDTH_PX)
        self.setWidget(self.charts)

    def add(self, statistics: Statistics) -> None:
        """Take in the figures of a moment."""
        if self.charts is not None:
            self.charts.add(statistics)

    def break_off(self) -> None:
        """The run has ended."""
        if self.charts is not None:
            self.charts.break_off()

    def mark(self, time_s: float, text: str) -> None:
        """Draw a vertical line at this time."""
        if self.charts is not None:
            self.charts.mark(time_s, text)
