import pytest
from PySide6.QtWidgets import QLabel


def test_floating_charts_float_again_after_a_restart(bench):
    bench.build()
    bench.parts.charts.setFloating(True)
    bench.close()

    bench.build()

    assert bench.parts.charts.isFloating()
    assert bench.parts.charts.isVisible()


def test_floating_charts_are_out_of_the_way_of_a_full_screen(bench):
    bench.build()
    bench.parts.charts.setFloating(True)
    bench.window.toggle_full_screen()
    assert not bench.parts.charts.isVisible()

    bench.window.leave_full_screen()
    assert bench.parts.charts.isVisible()


@pytest.mark.expects_error_log
def test_charts_that_cannot_be_made_say_so_in_their_place(bench, monkeypatch):
    def broken(name):
        raise ImportError("sabotage")

    monkeypatch.setattr("desktop_pose.ui.chart_dock.importlib.import_module", broken)
    bench.build()
    bench.wait(lambda: isinstance(bench.parts.charts.widget(), QLabel))
    assert "sabotage" in bench.parts.charts.widget().text()


def test_charts_are_made_once_the_first_picture_is_on_screen(bench):
    bench.build()
    with bench.qtbot.waitSignal(bench.controller.first_displayed):
        bench.controller.start()
    assert bench.displayed == 1
    assert bench.parts.charts.charts is None
    bench.wait(lambda: bench.parts.charts.charts is not None)
