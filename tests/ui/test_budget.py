import pytest
from PySide6.QtCore import Qt

from desktop_pose.core.settings import Settings
from desktop_pose.engine.governor.book import BudgetStatus
from desktop_pose.ui.budget import BudgetButton, in_short, statement

NBSP = "\u00a0"


def status(**values):
    values = {
        "asked_percent": 50,
        "used_percent": 48.3,
        "floor_percent": 14.2,
        "is_beyond_reach": False,
        "is_limiting": True,
        "what": "model 12/s",
        "why": "full rate takes 73 %",
    } | values
    return BudgetStatus(**values)


@pytest.fixture
def button(qtbot):
    made = BudgetButton()
    qtbot.addWidget(made)
    made.show_settings(Settings())
    made.show()
    return made


@pytest.mark.parametrize(
    ("budget", "words", "checked"),
    [(25, "Quiet, 25 %", 0), (50, "Balanced, 50 %", 1), (None, "Full rate", 2), (40, "40 %", 3)],
)
def test_the_budget_in_force_is_shown_without_a_signal(button, qtbot, budget, words, checked):
    with qtbot.assertNotEmitted(button.panel.chosen):
        button.show_settings(Settings(cpu_budget=budget))

    assert button.text() == words
    assert button.panel._group.checkedId() == checked
    assert button.panel.percent.isEnabled() is (checked == 3)
    assert button.panel.lighter_model.isEnabled() is (budget is not None)


@pytest.mark.parametrize(("preset", "budget"), [(0, 25), (1, 50), (2, None)])
def test_a_preset_is_chosen_with_one_click(button, qtbot, preset, budget):
    button.show_settings(Settings(cpu_budget=40))
    with qtbot.waitSignal(button.panel.chosen) as chosen:
        button.panel.presets[preset].click()
    assert chosen.args == [budget]


def test_a_budget_of_the_users_own_stays_that_though_a_preset_has_its_number(button, qtbot):
    panel = button.panel
    with qtbot.waitSignal(panel.chosen) as chosen:
        panel.own.click()
    button.show_settings(Settings(cpu_budget=chosen.args[0]))
    assert panel.percent.isEnabled()

    with qtbot.waitSignal(panel.chosen) as chosen:
        panel.percent.setValue(50)
    button.show_settings(Settings(cpu_budget=50))

    assert chosen.args == [50]
    assert panel.own.isChecked()
    assert panel.percent.isEnabled()


@pytest.fixture
def open_panel(button, qtbot):
    """The panel as the button opens it; keys go to whatever has the focus in it."""
    button.panel.chosen.connect(lambda budget: button.show_settings(Settings(cpu_budget=budget)))
    button.show_settings(Settings(cpu_budget=25))
    button.menu().popup(button.mapToGlobal(button.rect().topLeft()))
    qtbot.waitExposed(button.menu())
    yield button.panel
    button.menu().close()


def test_the_panel_is_worked_by_keys_alone(open_panel, qtbot):
    def press(key):
        qtbot.keyClick(open_panel.focusWidget(), key)

    assert open_panel.focusWidget() is open_panel.presets[0]
    press(Qt.Key.Key_Down)
    assert open_panel.presets[1].isChecked()
    press(Qt.Key.Key_Tab)  # nothing can be typed into a budget that is not the user's own
    assert open_panel.focusWidget() is open_panel.lighter_model
    press(Qt.Key.Key_Tab)
    assert open_panel.focusWidget() is open_panel.recording
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    assert open_panel.own.isChecked()
    press(Qt.Key.Key_Tab)
    assert open_panel.focusWidget() is open_panel.percent
    press(Qt.Key.Key_Backtab)
    assert open_panel.focusWidget() is open_panel.own
    press(Qt.Key.Key_Escape)
    assert not open_panel.isVisible()


def test_a_click_into_the_own_budget_lets_it_be_typed(open_panel, qtbot):
    open_panel.own.click()
    qtbot.mouseClick(open_panel.percent.lineEdit(), Qt.MouseButton.LeftButton)
    assert open_panel.focusWidget() is open_panel.percent

    open_panel.percent.selectAll()
    with qtbot.waitSignal(open_panel.chosen) as chosen:
        qtbot.keyClicks(open_panel.focusWidget(), "42")
        qtbot.keyClick(open_panel.focusWidget(), Qt.Key.Key_Return)

    assert chosen.args == [42]


def test_the_button_is_as_wide_whatever_is_set(button):
    widths_px = set()
    for budget in (None, 25, 50, 35, 100):
        button.show_settings(Settings(cpu_budget=budget))
        widths_px.add(button.sizeHint().width())
    assert len(widths_px) == 1


def test_the_ticks_tell_what_the_user_allows(button, qtbot):
    button.show_settings(Settings(cpu_budget=25, budget_recording=True))
    assert button.panel.recording.isChecked()
    with qtbot.waitSignal(button.panel.lighter_model_chosen) as chosen:
        button.panel.lighter_model.click()
    assert chosen.args == [True]


def test_what_it_does_why_and_the_floor_are_stated(button):
    button.menu().popup(button.mapToGlobal(button.rect().topLeft()))
    button.show_status(status())
    button.menu().close()

    for text in (button.toolTip(), button.panel.statement.text()):
        assert f"48{NBSP}% used, 50{NBSP}% is the budget." in text
        assert f"Model 12/s: full rate takes 73{NBSP}%." in text
        assert f"about 14{NBSP}%" in text

    button.show_status(None)
    assert "less often" in button.toolTip()
    assert "less often" in button.panel.statement.text()


def test_below_the_floor_it_says_so():
    beyond = status(
        asked_percent=5,
        used_percent=14.0,
        is_beyond_reach=True,
        why="5 % cannot be reached",
        what="model 1.0/s",
    )
    assert f"Model 1.0/s: 5{NBSP}% cannot be reached." in statement(beyond)
    assert in_short(beyond) == (
        "CPU 14 of 5 %: model 1.0/s; 5 % cannot be reached",
        "CPU 14 of 5 %: 5 % cannot be reached",
        "CPU 14 of 5 %: out of reach",
        "CPU 14 of 5 %",
    )


def test_what_is_not_known_yet_is_not_stated():
    unknown = status(used_percent=None, floor_percent=None)
    assert statement(unknown)[0] == f"The use is being measured, 50{NBSP}% is the budget."
    assert len(statement(unknown)) == 2
    assert in_short(unknown)[-1] == "CPU 50 %"


def test_the_short_words_for_the_status_line_keep_what_is_given_up_first():
    limited = status(used_percent=25.1, asked_percent=25, what="model 4/s, picture 9/s, 26 frames/s decoded")
    assert in_short(limited)[1:] == (
        "CPU 25 of 25 %: model 4/s, picture 9/s, 26 frames/s decoded",
        "CPU 25 of 25 %: model 4/s",
        "CPU 25 of 25 %",
    )
