import pytest
from PySide6.QtCore import Qt

from desktop_pose.core.settings import (
    DECLARATIONS,
    Backend,
    Background,
    PoseModel,
    RecordingKind,
    Rotation,
    Smoothing,
    core_count,
)
from desktop_pose.ui.setting_fields import (
    WORDS,
    BackgroundField,
    ChoiceField,
    NumberField,
    SwitchField,
    allow,
)

CHOICES = {
    "model": PoseModel,
    "backend": Backend,
    "smoothing": Smoothing,
    "rotate": Rotation,
    "record_kind": RecordingKind,
}


@pytest.mark.parametrize("key", CHOICES)
def test_a_choice_offers_what_is_declared(qtbot, key):
    field = ChoiceField(key)
    qtbot.addWidget(field)

    assert [field.itemData(row) for row in range(field.count())] == list(CHOICES[key])
    assert field.toolTip() == DECLARATIONS[key].help
    assert field.accessibleName() == DECLARATIONS[key].label
    assert all(member in WORDS for member in CHOICES[key])


def test_showing_a_value_is_no_choice(qtbot):
    field = ChoiceField("model")
    qtbot.addWidget(field)
    with qtbot.assertNotEmitted(field.chosen):
        field.show_value(PoseModel.LITE)

    assert field.currentData() is PoseModel.LITE


def test_the_user_s_choice_is_told(qtbot):
    field = ChoiceField("model")
    qtbot.addWidget(field)
    field.show_value(PoseModel.LITE)

    with qtbot.waitSignal(field.chosen) as chosen:
        qtbot.keyClick(field, Qt.Key.Key_Down)

    assert chosen.args == [PoseModel.FULL]


def test_a_choice_that_cannot_be_used_is_grey_and_says_why(qtbot):
    field = ChoiceField("backend")
    qtbot.addWidget(field)

    field.disable_choice(Backend.MEDIAPIPE, "It has no wheel for this machine.")

    row = field.findData(Backend.MEDIAPIPE)
    assert not field.model().item(row).isEnabled()
    assert "not available" in field.itemText(row)
    assert field.itemData(row, Qt.ItemDataRole.ToolTipRole) == "It has no wheel for this machine."


def test_a_number_stays_within_its_bounds(qtbot):
    field = NumberField("threads")
    qtbot.addWidget(field)

    assert (field.minimum(), field.maximum()) == (1, core_count())
    with qtbot.assertNotEmitted(field.chosen):
        field.show_value(1)
    field.setValue(10_000)
    assert field.value() == core_count()


def test_a_number_can_be_grey_for_a_reason(qtbot):
    field = NumberField("threads")
    qtbot.addWidget(field)

    allow(field, "threads", "Because.")
    assert not field.isEnabled()
    assert field.toolTip() == "Because."

    allow(field, "threads", None)
    assert field.isEnabled()
    assert field.toolTip() == DECLARATIONS["threads"].help


def test_a_switch_tells_clicks_only(qtbot):
    field = SwitchField("mirror")
    qtbot.addWidget(field)
    with qtbot.assertNotEmitted(field.chosen):
        field.show_value(True)

    with qtbot.waitSignal(field.chosen) as chosen:
        field.click()

    assert chosen.args == [False]


def test_the_background_offers_its_own_and_every_change_of_it(qtbot):
    field = BackgroundField()
    qtbot.addWidget(field)
    assert [field.itemData(row) for row in range(field.count())] == [None, *Background]
    with qtbot.assertNotEmitted(field.chosen):
        field.show_value(Background.REMOVE)
    assert field.currentText() == "removed"
    with qtbot.waitSignal(field.chosen) as chosen:
        field.activated.emit(1)
    assert chosen.args == [Background.BLUR]
