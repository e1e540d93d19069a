from PySide6.QtCore import Qt

from desktop_pose.ui.chart import Chart


def test_nothing_is_drawn_while_the_window_is_minimised_and_all_of_it_afterwards(bench, monkeypatch):
    bench.run()
    drawn, draw = [], Chart.draw
    monkeypatch.setattr(Chart, "draw", lambda chart, *values: (drawn.append(chart), draw(chart, *values)))
    bench.wait(lambda: len(drawn) > 8)

    bench.window.setWindowState(Qt.WindowState.WindowMinimized)
    bench.wait(lambda: bench.controller.report("user", None)["frames"]["not_shown"] > 20)
    count = len(drawn)
    hidden = bench.controller.report("user", None)["frames"]["not_shown"]
    bench.wait(lambda: bench.controller.report("user", None)["frames"]["not_shown"] > hidden + 100)
    assert len(drawn) == count

    bench.window.setWindowState(Qt.WindowState.WindowNoState)
    bench.wait(lambda: len(drawn) > count + 4)
