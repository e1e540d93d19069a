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
