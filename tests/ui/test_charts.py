import dataclasses

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel

from desktop_pose.engine.jobs import Jobs
from desktop_pose.engine.meters import Quantiles
from desktop_pose.engine.metrics import STAGES
from desktop_pose.engine.processor import THREAD_NAMES, CpuShare
from desktop_pose.ui.charts import Charts
from desktop_pose.ui.curves import CHARTS
from tests.ui.test_status_bar import statistics


def reading(time_s, process=42.0):
    return dataclasses.replace(
        statistics(),
        time_s=time_s,
        latency=Quantiles(8.0, 12.5, 30.0),
        stages_ms={"landmarks": 5.25},
        cpu=CpuShare(process, dict.fromkeys(THREAD_NAMES, 3.0)),
        rss_mb=213.4,
    )


@pytest.fixture
def charts(qtbot, qapp):
    jobs = Jobs(qapp)
    made = Charts(jobs.start)
    qtbot.addWidget(made)
    made.resize(460, 600)
    made.show()
    qtbot.waitUntil(lambda: made.is_complete)
    return made


def numbers(charts, title):
    chart = next(chart for chart in charts.charts if chart.plan.title == title)
    return {name: label.text() for name, label in chart.numbers.items()}


def test_all_that_is_promised_has_a_curve():
    names = {plan.title: [curve.name for curve in plan.curves] for plan in CHARTS}

    assert list(names) == ["CPU", "Memory", "Rate", "Latency"]
    assert len(names["CPU"]) == 1 + len(THREAD_NAMES)
    assert set(names["Rate"]) == {"display", "capture", "tracked", "model"}
    assert set(STAGES) < set(names["Latency"])
    assert all(curve.meaning.endswith(".") for plan in CHARTS for curve in plan.curves)


@pytest.mark.parametrize("plan", CHARTS, ids=lambda plan: plan.title)
def test_every_value_has_a_curve(plan):
    assert set(plan.values(reading(1.0))) == {curve.name for curve in plan.curves}


def test_present_values_are_numbers_beside_their_names(charts, qtbot):
    charts.add(reading(10.0))
    qtbot.waitUntil(lambda: numbers(charts, "Latency")["total p95"] == "12.5")

    assert numbers(charts, "CPU")["process"] == "42.0"
    assert numbers(charts, "Memory") == {"resident": "213"}
    assert numbers(charts, "Rate")["capture"] == "30.0"
    assert numbers(charts, "Latency")["landmarks"] == "5.2"
    assert numbers(charts, "Latency")["detector"] == "–"


def test_every_legend_explains_its_curve(charts):
    for chart in charts.charts:
        tips = {label.toolTip() for label in chart.findChildren(QLabel)}
        assert {curve.meaning for curve in chart.plan.curves} <= tips


def test_the_axis_ends_at_a_round_number_above_the_curves(charts, qtbot):
    charts.add(reading(10.0, process=130.0))
    qtbot.waitUntil(lambda: numbers(charts, "CPU")["process"] == "130")

    lower, upper = charts.charts[0]._plot.viewRange()[1]
    assert lower == 0
    assert 150 <= upper < 160


def test_nothing_is_drawn_while_hidden_and_nothing_is_lost(charts, qtbot):
    charts.add(reading(10.0))
    qtbot.waitUntil(lambda: numbers(charts, "Latency")["total p95"] == "12.5")
    charts.hide()
    charts.add(reading(10.5, process=77.0))
    qtbot.waitUntil(lambda: not charts._draw_timer.isActive())

    assert numbers(charts, "CPU")["process"] == "42.0"

    charts.show()
    qtbot.waitUntil(lambda: numbers(charts, "CPU")["process"] == "77.0")
    assert charts.charts[0]._lines["process"].yData.tolist() == [42.0, 77.0]


def test_the_end_of_a_run_empties_the_numbers_and_leaves_a_gap(charts, qtbot):
    charts.add(reading(10.0))
    qtbot.waitUntil(lambda: numbers(charts, "Latency")["total p95"] == "12.5")
    charts.break_off()

    assert set(numbers(charts, "CPU").values()) == {"–"}
    assert not charts._draw_timer.isActive()

    charts.hide()
    charts.show()  # as after a full screen
    qtbot.waitUntil(lambda: not charts._draw_timer.isActive())
    assert set(numbers(charts, "CPU").values()) == {"–"}


def test_a_switch_is_marked_and_the_mark_moves_out_after_a_minute(charts, qtbot):
    charts.add(reading(10.0))
    charts.mark(12.0, "Switched to lite")
    charts.add(reading(20.0))
    qtbot.waitUntil(lambda: not charts._draw_timer.isActive())

    assert [line.value() for line in charts.charts[0]._mark_lines if line.isVisible()] == [-8.0]
    assert "Switched to lite" in charts.mark_text.text()

    charts.add(reading(80.0))
    qtbot.waitUntil(lambda: not charts._draw_timer.isActive())

    assert not any(line.isVisible() for line in charts.charts[0]._mark_lines)
    assert not charts.mark_text.isVisible()


def test_the_words_of_a_switch_are_never_cut_off(charts, qtbot):
    charts.resize(360, 600)
    charts.add(reading(10.0))
    charts.mark(12.0, "Switched to full, 2 threads, LiteRT, up to 3 people, frames skipped adaptively")
    words = charts.mark_text
    qtbot.waitUntil(lambda: words.height() >= 2 * words.fontMetrics().lineSpacing())
    assert words.height() >= words.heightForWidth(words.width())
    assert charts.rect().contains(words.geometry())


def test_charts_follow_a_dark_palette(charts):
    charts.setPalette(QPalette(QColor(45, 45, 48), QColor(45, 45, 48)))

    chart = charts.charts[0]
    ink = chart._lines["process"].opts["pen"].color()
    assert ink.lightness() > 150
    assert chart._plot.backgroundBrush().color().lightness() < 100


def legend_columns(charts):
    return [chart._legend._columns for chart in charts.charts]


def test_legends_take_one_column_where_there_is_height_and_two_where_not(charts, qtbot):
    charts.resize(460, 720)
    qtbot.waitUntil(lambda: legend_columns(charts) == [1, 1, 1, 1])

    charts.resize(360, 330)
    qtbot.waitUntil(lambda: legend_columns(charts) == [2, 2, 2, 2])
    charts.layout().activate()
    for chart in charts.charts:
        for layout in (chart.layout(), chart._legend.layout()):
            layout.activate()
        for label in chart.numbers.values():
            assert chart.rect().contains(label.mapTo(chart, label.rect().bottomRight()))
            assert label.height() >= label.fontMetrics().height()


def test_the_same_work_has_the_same_colour_in_all_charts():
    colours = {}
    for plan in CHARTS:
        names = [curve.name for curve in plan.curves]
        assert len({curve.colour for curve in plan.curves}) == len(names), plan.title
        for curve in plan.curves[1:]:
            assert colours.setdefault(curve.name, curve.colour) == curve.colour
