"""The window of the resources on a real controller, as opened from the menu."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QToolTip

from desktop_pose.core import places
from desktop_pose.engine.resources.costs import Cost, LeftOut, Measured, save
from desktop_pose.ui.actions import Command
from desktop_pose.ui.resources_bars import BarRow, BarRows
from desktop_pose.ui.resources_costs import CostPanel

COSTS = (Cost("full, 2 threads", 60.0, 250.0, 20.0, 30.0), Cost("lite", 45.4, 250.2, 15.0, 29.5))


@pytest.fixture
def window(bench):
    bench.run()
    bench.window.actions_by_command[Command.RESOURCES].trigger()
    bench.wait_for_pictures(15)
    opened = bench.window.commands.resources
    opened.refresh()
    yield opened
    opened.close()


def test_it_shows_memory_processor_and_a_frame(bench, window):
    assert "MB resident" in window.memory_title.text()
    if bench.controller.resources.read().parts_mb is not None:
        assert window.memory.rows[-1].name == "unexplained"
    bench.wait(lambda: bench.controller.resources.read().process_percent is not None)
    window.refresh()
    assert "% of one core" in window.processor_title.text()
    assert window.processor.rows[0].name == "window"
    names = [row.name for row in window.frame.rows]
    assert {"inference", "convert", "paint", "waiting"} <= set(names)
    assert window.frame.rows[0].start == pytest.approx(0, abs=0.01)
    assert window.frame.rows[-2].end == pytest.approx(1, abs=0.01)
    assert "too short" in window.trend.text()
    assert "inference" in window.frame.accessibleDescription()


def test_single_frames_are_watched_only_while_it_is_open(bench, window):
    assert bench.controller._metrics.timeline is not None
    window.close()
    assert bench.controller._metrics.timeline is None
    bench.window.commands.show_resources()
    assert bench.window.commands.resources is window
    assert bench.controller._metrics.timeline is not None


def test_without_a_run_there_is_no_processor_time_to_show(bench, window):
    bench.controller.stop()
    window.refresh()
    assert "nothing runs" in window.processor_title.text()
    if bench.controller.resources.read().parts_mb is not None:
        assert "when the run ended" in window.memory_title.text()
    assert window.processor.rows == ()
    assert "No frame" in window.frame_title.text()
    assert window.frame.rows == ()


def test_names_of_settings_wrap_where_there_is_little_room(qtbot, tmp_path):
    save((COSTS[0], replace(COSTS[1], name="background blurred (mask)")), tmp_path)
    panel = CostPanel(lambda *_: None, tmp_path, lambda: None)
    qtbot.addWidget(panel)
    panel.resize(700, 400)
    panel.show()
    qtbot.waitUntil(lambda: panel.table.rowHeight(1) == panel.table.rowHeight(0))
    panel.resize(280, 400)
    qtbot.waitUntil(lambda: panel.table.rowHeight(1) > panel.table.rowHeight(0))


def test_costs_measured_before_are_shown_as_differences(bench):
    save(COSTS, places.cache_dir())
    bench.run()
    bench.window.commands.show_resources()
    table = bench.window.commands.resources.costs.table
    cells = [[table.item(row, column).text() for column in range(5)] for row in range(2)]
    assert cells == [["Full, 2 threads", "60", "250", "20", "30.0"], ["Lite", "−15", "0", "−5", "−0.5"]]
    (places.cache_dir() / "resource-costs.json").unlink()


def test_measuring_stops_the_run_and_can_be_cancelled(bench, window):
    panel = window.costs
    assert panel.table.isHidden()
    panel.button.click()
    assert not bench.controller.state.is_active
    assert panel.button.text() == "&Cancel"
    panel.button.click()
    bench.wait(lambda: panel.work.progress.isHidden())
    assert bench.controller.state.is_active
    assert panel.table.isHidden()


def test_closing_the_window_ends_the_measuring_and_the_run_goes_on(bench, window):
    window.costs.button.click()
    assert not bench.controller.state.is_active
    window.close()
    bench.wait(lambda: bench.controller.state.is_active)
    assert not window.costs.work.is_busy


def test_starting_the_run_ends_the_measuring(bench, window):
    window.costs.button.click()
    bench.controller.start()
    bench.wait(lambda: not window.costs.work.is_busy)
    assert "because tracking was started" in window.costs.work.message.text()
    assert bench.controller.state.is_active


def test_what_could_not_be_measured_is_told_beside_the_figures_of_the_others(bench, window):
    panel = window.costs
    panel.work.succeeded.emit(Measured(COSTS, (LeftOut("heavy", "It is slow. Wait."),)))
    assert panel.table.rowCount() == len(COSTS)
    assert "Heavy could not be measured: It is slow. Wait." in panel.work.message.text()


def test_nothing_is_measured_while_a_session_is_recorded(bench, window):
    bench.controller.start_recording(bench.controller.settings.record_kind)
    window.costs.button.click()
    assert "End the recording first" in window.costs.work.message.text()
    assert bench.controller.state.is_active
    bench.controller.stop_recording()


def test_bars_lie_where_their_rows_say(qtbot):
    bars = BarRows("Test")
    qtbot.addWidget(bars)
    row = BarRow("name", 0.5, 1.0, "1 ms", "#ff0000", "What it means.")
    bars.show_rows((row,))
    bars.resize(500, bars.sizeHint().height())
    image = bars.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    middle = image.height() // 2
    red = [x for x in range(image.width()) if image.pixelColor(x, middle).name() == "#ff0000"]
    columns = [x for x in range(image.width()) if image.pixelColor(x, middle) != image.pixelColor(0, 0)]
    assert red
    assert red == list(range(red[0], red[-1] + 1))
    assert len(red) < len(columns)
    event = QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), bars.mapToGlobal(QPoint(5, 5)))
    assert bars.event(event)
    qtbot.waitUntil(lambda: QToolTip.text() == "What it means.")
    QToolTip.hideText()
