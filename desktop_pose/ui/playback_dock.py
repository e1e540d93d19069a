"""The dock of a playback's charts, in the place of the live ones. They are made when first needed."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from desktop_pose.engine.controller import Controller
from desktop_pose.engine.playback_frames import SessionSummary
from desktop_pose.ui.chart_dock import MIN_WIDTH_PX, ChartDock
from desktop_pose.ui.side_dock import SideDock

if TYPE_CHECKING:
    from desktop_pose.ui.playback_charts import PlaybackCharts


class PlaybackDock(SideDock):
    """Holds the charts of the session that is played.

    **Signals**
        sought(int): The user wants to go to this time, in nanoseconds.

    Attributes:
        charts: None until they are first needed.
    """

    sought = Signal(object)

    def __init__(self, window: QMainWindow, controller: Controller, live: ChartDock) -> None:
        super().__init__("Session charts", "session_charts", window)
        self.charts: PlaybackCharts | None = None
        self._controller = controller
        self._live = live
        self._waiting: tuple[Path, SessionSummary] | None = None
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self)
        self.hide()
        live.charts_made.connect(self._on_charts_made)

    def show_session(self, session: Path, summary: SessionSummary) -> None:
        """Show the curves of a session, as soon as charts can be made."""
        self._waiting = session, summary
        if self._live.charts is not None:
            self._on_charts_made()

    def forget_session(self) -> None:
        """The session is no longer played."""
        self._waiting = None
        if self.charts is not None:
            self.charts.forget_session()

    def show_position(self, position_ns: int) -> None:
        """Show where the playback is."""
        if self.charts is not None:
            self.charts.show_position(position_ns)

    @Slot()
    def _on_charts_made(self) -> None:
        if self._waiting is None:
            return
        if self.charts is None:
            from desktop_pose.ui.playback_charts import PlaybackCharts  # pyqtgraph is imported by now

            self.charts = PlaybackCharts(self._controller.library)
            self.charts.setMinimumWidth(MIN_WIDTH_PX)
            self.charts.sought.connect(self.sought)
            self.show_scrolled(self.charts)
        session, summary = self._waiting
        self._waiting = None
        self.charts.show_session(session, summary.last_ns)
