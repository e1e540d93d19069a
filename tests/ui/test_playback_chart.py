import numpy as np
import pytest
from PySide6.QtGui import QFontMetrics

from desktop_pose.engine.jobs import Jobs
from desktop_pose.ui.playback_chart import PlaybackChart


@pytest.fixture
def chart(qtbot, qapp):
    made = PlaybackChart("CPU", "% of one core", Jobs(qapp).start)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("height_px", [90, 140, 400])
@pytest.mark.parametrize(("low", "high"), [(58, 88), (300, 360), (-170, 175), (41, 44.9), (0, 0)])
def test_values_on_the_axis_are_round_and_apart(chart, qapp, low, high, height_px):
    chart.resize(460, height_px)
    chart.show_curves(np.array([0.0, 1.0]), {"process": np.array([low, high], np.float32)}, 1.0)
    qapp.processEvents()
    axis = chart.plot.getAxis("left")
    bottom, top = axis.range
    size_px = axis.size().height()

    ((_step, values),) = axis.tickValues(bottom, top, size_px)

    assert len(values) > 0
    gap_px = QFontMetrics(axis.font()).height()
    assert all(np.diff(values) / (top - bottom) * size_px >= gap_px)


def test_the_times_of_one_axis_are_said_alike(chart):
    axis = chart.plot.getAxis("bottom")
    assert axis.tickStrings([0, 60], 1, 60) == ["0:00", "1:00"]
    assert axis.tickStrings([0, 1, 61], 1, 1) == ["0:00", "0:01", "1:01"]
    assert axis.tickStrings([0.5, 59.5], 1, 0.5) == ["0:00.5", "0:59.5"]
    assert axis.tickStrings([0.95, 1.9999999], 1, 0.05) == ["0:00.95", "0:02.00"]


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.7), (20.0, 90.0), (5.0, 5.1)])
def test_curves_fill_the_chart_unless_they_are_noise(chart, low, high):
    chart.show_curves(np.array([0.0, 1.0]), {"distance": np.array([low, high], np.float32)}, 1.0)
    bottom, top = chart.plot.viewRange()[1]
    assert bottom < low < high < top
    assert top - bottom == pytest.approx(1.12 * max(high - low, 1.0), rel=0.01)


def test_a_curve_without_values_says_so(chart):
    values = np.array([np.nan, 1.0], np.float32)
    chart.show_curves(np.array([0.0, 1.0]), {"known later": values, "never": values[:1].repeat(2)}, 1.0)
    assert "never&nbsp;<b>no values" in chart.legend.text()
    assert "later&nbsp;<b>–" in chart.legend.text()


def test_a_legend_of_several_lines_leaves_the_curves_their_room(chart, qapp):
    names = [f"a long name of the curve {number}" for number in range(6)]
    chart.resize(360, 60)
    chart.show_curves(np.array([0.0]), {name: np.zeros(1, np.float32) for name in names}, 1.0)
    qapp.processEvents()

    assert chart.height() == chart.minimumHeight()
    assert chart.legend.height() >= 4 * chart.legend.fontMetrics().height()
    assert chart.plot.height() >= chart.plot.minimumHeight()
    assert not chart.legend.geometry().intersects(chart.plot.geometry())
