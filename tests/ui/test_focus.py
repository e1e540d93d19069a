"""The keyboard: what has the focus, the order of Tab, and what a screen reader hears."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton

from desktop_pose.engine.state import EngineState
from desktop_pose.ui.banner import Message


def test_space_starts_and_stops_whatever_was_clicked(bench):
    bench.run()
    assert bench.window.focusWidget() is bench.parts.picture

    bench.qtbot.mouseClick(bench.parts.controls.mirror, Qt.MouseButton.LeftButton)
    bench.qtbot.keyClick(bench.window.focusWidget(), Qt.Key.Key_Space)

    assert bench.controller.state is EngineState.STOPPED


def test_a_click_on_the_picture_takes_the_space_bar_from_a_control(bench):
    bench.run()
    bench.parts.controls.mirror.setFocus(Qt.FocusReason.TabFocusReason)
    bench.qtbot.mouseClick(bench.parts.picture, Qt.MouseButton.LeftButton)

    assert bench.window.focusWidget() is bench.parts.picture


def test_space_presses_whatever_was_reached_by_tab(bench):
    bench.run()
    bench.wait(lambda: bench.parts.charts.charts is not None and bench.parts.charts.charts.is_complete)
    saver = bench.parts.charts.charts.charts[0].saver
    banners = bench.parts.banners
    banners.show_message(Message("It happened", is_problem=True))
    (close,) = banners.findChildren(QToolButton)
    for button, has_worked in (
        (bench.parts.controls.mirror, lambda: not bench.parts.controls.mirror.isChecked()),
        (saver.button, saver.menu.isVisible),
        (close, lambda: not banners.messages),
    ):
        before = bench.controller.state
        button.setFocus(Qt.FocusReason.TabFocusReason)
        bench.qtbot.keyClick(bench.window.focusWidget(), Qt.Key.Key_Space)
        bench.wait(has_worked)
        assert bench.controller.state is before is EngineState.RUNNING
    saver.menu.close()


def test_a_floating_dock_gives_space_to_what_was_reached_by_tab_alone(bench):
    bench.run()
    dock = bench.parts.charts
    bench.wait(lambda: dock.charts is not None and dock.charts.is_complete)
    dock.setFloating(True)
    dock.activateWindow()
    bench.wait(lambda: QApplication.activeWindow() is dock)
    saver = dock.charts.charts[0].saver

    assert dock.focusWidget() is dock  # and not the first button
    bench.qtbot.keyClick(dock, Qt.Key.Key_Space)
    bench.wait(lambda: bench.controller.state is EngineState.STOPPED)
    bench.qtbot.keyClick(dock, Qt.Key.Key_Tab)
    assert dock.focusWidget() is saver.button
    bench.qtbot.keyClick(saver.button, Qt.Key.Key_Space)
    bench.wait(saver.menu.isVisible)
    saver.menu.close()
    bench.qtbot.mouseClick(dock.charts, Qt.MouseButton.LeftButton)
    assert dock.focusWidget() is dock
    assert bench.controller.state is EngineState.STOPPED
    bench.qtbot.keyClick(dock, Qt.Key.Key_Space)
    bench.wait(lambda: bench.controller.state.is_active)


def test_tab_goes_through_the_controls_as_they_are_read(bench):
    bench.run()
    controls = bench.parts.controls
    order, widget = [], controls.source
    while widget not in order:
        order.append(widget)
        widget = widget.nextInFocusChain()
    named = [
        name
        for widget in order
        for name in (
            "source", "mode", "rotate", "mirror", "snapshot", "export", "start", "record", "record_kind",
            "model", "threads", "backend", "smoothing",
        )
        if widget is getattr(controls, name)
    ]  # fmt: skip

    assert named == [
        "source", "mode", "rotate", "mirror", "snapshot", "export", "start", "record", "record_kind", "model",
        "threads", "backend", "smoothing",
    ]  # fmt: skip


def test_every_control_has_a_name_and_a_tooltip(bench):
    bench.build()
    controls = bench.parts.controls
    for name in ("source", "mode", "rotate", "model", "threads", "backend", "smoothing", "record_kind"):
        assert getattr(controls, name).accessibleName(), name
        assert getattr(controls, name).toolTip(), name
    for name in ("mirror", "snapshot", "export", "start", "record"):
        assert getattr(controls, name).text(), name
        assert getattr(controls, name).toolTip(), name
    assert controls.start.toolTip() == "Start or stop (Space)"
