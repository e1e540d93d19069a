"""The governor on readings made for it, and in an engine whose tracker takes real processor time."""

from dataclasses import fields

import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import Size
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import PoseModel, RecordingKind, Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.flow import FlowSnapshot
from desktop_pose.engine.governor.governor import Governor
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.options import EngineOptions, tracker_options
from desktop_pose.engine.processor import THREAD_NAMES, CpuReading
from desktop_pose.pose.skipping import SkippingTracker, SkipPolicy
from desktop_pose.recording.library import list_sessions
from desktop_pose.recording.reader import SessionReader
from tests.engine.support import FakeSource, FakeTracker, imbalances

STEP_S = 0.5
FPS = 30


class Machine:
    """Obeys the knobs and makes the readings: 12 % for nothing, 16 ms an inference, 3 ms a picture."""

    def __init__(self, **settings):
        self.models = []
        self.settings = Settings(threads=1, **settings)
        self.governor = Governor(self.settings, Metrics(), self._use_model)
        self.inference_s = 0.016
        self.counts = {field.name: 0 for field in fields(FlowSnapshot)}
        self.threads_s = dict.fromkeys(THREAD_NAMES, 0.0)
        self.time_s = 100.0
        self.governor.begin_run()
        self.governor.tracker_changed(tracker_options(self.settings))

    def _use_model(self, before):
        model = self.governor.stand_in
        self.models.append(model)
        self.inference_s *= 0.6 if model is not None else 1 / 0.6
        in_use = self.settings if model is None else self.settings.changed(model=model)
        self.governor.tracker_changed(tracker_options(in_use))

    def rate(self, cadence):
        return FPS if cadence.interval_ns == 0 else min(NS_PER_S / cadence.interval_ns, FPS)

    def run(self, seconds):
        knobs = self.governor.knobs
        for _ in range(round(seconds / STEP_S)):
            captured = round(FPS * STEP_S)
            decoded = round(self.rate(knobs.decoding) * STEP_S)
            inferred = round(min(self.rate(knobs.inference) * STEP_S, decoded))
            pictures = round(min(self.rate(knobs.display) * STEP_S, decoded))
            knobs.left_undecoded += captured - decoded
            for name, count in (("captured", captured), ("inferred", inferred), ("displayed", pictures)):
                self.counts[name] += count
            self.threads_s["capture"] += 0.12 * STEP_S
            self.threads_s["inference"] += inferred * self.inference_s
            self.threads_s["render"] += pictures * 0.003
            self.time_s += STEP_S
            reading = CpuReading(
                round(self.time_s * NS_PER_S), sum(self.threads_s.values()), dict(self.threads_s)
            )
            self.status = self.governor.govern(reading, FlowSnapshot(**self.counts))
        return self

    @property
    def looks_hz(self):
        return self.rate(self.governor.knobs.inference)


def test_without_a_budget_it_turns_nothing_and_says_nothing():
    machine = Machine().run(10)

    assert (machine.looks_hz, machine.rate(machine.governor.knobs.display)) == (FPS, FPS)
    assert machine.status is None
    assert machine.governor.record() is None


def test_it_begins_with_few_inferences_and_then_keeps_the_budget():
    machine = Machine(cpu_budget=50)
    assert machine.looks_hz == pytest.approx(5)

    machine.run(20)

    assert machine.status.used_percent == pytest.approx(48, abs=3)
    assert 12 < machine.looks_hz < 22
    assert machine.status.what.startswith("model 1")


def test_a_budget_set_on_the_way_counts_before_the_next_reading():
    machine = Machine().run(10)

    machine.governor.change(machine.settings.changed(cpu_budget=30))

    assert machine.looks_hz <= 6


def test_a_recording_is_tracked_on_every_frame_unless_the_user_ticked_it():
    machine = Machine(cpu_budget=30).run(10)
    assert machine.looks_hz < 8

    machine.governor.set_recording(True)
    assert machine.looks_hz == FPS
    machine.run(10)
    assert machine.looks_hz == FPS
    assert machine.rate(machine.governor.knobs.decoding) == FPS
    assert machine.rate(machine.governor.knobs.display) == pytest.approx(5)
    assert machine.status.is_beyond_reach
    assert "while recording" in machine.status.why

    machine.governor.change(machine.settings.changed(budget_recording=True))
    assert machine.looks_hz < 8


def test_a_lighter_model_runs_only_where_the_user_ticked_it():
    assert Machine(cpu_budget=20, model=PoseModel.FULL).run(30).models == []

    machine = Machine(cpu_budget=20, model=PoseModel.FULL, lighter_model=True).run(30)
    assert machine.models == [PoseModel.LITE]
    assert machine.status.what.startswith("model lite")

    machine.governor.set_recording(True)  # not degraded without the other tick
    assert machine.models == [PoseModel.LITE, None]


def test_a_lighter_model_that_cannot_be_had_is_not_tried_again():
    machine = Machine(cpu_budget=20, lighter_model=True).run(30)
    machine.governor.model_refused()

    machine.run(30)

    assert len(machine.models) == 1
    assert machine.governor.stand_in is None


@pytest.mark.parametrize(
    "change", [{"cpu_budget": None}, {"lighter_model": False}, {"model": PoseModel.HEAVY}]
)
def test_the_users_choice_drops_the_stand_in(change):
    machine = Machine(cpu_budget=20, lighter_model=True).run(30)
    assert machine.governor.stand_in is PoseModel.LITE

    machine.governor.change(machine.settings.changed(**change))

    assert machine.governor.stand_in is None


def test_a_model_of_the_user_s_own_is_never_replaced():
    machine = Machine(cpu_budget=20, lighter_model=True, model_file="/own.tflite").run(30)
    assert machine.models == []


def test_a_hidden_window_leaves_what_its_pictures_take_to_the_model():
    seen, hidden = Machine(cpu_budget=40), Machine(cpu_budget=40)
    hidden.governor.set_visible(False)
    assert hidden.run(20).looks_hz > seen.run(20).looks_hz + 3
    assert "picture" not in hidden.status.what


def test_a_budget_that_is_lifted_gives_everything_back_at_once():
    machine = Machine(cpu_budget=15).run(20)
    knobs = machine.governor.knobs
    cadences = (knobs.inference, knobs.display, knobs.decoding)
    assert machine.rate(knobs.decoding) < FPS

    machine.governor.change(machine.settings.changed(cpu_budget=None))

    assert [machine.rate(cadence) for cadence in cadences] == [FPS] * 3


def test_where_hardly_more_is_decoded_than_shown_all_of_that_is_shown():
    machine = Machine(cpu_budget=5).run(20)
    assert machine.rate(machine.governor.knobs.decoding) == pytest.approx(5)
    assert machine.rate(machine.governor.knobs.display) == FPS


def test_what_the_start_of_a_run_takes_is_not_learned_from():
    machine = Machine(cpu_budget=50).run(20)
    looks_hz = machine.looks_hz
    machine.governor.end_run()
    machine.governor.begin_run()
    machine.run(STEP_S)  # the first reading has none to be set beside

    machine.threads_s["main"] += 0.4  # libraries, models, charts
    machine.run(STEP_S)

    assert machine.looks_hz == looks_hz


class BusyTracker(FakeTracker):
    """Takes some milliseconds of processor time for each frame."""

    numbers = np.random.default_rng(1).random(100_000)

    def track(self, image, time_ns, probe):
        np.sort(self.numbers)
        return super().track(image, time_ns, probe)

    def carry(self, people, frames):
        """Nothing has to be found again."""


@pytest.fixture
def bench(tmp_path, qtbot):
    controller = Controller(
        Settings(source="http://127.0.0.1/fake", threads=1, cpu_budget=5),
        EngineOptions(resources_dir() / "models", None, tmp_path / "sessions"),
        make_source=lambda text, size, fps: FakeSource(fps=60, size=(64, 48)),
        make_tracker=lambda options, *_, pace, **__: SkippingTracker(
            BusyTracker(options), SkipPolicy(1), pace
        ),
    )

    def paint():
        picture = controller.take_picture()
        if picture is not None:
            np.sort(BusyTracker.numbers)  # so that the pictures alone are too much for the budget
            controller.picture_painted(picture)

    controller.set_view(Size(64, 48))
    controller.picture_ready.connect(paint)
    yield controller
    assert controller.shut_down()


def test_a_real_engine_skips_shows_fewer_pictures_and_says_so(bench, qtbot):
    bench.start()

    def are_fewer_shown():
        flow = bench.statistics().flow
        # Where pictures are hardly wanted, what is neither looked at nor shown is not even decoded.
        return flow.not_shown + flow.dropped_inference > 5 and any(
            "picture" in action["what"] for action in bench.report("user", None)["budget"]["actions"]
        )

    qtbot.waitUntil(are_fewer_shown, timeout=50_000)

    report = bench.report("user", None)

    assert report["frames"]["reused"] > 0
    assert report["settings"]["cpu_budget"] == report["budget"]["asked"] == 5
    assert report["budget"]["floor"] > 0
    assert report["budget"]["actions"][0]["what"].startswith("model ")
    statistics = bench.statistics()
    assert imbalances(statistics.flow) == (0, 0, 0)
    assert 0 < statistics.fps.model < statistics.fps.inference  # where people are carried on, it did not run


def test_no_frame_of_a_real_recording_is_skipped(bench, qtbot, tmp_path):
    bench.start()
    qtbot.waitUntil(lambda: bench.statistics().flow.reused > 5, timeout=50_000)
    with qtbot.waitSignal(bench.session_saved, timeout=50_000):
        bench.start_recording(RecordingKind.LANDMARKS)
        qtbot.waitUntil(lambda: bench.statistics().flow.recorded > 40, timeout=50_000)
        bench.stop_recording()

    (info,) = list_sessions(tmp_path / "sessions")
    with SessionReader.open(info.path) as reader:
        frames = list(reader.frames())
    assert len(frames) > 40
    assert not any(frame.reused for frame in frames)
