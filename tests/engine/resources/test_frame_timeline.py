from desktop_pose.core.clock import NS_PER_MS, monotonic_ns
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.resources.frame_timeline import FrameTimeline, FrameTimes, Span


def note(timeline, capture_ns, total_ms, *, is_shown=True):
    timeline.note(capture_ns, "capture", capture_ns, capture_ns + 2 * NS_PER_MS)
    if is_shown:
        end_ns = capture_ns + total_ms * NS_PER_MS
        timeline.note(capture_ns, "paint", end_ns - NS_PER_MS, end_ns)


def test_the_median_frame_is_a_real_one():
    timeline = FrameTimeline()
    for number, total_ms in enumerate((5, 6, 7, 8, 9, 20, 21, 22, 23, 24, 25)):
        note(timeline, 1000 * number * NS_PER_MS, total_ms)
        note(timeline, (1000 * number + 500) * NS_PER_MS, 1, is_shown=False)
    frame = timeline.median_frame()
    assert frame.total_ms == 20
    assert frame.frames == 11
    assert [(span.stage, span.start_ms, span.end_ms) for span in frame.spans] == [
        ("capture", 0, 2),
        ("paint", 19, 20),
    ]


def test_few_frames_have_no_median():
    timeline = FrameTimeline()
    for number in range(9):
        note(timeline, 1000 * number * NS_PER_MS, 10)
    assert timeline.median_frame() is None


def test_only_the_newest_frames_count():
    timeline = FrameTimeline()
    for number in range(1000):
        note(timeline, 1000 * number * NS_PER_MS, 5 if number < 800 else 50)
    frame = timeline.median_frame()
    assert (frame.total_ms, frame.frames) == (50, 120)


def test_metrics_note_spans_one_after_the_other_and_only_while_somebody_looks():
    metrics = Metrics()
    metrics.add_stages({"crop": 1_000_000}, 1)
    metrics.timeline = FrameTimeline()
    for number in range(10):
        metrics.add_stage("capture", 1_000_000, number)
        metrics.add_stages({"crop": 1_000_000, "landmarks": 5_000_000, "decode": 500_000}, number)
        metrics.add_render({"convert": 700_000, "render": 300_000}, number)
        metrics.add_stage("paint", 200_000, number)
    frame = metrics.timeline.median_frame()
    assert frame.frames == 10
    stages = {span.stage: span for span in frame.spans}
    assert set(stages) == {"capture", "crop", "landmarks", "decode", "convert", "render", "paint"}
    assert stages["crop"].end_ms == stages["landmarks"].start_ms
    assert round(stages["landmarks"].end_ms - stages["landmarks"].start_ms, 3) == 5
    assert round(stages["render"].end_ms - stages["convert"].start_ms, 3) == 1
    assert metrics.stages["render"].total() is None  # counted only after the warm-up


def test_a_frame_waits_only_while_neither_thread_works_on_it():
    spans = (Span("capture", 1, 3), Span("convert", 4, 6), Span("crop", 4.5, 5), Span("landmarks", 5, 10))
    assert FrameTimes((*spans, Span("paint", 12, 13)), 13, 10).waiting_ms == 1 + 1 + 2


def test_what_was_rendered_ahead_counts_as_rendering_and_keeps_its_place_in_time():
    metrics = Metrics()
    metrics.timeline = FrameTimeline()
    for number in range(10):
        begun_ns = metrics.add_begun({"convert": 700_000}, number)
        metrics.add_stages({"landmarks": 5_000_000}, number)
        metrics.add_render({"render": 300_000}, number, begun_ns)
        metrics.add_stage("paint", 200_000, number)
    assert begun_ns == 700_000
    assert metrics.stages["render"].recent(monotonic_ns()).p50_ms == 1
    stages = {span.stage: span for span in metrics.timeline.median_frame().spans}
    assert stages["convert"].end_ms <= stages["landmarks"].end_ms <= stages["render"].end_ms
    assert stages["convert"].end_ms != stages["render"].start_ms
