"""What is on screen follows the system's palette, and looks then as if it had been started with it."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QDialog, QMainWindow, QVBoxLayout, QWidget

from desktop_pose.core.settings import Settings
from desktop_pose.engine.jobs import Jobs
from desktop_pose.ui.banner import Banner, Message
from desktop_pose.ui.budget import BudgetPanel
from desktop_pose.ui.chart import Chart
from desktop_pose.ui.control_bar import ControlBar
from desktop_pose.ui.curves import CHARTS
from desktop_pose.ui.export_dialog import ExportDialog
from desktop_pose.ui.help_dialogs import about_dialog, shortcuts_dialog
from desktop_pose.ui.measure_dialog import MeasureDialog
from desktop_pose.ui.playback_bar import PlaybackBar
from desktop_pose.ui.playback_chart import PlaybackChart
from desktop_pose.ui.resources_bars import BarRow, BarRows
from desktop_pose.ui.resources_costs import CostPanel
from desktop_pose.ui.sessions_model import SessionsFilter, SessionsModel
from desktop_pose.ui.sessions_table import SessionsTable
from desktop_pose.ui.side_dock import SideDock
from desktop_pose.ui.status_bar import StatusBar
from desktop_pose.ui.theme import BLUE
from tests.ui.test_charts import reading
from tests.ui.test_status_bar import statistics

DARK = QPalette(QColor(45, 45, 48), QColor(45, 45, 48))
DARK.setColor(QPalette.ColorRole.Base, QColor(30, 30, 32))
NONE = lambda *_: None  # noqa: E731  # what is never called here


def live_chart(parent):
    chart = Chart(CHARTS[0], Jobs(parent).start, has_time_axis=True)
    for time_s in range(60):
        chart.add(float(time_s), CHARTS[0].values(reading(float(time_s))))
    chart.mark(30.0)
    chart.draw(59.0, CHARTS[0].values(reading(59.0)))
    return chart


def playback_chart(parent):
    chart = PlaybackChart("Joint angles", "degrees", Jobs(parent).start, has_time_axis=True)
    times_s = np.linspace(0, 10, 300)
    chart.show_curves(times_s, {"knee": np.sin(times_s).astype(np.float32)}, 10.0)
    chart.show_position(4.0)
    return chart


def sessions(parent):
    model = SessionsModel(parent)
    table = SessionsTable(SessionsFilter(model, parent), parent)
    table.say("Nothing has been recorded yet.")
    return table


def bars(parent):
    rows = BarRows("Memory", parent)
    rows.show_rows((BarRow("models", 0.0, 0.5, "27.5 MB", BLUE),))
    return rows


def dock(_parent):
    window = QMainWindow()
    made = SideDock("Charts", "charts", window)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, made)
    return window


def status(parent):
    bar = StatusBar(parent.folder)
    bar.show_statistics(statistics())
    return bar


MAKERS = {
    "banner": lambda parent: Banner(Message("It happened", "Do this"), {"Do it": NONE}, parent),
    "budget": lambda _: BudgetPanel(),
    "live chart": live_chart,
    "controls": lambda _: ControlBar(Settings(source="demo"), {}),
    "dock": dock,
    "export": lambda parent: ExportDialog(parent, NONE, NONE),
    "about": about_dialog,
    "shortcuts": shortcuts_dialog,
    "measure": MeasureDialog,
    "playback bar": lambda _: PlaybackBar(),
    "playback chart": playback_chart,
    "bars": bars,
    "costs": lambda parent: CostPanel(NONE, parent.folder, NONE),
    "sessions": sessions,
    "status": status,
}

_COMBO_BOX_MS = 60
"""Qt adjusts the size of a combo box 20 ms after its items have changed, and the layout after that."""


@pytest.fixture
def palette(qapp):
    """Sets the application's palette; the old one comes back."""
    before = qapp.palette()
    yield qapp.setPalette
    qapp.setPalette(before)


@pytest.mark.parametrize("name", MAKERS)
def test_a_switch_to_dark_looks_like_a_start_in_dark(name, qtbot, qapp, palette, tmp_path):
    windows = []

    def shown():
        window = QWidget()
        window.folder = tmp_path
        windows.append(window)
        qtbot.addWidget(window)
        widget = MAKERS[name](window)
        if not isinstance(widget, QDialog):
            QVBoxLayout(window).addWidget(widget)
        window.resize(700, 400)
        window.show()
        widget.show()
        return widget

    def picture(widget):
        qtbot.wait(_COMBO_BOX_MS)
        for _ in range(3):  # layouts in layouts
            qapp.processEvents()
        return widget.grab().toImage()

    switched = shown()
    light = picture(switched)
    palette(DARK)
    dark = picture(switched)

    assert (dark == light) is (name == "banner")  # which has colours of its own
    assert dark == picture(shown())
