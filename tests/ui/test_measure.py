"""Measuring from the window: the dialog on made-up measurements, and a real short one."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from desktop_pose.core.errors import MeasuringError
from desktop_pose.core.settings import RecordingKind, Settings
from desktop_pose.engine.measuring import measurement as measuring_module
from desktop_pose.engine.measuring.figures import LeftOut
from desktop_pose.engine.measuring.recommendation import Target
from desktop_pose.engine.measuring.rows import ADAPTIVE
from desktop_pose.engine.measuring.saved import SavedMeasurements, load_all, save
from desktop_pose.engine.state import EngineState
from desktop_pose.ui.actions import Command
from desktop_pose.ui.measure_table import BAR_ROLE, Column
from desktop_pose.ui.theme import BLUE, GREY, TEAL, VERMILION
from tests.engine.measuring.support import figures, measured, row, two_cores

EARLIER = measured(figures(cpu=16.4, p95=20), started="2026-11-20T09:30:00+00:00")


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Where measurements are kept."""
    place = tmp_path / "measurements"
    monkeypatch.setattr("desktop_pose.ui.measure_commands.measurements_dir", lambda: place)
    return place


@pytest.fixture
def dialog(bench, folder):
    """The dialog of a window whose engine does not run."""
    bench.build()
    bench.window.actions_by_command[Command.MEASURE].trigger()
    made = bench.window.measuring.dialog
    bench.wait(lambda: not bench.window.measuring._jobs._jobs)
    return made


def text(dialog, place, column):
    return dialog.model.index(place, column).data()


def bar(dialog, place, column):
    return dialog.model.index(place, column).data(BAR_ROLE)


def test_while_the_first_measurement_goes_on_nobody_is_told_to_measure(dialog):
    dialog.begin()
    assert "come when" in dialog.nothing.text()
    dialog.show_progress(20_000, 60_000)
    assert dialog.progress.format() == "about 40 s left"
    dialog.show_progress(61_000, 60_000)
    assert dialog.progress.format() == "almost done"
    dialog.end()
    assert "not been measured yet" in dialog.nothing.text()


def test_nothing_measured_yet(dialog):
    assert "not been measured yet" in dialog.nothing.text()
    assert dialog.nothing.isVisible()
    assert not dialog.table.isVisible()
    assert not dialog.use.isVisible()
    assert not dialog.shown.isVisible()
    assert not dialog.cancel.isVisible()
    assert dialog.measure.isEnabled()
    assert not dialog.isModal()


def test_rows_are_shown_with_bars(dialog):
    dialog.show_measurements(SavedMeasurements((two_cores(),)))
    assert dialog.table.isVisible()
    assert dialog.model.rowCount() == 10
    assert text(dialog, 1, Column.MODEL) == "lite"
    assert text(dialog, 1, Column.SKIP) == "adaptive"
    assert text(dialog, 0, Column.CPU) == "8.2 ms, 25 %"
    assert text(dialog, 0, Column.TIME) == "8.6 to 9.6 ms"
    assert text(dialog, 9, Column.MODEL) == "MediaPipe lite"
    assert text(dialog, 9, Column.SKIP) == "–"
    assert bar(dialog, 0, Column.MOST) is None
    assert bar(dialog, 4, Column.CPU).length > bar(dialog, 0, Column.CPU).length > 0
    assert bar(dialog, 4, Column.TIME).tail > bar(dialog, 4, Column.TIME).length
    assert bar(dialog, 6, Column.TIME).length > 1  # goes on beyond the cell
    colours = [bar(dialog, place, Column.TIME).colour for place in (0, 6, 9)]
    assert colours == [TEAL, VERMILION, GREY]
    assert bar(dialog, 0, Column.CPU).colour == BLUE
    dialog.grab()  # paints them


def test_a_target_is_chosen_and_its_settings_are_used_with_one_click(dialog, bench):
    dialog.show_measurements(SavedMeasurements((two_cores(),)))
    assert dialog.advice.text() == "lite, 1 thread, frames skipped adaptively"
    dialog.targets[Target.HIGHEST_ACCURACY].click()
    assert dialog.advice.text() == "full, 1 thread, every frame"
    assert "keeps up with 30/s" in dialog.reasons.text()
    dialog.targets[Target.LOWEST_CPU].click()
    dialog.use.click()
    settings = bench.controller.settings
    assert (settings.model.value, settings.threads, settings.skip) == ("lite", 1, ADAPTIVE)
    assert bench.stored[-1] == settings
    assert dialog.use.text() == "In use"
    assert not dialog.use.isEnabled()
    dialog.targets[Target.LOWEST_LATENCY].click()
    assert dialog.use.isEnabled()


def test_what_was_clicked_hands_the_keys_on_to_the_next_button_and_not_to_the_table(dialog, qtbot):
    dialog.show_measurements(SavedMeasurements((two_cores(),)))
    dialog.activateWindow()
    dialog.use.setFocus()
    qtbot.waitUntil(dialog.use.hasFocus)
    dialog.use.click()
    assert dialog.buttons.button(QDialogButtonBox.StandardButton.Close).hasFocus()


def test_the_recommended_row_stands_out(dialog):
    dialog.show_measurements(SavedMeasurements((two_cores(),)))
    fonts = [dialog.model.index(place, 0).data(Qt.ItemDataRole.FontRole) for place in range(10)]
    assert [place for place, font in enumerate(fonts) if font is not None and font.bold()] == [1]


def test_an_earlier_measurement_is_compared_with(dialog):
    other_clip = replace(EARLIER, video="other.mp4", started="2026-11-20T10:00:00+00:00")
    dialog.show_measurements(SavedMeasurements((two_cores(), other_clip, EARLIER)))
    assert dialog.shown.count() == 3
    assert dialog.earlier.count() == 2  # nothing, and the one that is like it
    assert not dialog.table.isColumnHidden(Column.CHANGE)
    assert text(dialog, 0, Column.CHANGE) == "−50 %"
    assert text(dialog, 1, Column.CHANGE) == "–"
    assert bar(dialog, 0, Column.CPU).mark == pytest.approx(2 * bar(dialog, 0, Column.CPU).length)
    dialog.grab()
    dialog.earlier.setCurrentIndex(0)
    assert dialog.table.isColumnHidden(Column.CHANGE)
    assert bar(dialog, 0, Column.CPU).mark is None
    dialog.shown.setCurrentIndex(1)
    assert dialog.model.rowCount() == 1
    assert dialog.earlier.count() == 1


def test_odd_measurements_are_explained(dialog):
    why = "there was not the time for it"
    odd = replace(
        measured(figures(paced=False), None, None),
        left_out=(LeftOut(row("full"), why), LeftOut(row("heavy"), why)),
        frames_with_person=0,
    )
    dialog.show_measurements(SavedMeasurements((odd,)))
    assert dialog.advice.text() == "No recommendation"
    assert not dialog.use.isEnabled()
    assert dialog.remarks.text().splitlines() == [
        "Nobody was seen in most frames: the figures are those of an empty picture.",
        "Not measured, because there was not the time for it: full, 1 thread; heavy, 1 thread.",
    ]
    dialog.show_measurements(SavedMeasurements((measured(None),)))
    assert "Nothing could be measured" in dialog.nothing.text()


def heading(dialog, column):
    return dialog.model.headerData(column, Qt.Orientation.Horizontal)


def test_figures_without_a_pause_are_called_so_and_the_missing_recommendation_is_explained(dialog):
    dialog.show_measurements(SavedMeasurements((measured(figures(paced=False, cpu=8.0)),)))
    assert heading(dialog, Column.CPU) == "CPU without a pause"
    assert text(dialog, 0, Column.CPU) == "8.0 ms"
    assert "frame after frame without a pause" in dialog.legend.text()
    assert "Measure again while no other program is busy" in dialog.reasons.text()

    dialog.show_measurements(SavedMeasurements((measured(figures(), figures("full", paced=False)),)))
    assert heading(dialog, Column.CPU) == "CPU at 30/s"
    assert [text(dialog, 1, column) for column in (Column.CPU, Column.TIME)] == ["–", "–"]
    assert bar(dialog, 1, Column.CPU) is None
    assert "30 times a second" in dialog.legend.text()


@pytest.mark.parametrize(("width_px", "has_room"), [(700, False), (1120, True)])
def test_no_figure_is_cut_off(dialog, bench, width_px, has_room):
    dialog.show_measurements(SavedMeasurements((two_cores(),)))
    dialog.resize(width_px, 600)
    table = dialog.table
    shown = [column for column in Column if not table.isColumnHidden(column)]
    bench.wait(
        lambda: (
            all(table.columnWidth(column) >= table.sizeHintForColumn(column) for column in shown)
            and (table.horizontalScrollBar().maximum() == 0) is has_room
        )
    )
    words_px = max(
        table.sizeHintForColumn(Column.TIME), table.horizontalHeader().sectionSizeHint(Column.TIME)
    )
    assert (table.columnWidth(Column.TIME) > words_px) is has_room  # for longer bars
    for column, longest in ((Column.CPU, "000.0 ms, 000 %"), (Column.TIME, "000.0 to 000.0 ms")):
        bar_px = table.columnWidth(column) - table.fontMetrics().horizontalAdvance(longest)
        assert bar_px >= 48  # one that can be read


def test_a_damaged_file_is_told_of_and_the_others_are_shown(bench, folder):
    save(two_cores(), folder)
    (folder / "bad.json").write_text("{")
    bench.build()
    bench.window.measuring.open_dialog()
    dialog = bench.window.measuring.dialog
    bench.wait(lambda: dialog.model.rowCount() == 10)
    assert dialog.message.text().startswith("The earlier measurement bad.json cannot be read")
    assert dialog.message.text().count(". ") == 1


def test_the_source_in_use_and_any_video_can_be_measured_on(dialog, tmp_path):
    dialog.show_settings(Settings(source="http://me:secret@10.0.0.2/video"))
    texts = [dialog.source.itemText(place) for place in range(dialog.source.count())]
    assert texts == ["Demo clip", "http://10.0.0.2/video", "http://127.0.0.1/fake", "A video…"]
    dialog.choose_video(str(tmp_path / "clip.mp4"))
    assert dialog.source.currentText() == "clip.mp4"
    wanted = []
    dialog.measuring_wanted.disconnect()
    dialog.measuring_wanted.connect(wanted.append)
    dialog.measure.click()
    assert wanted == [str(tmp_path / "clip.mp4")]


@pytest.fixture
def one_row(monkeypatch):
    """A measurement that takes a few seconds."""
    monkeypatch.setattr(measuring_module, "all_rows", lambda: (row(),))
    monkeypatch.setattr(measuring_module, "_MOST_ROUNDS", 1)


@pytest.mark.usefixtures("one_row")
def test_a_real_measurement_pauses_the_engine_and_is_kept(bench, folder):
    bench.run()
    bench.window.measuring.open_dialog()
    dialog = bench.window.measuring.dialog
    dialog.measure.click()
    assert bench.controller.state is EngineState.STOPPED
    assert dialog.progress.isVisible()
    assert dialog.message.text() == "Measuring. Tracking is paused until it is done."
    bench.qtbot.waitUntil(lambda: dialog.progress.value() > 0, timeout=5000)
    bench.qtbot.waitUntil(lambda: dialog.model.rowCount() == 1, timeout=60_000)
    assert bench.controller.state.is_active
    assert dialog.message.text() == ""
    assert not dialog.progress.isVisible()
    assert dialog.advice.text() == "lite, 1 thread, every frame"
    (kept,) = load_all(folder).measurements
    assert kept == dialog.measurement


@pytest.mark.usefixtures("one_row")
def test_it_can_be_cancelled_and_the_engine_goes_on(bench, folder):
    bench.run()
    bench.window.measuring.open_dialog()
    dialog = bench.window.measuring.dialog
    dialog.measure.click()
    dialog.cancel.click()
    assert dialog.message.text() == "Cancelled; nothing was kept."
    assert bench.controller.state.is_active
    bench.wait(lambda: not bench.window.measuring._jobs._jobs)
    assert load_all(folder).measurements == ()
    dialog.measure.click()
    dialog.close()
    bench.wait(lambda: not bench.window.measuring._jobs._jobs)
    assert bench.controller.state.is_active


@pytest.mark.usefixtures("one_row")
def test_starting_the_engine_gives_up_the_measuring(dialog, bench):
    dialog.measure.click()
    bench.controller.start()
    assert "because tracking was started" in dialog.message.text()
    assert dialog.measure.isEnabled()


@pytest.mark.usefixtures("one_row")
def test_quitting_gives_up_the_measuring(dialog, bench):
    dialog.measure.click()
    bench.close()
    assert bench.window.has_ended_cleanly
    assert not any(job.thread_.isRunning() for job in bench.window.measuring._jobs._jobs)


def test_a_source_that_fails_is_told_of(dialog, bench, tmp_path):
    dialog.choose_video(str(tmp_path / "missing.mp4"))
    dialog.measure.click()
    bench.wait(lambda: dialog.measure.isEnabled())
    assert dialog.message.text().startswith("There is no file or folder")


def test_nothing_is_measured_while_a_session_is_recorded(bench, folder):
    bench.run()
    bench.controller.start_recording(RecordingKind.LANDMARKS)
    bench.window.measuring.open_dialog()
    dialog = bench.window.measuring.dialog
    bench.wait(lambda: not bench.window.measuring._jobs._jobs)
    dialog.measure.click()
    assert dialog.message.text() == "A session is being recorded. End the recording, then measure."
    assert bench.controller.state.is_active


def test_a_measurement_that_cannot_be_kept_is_shown_all_the_same(dialog):
    error = MeasuringError("The measurement cannot be kept in /x (Read-only)", "Free space")
    dialog.show_measurements(SavedMeasurements((two_cores(),), error))
    assert dialog.model.rowCount() == 10
    assert dialog.message.text() == str(error)
