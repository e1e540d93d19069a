"""The engine with real threads; only the source and, for most tests, the tracker are fakes."""

import shutil
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.errors import ModelError, RecordingError, SourceError
from desktop_pose.core.frames import Size, SourceKind
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import PoseModel, RecordingKind, Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.options import EngineOptions
from desktop_pose.engine.state import EngineState
from desktop_pose.recording.library import list_sessions
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import SessionState
from tests.engine.support import FakeSource, FakeTracker


class Bench:
    """A controller on a fake source with fake trackers, and a window that paints what is ready."""

    def __init__(self, tmp_path, source=None, settings=None, **options):
        self.source = source or FakeSource(fps=100)
        self.trackers = []
        self.refusal = None
        self.sessions_dir = tmp_path / "sessions"
        engine_options = EngineOptions(resources_dir() / "models", None, self.sessions_dir, **options)
        self.controller = Controller(
            settings or Settings(source="http://127.0.0.1/fake", threads=1),
            engine_options,
            make_source=lambda text, size, fps: self.source,
            make_tracker=self._make_tracker,
        )
        self.controller.set_view(Size(64, 48))
        self.controller.picture_ready.connect(self._paint)
        self.problems = []
        self.controller.problem_raised.connect(
            lambda error, is_fatal: self.problems.append((error, is_fatal))
        )

    def _make_tracker(self, options, models_dir, cache_dir, *, will_adopt, pace):
        if self.refusal is not None and self.trackers:
            raise self.refusal
        self.trackers.append(FakeTracker(options))
        return self.trackers[-1]

    def _paint(self):
        picture = self.controller.take_picture()
        if picture is not None:
            self.controller.picture_painted(picture)

    def displayed(self):
        return self.controller.report("user", None)["frames"]["displayed"]


@pytest.fixture
def make_bench(tmp_path, qtbot):
    benches = []

    def make(*args, **options):
        benches.append(Bench(tmp_path, *args, **options))
        return benches[-1]

    yield make
    for bench in benches:
        bench.source.unblock.set()
        assert bench.controller.shut_down()


def test_frames_reach_the_window(make_bench, qtbot):
    bench = make_bench()
    with qtbot.waitSignal(bench.controller.source_opened):
        bench.controller.start()
    assert bench.controller.state is EngineState.RUNNING
    qtbot.waitUntil(lambda: bench.displayed() >= 20)
    bench.controller.stop()
    assert bench.controller.state is EngineState.STOPPED


def test_a_hidden_window_gets_no_pictures(make_bench, qtbot):
    bench = make_bench()
    bench.controller.set_view(None)
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.controller.report("user", None)["frames"]["not_shown"] >= 10)
    assert bench.displayed() == 0


def test_a_blocked_source_stops_at_once_and_is_not_opened_before_its_thread_has_ended(make_bench, qtbot):
    bench = make_bench()
    with qtbot.waitSignal(bench.controller.source_opened):
        bench.controller.start()
    bench.source.block_grab.set()
    qtbot.waitUntil(bench.source.is_blocked.is_set)

    bench.controller.stop()
    assert bench.controller.state is EngineState.STOPPED
    assert bench.source.closed == 0  # its thread is still blocked: nobody has waited for that

    bench.controller.start()
    assert bench.controller.state is EngineState.STARTING
    assert bench.source.opened == 1
    bench.source.block_grab.clear()
    with qtbot.waitSignal(bench.controller.source_opened):
        bench.source.unblock.set()
    assert bench.source.closed >= 1
    assert bench.source.opened == 2


def test_a_source_that_fails_reconnects_and_says_so(make_bench, qtbot):
    bench = make_bench()
    with qtbot.waitSignal(bench.controller.source_opened):
        bench.controller.start()
    with qtbot.waitSignal(bench.controller.problem_raised) as raised:
        bench.source.fail_next_grab.set()
    assert raised.args[1] is False
    assert bench.controller.state is EngineState.RECONNECTING
    with qtbot.waitSignal(bench.controller.problem_cleared):
        pass
    assert bench.controller.state is EngineState.RUNNING


def test_a_source_that_cannot_be_opened_ends_an_unattended_run(make_bench, qtbot):
    bench = make_bench(does_retry_first_open=False)
    bench.source.refuse_open.set()
    with qtbot.waitSignal(bench.controller.ended) as ended:
        bench.controller.start()
    assert ended.args == ["error"]
    assert isinstance(bench.problems[0][0], SourceError)
    assert bench.problems[0][1] is True
    assert bench.controller.state is EngineState.STOPPED


def test_a_missing_file_is_a_problem_and_the_engine_stays_usable(tmp_path, qtbot):
    settings = Settings(source=str(tmp_path / "missing.mp4"))
    controller = Controller(settings, EngineOptions(resources_dir() / "models", None, tmp_path))
    with qtbot.waitSignal(controller.problem_raised) as raised:
        controller.start()
    assert isinstance(raised.args[0], SourceError)
    assert controller.state is EngineState.STOPPED
    assert controller.shut_down()


def test_the_last_frame_of_a_file_is_shown_before_the_run_ends(make_bench, qtbot):
    source = FakeSource(count=30, fps=100, kind=SourceKind.FILE)
    bench = make_bench(source, Settings(source=str(Path(__file__)), threads=1), does_loop=False)
    with qtbot.waitSignal(bench.controller.ended) as ended:
        bench.controller.start()
    assert ended.args == ["source_end"]
    frames = bench.controller.report("source_end", None)["frames"]
    assert frames["captured"] == 30
    assert frames["in_flight"] == {"inference": 0, "display": 0, "recorder": 0}


def test_the_model_changes_while_it_runs(make_bench, qtbot):
    bench = make_bench()
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    with qtbot.waitSignal(bench.controller.tracker_changed) as changed:
        bench.controller.change(bench.controller.settings.changed(model=PoseModel.LITE))
    assert changed.args[0].model is PoseModel.LITE
    first, second = bench.trackers
    assert first.is_closed
    assert second.adopted[0][0].id == 0


def test_a_refused_model_leaves_the_old_one_and_its_setting(make_bench, qtbot):
    bench = make_bench()
    bench.refusal = ModelError("The model file is damaged", "Install desktop-pose again")
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    with qtbot.waitSignal(bench.controller.problem_raised) as raised:
        bench.controller.change(bench.controller.settings.changed(model=PoseModel.LITE))
    assert raised.args == [bench.refusal, False]
    assert bench.controller.settings.model is PoseModel.FULL
    assert not bench.trackers[0].is_closed
    shown = bench.displayed()
    qtbot.waitUntil(lambda: bench.displayed() > shown)


def test_of_quick_changes_the_last_one_wins(make_bench, qtbot):
    bench = make_bench()
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    settings = bench.controller.settings
    for model in (PoseModel.LITE, PoseModel.FULL, PoseModel.LITE):
        bench.controller.change(settings.changed(model=model))
    qtbot.waitUntil(
        lambda: (
            [tracker.options.model for tracker in bench.trackers if not tracker.is_closed] == [PoseModel.LITE]
        )
    )


def test_a_wish_of_the_governor_s_at_the_very_end_is_not_met_in_the_next_run(make_bench, qtbot):
    settings = Settings(source="http://127.0.0.1/fake", threads=1, cpu_budget=50, lighter_model=True)
    bench = make_bench(settings=settings)
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    governor = bench.controller._governor
    bench.controller._sampler.sampled.connect(
        lambda _: governor._stand_in_with(PoseModel.LITE), Qt.ConnectionType.SingleShotConnection
    )

    bench.controller.stop()
    bench.controller.start()

    assert governor.stand_in is None
    with qtbot.waitSignal(bench.controller.tracker_changed):
        pass
    assert bench.controller._changes.wait(monotonic_ns() + 5 * NS_PER_S)
    qtbot.wait(50)
    assert bench.controller._life.run.inference.options.model is PoseModel.FULL


def test_a_recording_is_finalised_and_can_be_read(make_bench, qtbot):
    bench = make_bench()
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    bench.controller.start_recording(RecordingKind.LANDMARKS)
    qtbot.waitUntil(lambda: bench.controller.recorder.status.duration_s > 0.3)
    bench.controller.change(bench.controller.settings.changed(mirror=True))
    qtbot.wait(100)
    with qtbot.waitSignal(bench.controller.session_saved) as saved:
        bench.controller.stop_recording()
    with SessionReader.open(Path(saved.args[0])) as reader:
        frames = list(reader.frames())
    assert frames[0].index == 0
    assert frames[0].time_ns == 0
    assert len(frames) == bench.controller.report("user", None)["frames"]["recorded"]
    assert [session.state for session in list_sessions(bench.sessions_dir)] == [SessionState.COMPLETE]


def test_a_second_recording_has_no_folder_before_its_first_frame_and_its_thread_a_name(make_bench, qtbot):
    bench = make_bench()
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    recorder = bench.controller.recorder
    bench.controller.start_recording(RecordingKind.LANDMARKS)
    qtbot.waitUntil(lambda: recorder.status.path is not None)
    assert "record" in bench.controller._sampler.processor._names.values()
    with qtbot.waitSignal(bench.controller.session_saved):
        bench.controller.stop_recording()
    qtbot.waitUntil(lambda: not recorder.status.is_recording)

    bench.controller.start_recording(RecordingKind.LANDMARKS)
    assert recorder.status.is_recording
    assert recorder.status.path is None


def test_stopping_finalises_the_recording(make_bench, qtbot):
    bench = make_bench()
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    bench.controller.start_recording(RecordingKind.LANDMARKS)
    qtbot.waitUntil(lambda: bench.controller.recorder.status.duration_s > 0.1)
    with qtbot.waitSignal(bench.controller.session_saved):
        bench.controller.stop()


TO_RECORD = Settings(source="http://127.0.0.1/fake", threads=1, record=RecordingKind.LANDMARKS)


def frames_of(bench):
    return bench.controller.report("user", None)["frames"]


def wait_without_events(is_done):
    """Wait while the GUI thread is busy, as it is while the window is built."""
    for _ in range(500):
        if is_done():
            return
        threading.Event().wait(0.01)
    pytest.fail("It has not come to that")


def record_at_opening(bench):
    bench.controller.source_opened.connect(
        lambda _: bench.controller.start_recording(RecordingKind.LANDMARKS)
    )


def test_a_file_to_be_recorded_is_recorded_whole_however_late_the_window_is(make_bench, qtbot, tmp_path):
    path = tmp_path / "clip.mkv"
    path.touch()
    source = FakeSource(count=8, kind=SourceKind.FILE, fps=100)
    bench = make_bench(source, TO_RECORD.changed(source=str(path)), does_loop=False)
    record_at_opening(bench)
    bench.controller.start()
    wait_without_events(lambda: bench.trackers and source.opened)
    threading.Event().wait(0.2)
    assert frames_of(bench)["captured"] == 0
    with qtbot.waitSignal(bench.controller.ended):
        pass
    qtbot.waitUntil(lambda: not bench.controller.recorder.status.is_recording)
    frames = frames_of(bench)
    assert frames["recorded"] == frames["sent_to_recorder"] == frames["inferred"] > 0
    (info,) = list_sessions(bench.sessions_dir)
    with SessionReader.open(info.path) as reader:
        # Before the first frame recorded there are only those that inference was too late for.
        first = next(iter(reader.frames())).source_ns * source.fps // NS_PER_S
    assert first <= frames["dropped"]["inference"]


def test_a_live_source_to_be_recorded_drops_what_comes_before_the_recorder(make_bench, qtbot):
    bench = make_bench(settings=TO_RECORD)
    record_at_opening(bench)
    bench.controller.start()
    wait_without_events(lambda: frames_of(bench)["dropped"]["inference"] > 10)
    assert frames_of(bench)["inferred"] == 0
    qtbot.waitUntil(lambda: frames_of(bench)["recorded"] > 10)
    with qtbot.waitSignal(bench.controller.session_saved):
        bench.controller.stop_recording()
    tracked = bench.trackers[0].times_ns
    (info,) = list_sessions(bench.sessions_dir)
    with SessionReader.open(info.path) as reader:
        recorded = [frame.source_ns for frame in reader.frames()]
    assert recorded == tracked[: len(recorded)]


def test_a_recording_that_cannot_be_started_holds_nothing_up(make_bench, qtbot):
    bench = make_bench(settings=TO_RECORD)
    bench.sessions_dir.write_text("not a folder")
    record_at_opening(bench)
    with qtbot.waitSignal(bench.controller.problem_raised):
        bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)


def test_a_stop_ends_the_threads_that_wait_for_the_recorder(make_bench):
    bench = make_bench(settings=TO_RECORD)
    bench.controller.start()
    wait_without_events(lambda: bench.trackers)
    assert bench.controller.shut_down()
    assert bench.trackers[0].is_closed
    assert frames_of(bench)["inferred"] == 0


def test_nothing_waits_where_no_recording_was_asked_for(make_bench):
    bench = make_bench()
    bench.controller.start()
    wait_without_events(lambda: frames_of(bench)["inferred"] > 3)


def test_only_the_first_source_waits_for_the_recorder(make_bench, qtbot):
    bench = make_bench(settings=TO_RECORD)
    with qtbot.waitSignal(bench.controller.source_opened):
        bench.controller.start()
    bench.controller.stop()
    qtbot.wait(200)  # its threads end
    before = frames_of(bench)["inferred"]
    bench.controller.start()
    wait_without_events(lambda: frames_of(bench)["inferred"] > before)


def test_recording_nothing_is_a_problem_and_no_more(make_bench, qtbot):
    bench = make_bench()
    with qtbot.waitSignal(bench.controller.problem_raised):
        bench.controller.start_recording(RecordingKind.LANDMARKS)
    assert not bench.controller.recorder.status.is_recording


def test_an_unwritable_sessions_folder_ends_the_recording_and_nothing_else(make_bench, qtbot):
    bench = make_bench()
    bench.sessions_dir.write_text("not a folder")
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    with qtbot.waitSignal(bench.controller.problem_raised) as raised:
        bench.controller.start_recording(RecordingKind.LANDMARKS)
    assert raised.args[1] is False
    qtbot.waitUntil(lambda: not bench.controller.recorder.status.is_recording)
    assert bench.controller.state is EngineState.RUNNING


def test_shutting_down_while_recording_leaves_a_complete_session(make_bench, qtbot):
    bench = make_bench()
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    bench.controller.start_recording(RecordingKind.LANDMARKS)
    qtbot.waitUntil(lambda: bench.controller.recorder.status.duration_s > 0.1)
    assert bench.controller.shut_down()
    assert [session.state for session in list_sessions(bench.sessions_dir)] == [SessionState.COMPLETE]


def test_a_recording_that_cannot_be_finalised_is_told_before_the_shut_down_ends(
    make_bench, qtbot, monkeypatch
):
    bench = make_bench()
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    bench.controller.start_recording(RecordingKind.LANDMARKS)
    qtbot.waitUntil(lambda: bench.controller.recorder.status.path is not None)
    shutil.rmtree(bench.controller.recorder.status.path)
    assert bench.controller.shut_down()
    assert [(type(error), is_fatal) for error, is_fatal in bench.problems] == [(RecordingError, False)]


def test_what_waited_to_be_painted_when_the_window_was_hidden_is_never_shown(make_bench, qtbot):
    bench = make_bench()
    bench.controller.picture_ready.disconnect()
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.controller.report("user", None)["frames"]["dropped"]["display"] > 0)
    bench.controller.set_view(None)
    hidden_ns = monotonic_ns()
    before = bench.controller.report("user", None)["frames"]["not_shown"]
    qtbot.waitUntil(lambda: bench.controller.report("user", None)["frames"]["not_shown"] > before + 3)
    with qtbot.waitSignal(bench.controller.picture_ready):
        bench.controller.set_view(Size(64, 48))
    picture = bench.controller.take_picture()
    assert picture.capture_ns > hidden_ns
    assert bench.controller.report("user", None)["frames"]["not_shown"] > before


@pytest.mark.expects_error_log
def test_a_bug_while_another_model_is_prepared_stops_the_engine(make_bench, qtbot):
    bench = make_bench()
    bench.refusal = ZeroDivisionError("sabotage")
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)
    with qtbot.waitSignal(bench.controller.crashed):
        bench.controller.change(bench.controller.settings.changed(model=PoseModel.LITE))
    assert bench.controller.state is EngineState.STOPPED


@pytest.mark.expects_error_log
def test_a_bug_in_a_stage_is_told_apart_from_a_failure(make_bench, qtbot):
    bench = make_bench()
    bench.controller.start()
    qtbot.waitUntil(lambda: bench.displayed() >= 3)

    def broken(*args):
        raise ZeroDivisionError("sabotage")

    with qtbot.waitSignal(bench.controller.crashed) as crashed:
        bench.trackers[0].track = broken
    assert "sabotage" in crashed.args[0]
    assert bench.controller.state is EngineState.STOPPED


def test_the_demo_with_the_real_model_gives_people_and_a_balanced_report(tmp_path, qtbot):
    settings = Settings(source="demo", model=PoseModel.LITE, threads=1)
    controller = Controller(settings, EngineOptions(resources_dir() / "models", tmp_path / "cache", tmp_path))
    controller.set_view(Size(320, 240))

    def paint():
        picture = controller.take_picture()
        if picture is not None:
            controller.picture_painted(picture)

    controller.picture_ready.connect(paint)
    controller.start()
    qtbot.waitUntil(lambda: controller.report("user", None)["frames_with_person"] >= 20, timeout=20_000)
    controller.stop()
    report = controller.report("user", None)
    assert controller.shut_down()
    assert report["max_people"] == 1
    assert report["detector_runs"] >= 1
    assert 0 < report["fps"]["capture"] < 36  # as fast as the clip; slower where others take the processor
    assert report["startup_cpu_s"] > 0
    assert set(report["latency_ms"]["stages"]) >= {
        "capture",
        "crop",
        "detector",
        "landmarks",
        "decode",
        "render",
    }
