import pytest
from PySide6.QtWidgets import QLabel

from desktop_pose.core.settings import (
    Backend,
    Background,
    PoseModel,
    RecordingKind,
    Rotation,
    Settings,
    Smoothing,
)
from desktop_pose.ui.control_bar import Activity, ControlBar
from desktop_pose.ui.setting_fields import Captioned


@pytest.fixture
def bar(qtbot):
    made = ControlBar(Settings(threads=1), {})
    qtbot.addWidget(made)
    made.show()
    return made


def captions(bar):
    return {label.text() for label in bar.findChildren(QLabel)}


def test_the_settings_in_force_are_shown(bar):
    bar.show_settings(
        Settings(
            model=PoseModel.LITE,
            threads=1,
            smoothing=Smoothing.OFF,
            rotate=Rotation.LEFT,
            record_kind=RecordingKind.VIDEO,
        )
    )

    assert bar.model.currentData() is PoseModel.LITE
    assert bar.threads.value() == 1
    assert bar.smoothing.currentData() is Smoothing.OFF
    assert bar.rotate.currentData() is Rotation.LEFT
    assert bar.record_kind.currentData() is RecordingKind.VIDEO


@pytest.mark.parametrize(
    ("field", "key", "value"),
    [
        ("model", "model", PoseModel.LITE),
        ("smoothing", "smoothing", Smoothing.OFF),
        ("rotate", "rotate", Rotation.HALF),
        ("backend", "backend", Backend.MEDIAPIPE),
        ("record_kind", "record_kind", RecordingKind.VIDEO),
        ("mirror", "mirror", True),
        ("threads", "threads", 1),
        ("people", "people", 3),
    ],
)
def test_a_choice_edits_its_setting_and_no_other(bar, qtbot, field, key, value):
    with qtbot.waitSignal(bar.settings_edited) as edited:
        getattr(bar, field).chosen.emit(value)

    assert edited.args == [Settings(threads=1).changed(**{key: value})]


def test_mediapipe_greys_the_threads_and_says_so_visibly(bar):
    bar.show_settings(Settings(backend=Backend.MEDIAPIPE))

    assert not bar.threads.isEnabled()
    assert bar.threads.text() == "always 1"
    assert "no thread count" in bar.threads.toolTip()

    bar.show_settings(Settings(threads=1))

    assert bar.threads.text() == "1"


@pytest.mark.parametrize("smoothing", [Smoothing.OFF, Smoothing.STRONG])
def test_mediapipe_takes_its_own_smoothing_along(bar, qtbot, smoothing):
    bar.show_settings(Settings(threads=1, smoothing=smoothing))
    with qtbot.waitSignal(bar.settings_edited) as edited:
        bar.backend.chosen.emit(Backend.MEDIAPIPE)

    assert edited.args == [Settings(threads=1, backend=Backend.MEDIAPIPE, smoothing=Smoothing.MEDIAPIPE)]
    bar.show_settings(edited.args[0])
    assert not bar.smoothing.isEnabled()
    assert "cannot be switched off" in bar.smoothing.toolTip()


def test_buttons_follow_what_is_going_on(bar):
    assert (bar.start.text(), bar.record.isEnabled(), bar.snapshot.isEnabled()) == ("Start", False, False)

    bar.show_activity(Activity(is_running=True))
    assert (bar.start.text(), bar.record.isEnabled(), bar.record.text()) == ("Stop", True, "Record")

    bar.show_activity(Activity(is_running=True, recorded=RecordingKind.LANDMARKS))
    assert (bar.record.text(), bar.record_kind.isEnabled()) == ("End recording", False)


def test_what_is_recorded_is_shown_though_the_button_would_record_something_else(bar):
    bar.show_settings(Settings(record_kind=RecordingKind.LANDMARKS))
    bar.show_activity(Activity(is_running=True, recorded=RecordingKind.VIDEO))
    assert bar.record_kind.currentData() is RecordingKind.VIDEO

    bar.show_settings(Settings(record_kind=RecordingKind.LANDMARKS, threads=1))
    assert bar.record_kind.currentData() is RecordingKind.VIDEO

    bar.show_activity(Activity(is_running=True))
    assert bar.record_kind.currentData() is RecordingKind.LANDMARKS


def test_it_fits_into_the_smallest_window(bar):
    bar.show_settings(Settings(backend=Backend.MEDIAPIPE))
    bar.show_activity(Activity(is_running=True, recorded=RecordingKind.LANDMARKS))

    assert bar.minimumSizeHint().width() <= 700


def test_the_picture_is_not_turned_while_a_session_holds_it(bar):
    bar.show_activity(Activity(is_running=True, recorded=RecordingKind.LANDMARKS))

    assert not bar.rotate.isEnabled()
    assert "end the recording first" in bar.rotate.toolTip()

    bar.show_activity(Activity(is_running=True))

    assert bar.rotate.isEnabled()
    assert "clockwise" in bar.rotate.toolTip()


@pytest.mark.parametrize(
    ("is_by_default", "wanted", "stored"),
    [(True, False, False), (True, True, None), (False, True, True), (False, False, None)],
)
def test_a_mirror_as_the_source_has_it_anyway_is_no_wish(bar, qtbot, is_by_default, wanted, stored):
    bar.show_mirror(not wanted, is_by_default=is_by_default)

    with qtbot.waitSignal(bar.settings_edited) as edited:
        bar.mirror.click()

    assert edited.args[0].mirror is stored


def test_nothing_moves_when_a_button_changes_its_words(bar):
    bar.show_activity(Activity(is_running=False))
    before = bar.record_kind.pos(), bar.start.width(), bar.record.width()
    bar.show_activity(Activity(is_running=True, recorded=RecordingKind.LANDMARKS))
    bar.layout().activate()

    assert (bar.record_kind.pos(), bar.start.width(), bar.record.width()) == before


def test_the_background_is_a_mask_and_what_it_does(bar, qtbot):
    bar.show_settings(Settings(background=Background.REMOVE))
    assert bar.background.currentData() is None
    with qtbot.waitSignal(bar.settings_edited) as edited:
        bar.background.activated.emit(1)
    assert edited.args == [Settings(mask=True, background=Background.BLUR)]
    bar.show_settings(Settings(mask=True, background=Background.REMOVE))
    assert bar.background.currentData() is Background.REMOVE
    with qtbot.waitSignal(bar.settings_edited) as edited:
        bar.background.activated.emit(0)
    assert edited.args == [Settings(mask=False, background=Background.REMOVE)]


def test_a_model_of_the_users_own_stands_there_as_unverified(bar, qtbot):
    bar.show_settings(Settings(model_file="/somewhere/mine.tflite"))
    assert bar.model.currentText() == "unverified"
    assert "mine.tflite" in bar.model.toolTip()
    assert bar.minimumSizeHint().width() <= 700
    with qtbot.assertNotEmitted(bar.settings_edited):
        bar.model.activated.emit(bar.model.currentIndex())
    with qtbot.waitSignal(bar.settings_edited) as edited:
        bar.model.activated.emit(0)
    assert edited.args == [Settings(model=PoseModel.LITE)]
    bar.show_settings(Settings(model=PoseModel.LITE))
    assert bar.model.currentText() == "lite"
    assert "unverified" not in [bar.model.itemText(index) for index in range(bar.model.count())]


def test_mediapipe_takes_no_model_of_the_users_own(bar, qtbot):
    bar.show_settings(Settings(model_file="/somewhere/mine.tflite"))
    with qtbot.waitSignal(bar.settings_edited) as edited:
        bar.backend.activated.emit(bar.backend.findData(Backend.MEDIAPIPE))
    assert edited.args[0].model_file is None


@pytest.mark.parametrize(
    ("signal", "key", "value"),
    [
        ("chosen", "cpu_budget", 25),
        ("lighter_model_chosen", "lighter_model", True),
        ("recording_chosen", "budget_recording", True),
    ],
)
def test_the_budget_panel_edits_its_setting_and_no_other(bar, qtbot, signal, key, value):
    with qtbot.waitSignal(bar.settings_edited) as edited:
        getattr(bar.budget.panel, signal).emit(value)

    assert edited.args == [Settings(threads=1).changed(**{key: value})]


def test_in_a_narrow_window_a_third_row_keeps_every_choice_readable(bar, qtbot):
    fields = ("rotate", "background", "model", "backend", "smoothing", "skip", "record_kind", "budget")
    heights = []
    for width_px in (700, 1400, 700):
        bar.resize(width_px, bar.sizeHint().height())
        qtbot.waitUntil(lambda width_px=width_px: bar.width() == width_px)
        bar.layout().activate()
        for name in fields:
            field = getattr(bar, name)
            assert field.width() >= field.sizeHint().width(), name
        heights.append(bar.sizeHint().height())

    assert heights[0] == heights[2] > heights[1]


@pytest.mark.parametrize("width_px", [700, 1400])
def test_captions_and_controls_of_a_row_stand_in_one_line(bar, qtbot, width_px):
    bar.resize(width_px, bar.height())
    qtbot.waitUntil(lambda: bar._is_narrow is (width_px == 700))
    bar.layout().activate()
    bar.resize(width_px, bar.sizeHint().height())
    bar.layout().activate()
    rows = {}
    for item in bar.findChildren(Captioned):
        control = item.layout().itemAt(1).widget()
        lines = (item.y() + item.label.y(), item.y() + control.y(), control.height())
        rows.setdefault(item.geometry().center().y(), set()).add(lines)
    assert len(rows) == (3 if width_px == 700 else 2)
    assert all(len(lines) == 1 for lines in rows.values())
