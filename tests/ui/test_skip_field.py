from desktop_pose.core.settings import DECLARATIONS
from desktop_pose.core.skip import EVERY_FRAME, Skip
from desktop_pose.ui.skip_field import SkipField


def test_it_shows_what_is_in_force_without_a_signal(qtbot):
    field = SkipField()
    qtbot.addWidget(field)
    for skip, text in ((Skip(None), "adaptive"), (Skip(3), "all but every 3rd"), (EVERY_FRAME, "off")):
        with qtbot.assertNotEmitted(field.chosen):
            field.show_value(skip)
        assert field.currentText() == text
    assert field.toolTip() == DECLARATIONS["skip"].help


def test_an_unusual_value_is_offered_once_it_is_in_force(qtbot):
    field = SkipField()
    qtbot.addWidget(field)
    offered = field.count()
    field.show_value(Skip(7))
    field.show_value(Skip(7))
    assert field.currentText() == "all but every 7th"
    assert field.count() == offered + 1


def test_a_choice_is_told(qtbot):
    field = SkipField()
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.chosen) as chosen:
        field.activated.emit(1)
    assert chosen.args == [Skip(None)]
