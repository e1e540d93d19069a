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


def test_a_legend_of_several_lines_leaves_the_curves_their_room(chart, qapp):
    names = [f"a long name of the curve {number}" for number in range(6)]
    chart.resize(360, 60)
    chart.show_curves(np.array([0.0]), {name: np.zeros(1, np.float32) for name in names}, 1.0)
    qapp.processEvents()

    assert chart.height() == chart.minimumHeight()
    assert chart.legend.height() >= 4 * chart.legend.fontMetrics().height()
    assert chart.plot.height() >= chart.plot.minimumHeight()
    assert not chart.legend.geometry().intersects(chart.plot.geometry())
