"""What the engine tells the governor and does for it: recordings, hidden windows, trackers made later."""

import threading
from pathlib import Path

import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import PoseModel, RecordingKind, Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.options import EngineOptions
from desktop_pose.recording.reader import SessionReader
from tests.engine.support import FakeSource, FakeTracker

LITE, FULL = PoseModel.LITE, PoseModel.FULL


class Engine:
    """A controller with a budget that allows a lighter model, and all trackers that it made."""

    def __init__(self, tmp_path, **settings):
        self.trackers, self.paces, self.changed = [], [], []
        self.may_make = threading.Event()
        self.may_make.set()
        self.controller = Controller(
            Settings(
                source="http://127.0.0.1/fake", threads=1, cpu_budget=100, lighter_model=True, **settings
            ),
            EngineOptions(resources_dir() / "models", None, tmp_path / "sessions"),
            make_source=lambda text, size, fps: FakeSource(fps=100),
            make_tracker=self._make_tracker,
        )
        self.controller.tracker_changed.connect(lambda options: self.changed.append(options.model))

    def _make_tracker(self, options, *_folders, will_adopt, pace):
        assert self.may_make.wait(20)
        self.trackers.append(FakeTracker(options))
        self.paces.append(pace)
        return self.trackers[-1]

    @property
    def governor(self):
        return self.controller._governor

    def put_in_lite(self, qtbot):
        """Run with the lighter model in place of the chosen one, as if the budget had asked for that."""
        self.controller.start()
        qtbot.waitUntil(lambda: self.changed == [FULL])
        self.governor._stand_in_with(LITE)
        qtbot.waitUntil(lambda: self.changed == [FULL, LITE])

    def recorded(self, qtbot, frames=20):
        """Wait until so many frames are recorded, end the recording, and give the session's folder."""
        with qtbot.waitSignal(self.controller.session_saved, timeout=20_000) as saved:
            qtbot.waitUntil(lambda: self.controller.statistics().flow.recorded >= frames, timeout=20_000)
            self.controller.stop_recording()
        return Path(saved.args[0])


@pytest.fixture
def make_engine(tmp_path, qtbot):
    engines = []

    def make(**settings):
        engines.append(Engine(tmp_path, **settings))
        return engines[-1]

    yield make
    for engine in engines:
        assert engine.controller.shut_down()


def test_a_recording_begins_when_the_chosen_model_is_back(make_engine, qtbot):
    engine = make_engine()
    engine.put_in_lite(qtbot)

    engine.may_make.clear()
    engine.controller.start_recording(RecordingKind.LANDMARKS)
    lite = engine.trackers[-1]
    tracked = len(lite.times_ns)
    qtbot.waitUntil(lambda: len(lite.times_ns) > tracked + 5)
    assert engine.controller.statistics().flow.sent_to_recorder == 0
    engine.may_make.set()
    folder = engine.recorded(qtbot)

    assert engine.changed == [FULL, LITE, FULL]
    chosen = engine.trackers[-1]
    assert chosen.options.model is FULL
    with SessionReader.open(folder) as reader:
        frames = list(reader.frames())
        assert reader.header["settings"]["model"] == "full"
        assert reader.setting_changes() == ()
    assert {frame.source_ns for frame in frames} <= set(chosen.times_ns)


def test_a_recording_that_may_be_degraded_says_which_model_ran_when(make_engine, qtbot):
    engine = make_engine(budget_recording=True)
    engine.put_in_lite(qtbot)

    engine.controller.start_recording(RecordingKind.LANDMARKS)
    qtbot.waitUntil(lambda: engine.controller.statistics().flow.recorded >= 5, timeout=20_000)
    engine.governor._stand_in_with(None)
    qtbot.waitUntil(lambda: engine.changed == [FULL, LITE, FULL])
    folder = engine.recorded(qtbot)

    with SessionReader.open(folder) as reader:
        assert reader.header["settings"]["model"] == "lite"
        assert [(change.key, change.value) for change in reader.setting_changes()] == [("model", "full")]


def test_every_tracker_is_held_back_by_the_same_pace(make_engine, qtbot):
    engine = make_engine()
    engine.put_in_lite(qtbot)
    assert engine.paces == [engine.governor.knobs.inference] * 2


def test_pictures_that_nobody_sees_are_not_paid_for(make_engine):
    engine = make_engine()
    engine.controller.set_view(Size(64, 48))
    assert engine.governor._limits.is_visible
    engine.controller.set_view(None)
    assert not engine.governor._limits.is_visible
