import pytest

from desktop_pose.core.settings import PoseModel, RecordingKind, Smoothing


def mark(bench):
    return bench.parts.charts.charts.mark_text.text()


def run_with_charts(bench, **arguments):
    bench.build(**arguments)
    bench.wait(lambda: bench.parts.charts.charts is not None and bench.parts.charts.charts.is_complete)
    if not bench.controller.state.is_active:
        bench.controller.start()
    bench.wait_for_pictures(1)


def test_the_first_tracker_of_a_run_is_no_switch(bench):
    run_with_charts(bench)
    bench.controller.stop()
    bench.controller.change(bench.controller.settings.changed(model=PoseModel.LITE))
    bench.controller.start()
    bench.wait_for_pictures(3)

    assert mark(bench) == ""


def test_a_switch_is_marked_though_the_engine_ran_before_the_window_was_there(bench):
    run_with_charts(bench, starts_first=True)
    assert mark(bench) == ""

    bench.controller.change(bench.controller.settings.changed(model=PoseModel.LITE))
    bench.wait(lambda: mark(bench) == "┆ Switched to lite, 1 thread, LiteRT")


@pytest.mark.parametrize(
    ("smoothing", "words"), [(Smoothing.OFF, "no smoothing"), (Smoothing.STRONG, "strong smoothing")]
)
def test_the_mark_names_the_smoothing_where_it_is_not_mediapipes(bench, smoothing, words):
    run_with_charts(bench)
    bench.controller.change(bench.controller.settings.changed(smoothing=smoothing))

    bench.wait(lambda: mark(bench) == f"┆ Switched to full, 1 thread, LiteRT, {words}")


def test_the_field_shows_what_run_record_records_and_then_the_setting_again(bench):
    bench.run()
    field = bench.parts.controls.record_kind
    bench.controller.start_recording(RecordingKind.VIDEO)
    assert (field.currentData(), field.isEnabled()) == (RecordingKind.VIDEO, False)

    bench.controller.stop_recording()
    bench.wait(field.isEnabled)
    assert field.currentData() is RecordingKind.LANDMARKS
