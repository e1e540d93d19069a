"""Real charts saved to real files; the pictures are opened, the drawings parsed, the numbers read back."""

import csv
import os
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QToolButton, QVBoxLayout, QWidget

from desktop_pose.ui.charts import Charts
from desktop_pose.ui.playback_chart import PlaybackChart
from desktop_pose.ui.theme import BLUE
from tests.ui.test_charts import reading

TIMES = np.linspace(0, 600, 18_000)
ANGLES = {
    "left_knee_flexion": (60 + 50 * np.sin(TIMES)).astype(np.float32),
    "right knee y": np.where(TIMES < 1, np.nan, 7).astype(np.float32),
}


@pytest.fixture
def chart(qtbot, jobs):
    """A chart of a playback in a window that gives it little height."""
    window = QWidget()
    made = PlaybackChart("Joint angles", "degrees", jobs.start)
    QVBoxLayout(window).addWidget(made)
    window.resize(420, 130)
    qtbot.addWidget(window)
    window.show()
    made.show_curves(TIMES, ANGLES, 600.0)
    made.keeper = window  # or Python frees it with this function
    return made


@pytest.fixture
def live(qtbot, jobs):
    charts = Charts(jobs.start)
    qtbot.addWidget(charts)
    charts.resize(460, 600)
    charts.show()
    qtbot.waitUntil(lambda: charts.is_complete)
    for second in range(80):
        charts.add(reading(100.0 + second, process=float(second)))
    charts.charts[0].keeper = charts
    return charts.charts[0]


def saved(qtbot, chart, path):
    job = chart.saver.save(path)
    with qtbot.waitSignal(job.finished):
        pass
    return path


def has_colour(image, name):
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    wanted = QColor(name)
    distance = np.abs(pixels[..., :3].astype(int) - (wanted.blue(), wanted.green(), wanted.red())).sum(
        axis=-1
    )
    return int((distance < 12).sum())


def test_a_picture_is_large_enough_to_print_and_shows_the_curve(chart, qtbot, tmp_path):
    image = QImage(str(saved(qtbot, chart, tmp_path / "chart.png"))).convertToFormat(
        QImage.Format.Format_RGB32
    )

    assert image.width() >= 1900
    assert image.height() >= 900
    assert has_colour(image, BLUE) > 2000


def test_a_drawing_is_made_of_lines_and_words(chart, qtbot, tmp_path):
    root = ET.parse(saved(qtbot, chart, tmp_path / "chart.svg")).getroot()
    words = "".join(root.itertext())
    lines = [line for line in root.iter() if line.tag.endswith(("path", "polyline"))]

    assert not [image for image in root.iter() if image.tag.endswith("image")]
    assert len(lines) > 10
    assert "Joint angles" in words
    assert "left knee flexion" in words.replace("\xa0", " ")
    assert "5:00" in words  # the times, which the chart in the window leaves to the last one
    assert "⋯" not in words


def test_the_numbers_are_all_there_are_and_not_those_drawn(chart, qtbot, tmp_path):
    with saved(qtbot, chart, tmp_path / "chart.csv").open(newline="") as file:
        header, *rows = csv.reader(file)

    assert header == ["time_s", "left_knee_flexion", "right_knee_y"]
    assert len(rows) == TIMES.size
    assert rows[0] == ["0.000000", "60", ""]
    assert np.allclose([float(row[0]) for row in rows], TIMES, atol=1e-6)
    assert np.allclose([float(row[1]) for row in rows], ANGLES["left_knee_flexion"], rtol=1e-5)
    assert rows[-1][2] == "7"


def test_a_live_chart_saves_the_last_minute(live, qtbot, tmp_path):
    with saved(qtbot, live, tmp_path / "cpu.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert [float(row["time_s"]) for row in rows] == list(range(-60, 1))
    assert [float(row["process"]) for row in rows] == list(range(19, 80))
    words = "".join(ET.parse(saved(qtbot, live, tmp_path / "cpu.svg")).getroot().itertext())
    assert "−30 s" in words


def test_the_window_is_as_before(chart, live, qtbot, tmp_path):
    for each in (chart, live):
        before = each.size(), each.saver.button.isVisible(), each.grab().toImage()
        saved(qtbot, each, tmp_path / "chart.png")
        saved(qtbot, each, tmp_path / "chart.svg")
        assert (each.size(), each.saver.button.isVisible(), each.grab().toImage()) == before


def test_a_right_click_on_the_curves_opens_the_menu_of_the_button(chart, live):
    for each, plot in ((chart, chart.plot), (live, live._plot)):
        texts = [action.text() for action in each.saver.menu.actions()]
        assert [text.partition(" (")[2] for text in texts] == ["PNG)…", "SVG)…", "CSV)…"]
        each.saver.button.click()
        assert QApplication.activePopupWidget() is each.saver.menu
        each.saver.menu.close()
        assert each.saver.button in each.findChildren(QToolButton)
        place = plot.viewport().rect().center()
        click = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, plot.viewport().mapToGlobal(place))
        QApplication.sendEvent(plot.viewport(), click)
        assert QApplication.activePopupWidget() is each.saver.menu
        each.saver.menu.close()


def test_the_menu_asks_where(chart, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("desktop_pose.ui.chart_saving.pictures_dir", lambda: tmp_path)
    for action, suffix in zip(chart.saver.menu.actions(), (".png", ".svg", ".csv"), strict=True):
        action.trigger()
        (dialog,) = [each for each in chart.findChildren(QFileDialog) if each.isVisible()]
        assert dialog.selectedFiles() == [str(tmp_path / f"Joint angles{suffix}")]
        dialog.fileSelected.emit(str(tmp_path / "mine"))
        qtbot.waitUntil(lambda suffix=suffix: (tmp_path / f"mine{suffix}").is_file())
        dialog.close()


def boxes(chart):
    return [box for box in chart.findChildren(QMessageBox) if box.isVisible()]


@pytest.mark.parametrize("suffix", [".png", ".svg", ".csv"])
def test_a_failure_is_one_sentence_and_leaves_nothing(chart, qtbot, tmp_path, suffix):
    saved(qtbot, chart, tmp_path / "missing" / f"chart{suffix}")

    (box,) = boxes(chart)
    assert "could not be saved" in box.text()
    assert box.text().endswith("or free some space.")
    box.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_leaves_what_was_there(chart, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "chart.csv"
    path.write_text("before")
    real_open = os.open
    monkeypatch.setattr(
        "desktop_pose.core.whole_file.os.open", lambda path, flags, mode: _full(real_open, path)
    )
    saved(qtbot, chart, path)

    (box,) = boxes(chart)
    assert "No space left on device" in box.text()
    box.close()
    assert path.read_text() == "before"


def _full(real_open, path):
    path.symlink_to("/dev/full")
    return real_open(path, os.O_WRONLY)
