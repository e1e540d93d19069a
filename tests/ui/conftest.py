import gc
import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest  # after the platform is set

from desktop_pose.app.garbage import GuiGarbage
from desktop_pose.core.clock import monotonic_ns
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.jobs import Jobs
from desktop_pose.engine.options import EngineOptions
from desktop_pose.ui.main_window import MainWindow
from tests.engine.support import FakeSource, FakeTracker

TIMEOUT_MS = 10_000
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """The offscreen platform says of every window what it cannot do with it."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture
def jobs(qapp):
    """Starts jobs, and waits for those that still run at the end of the test."""
    made = Jobs(qapp)
    yield made
    assert made.wait(monotonic_ns() + 5_000_000_000)


class Bench:
    """The real window on the real controller; only source and tracker are fakes.

    Attributes:
        stored: The settings the window asked to be stored, the last one last.
        opened: What sources were asked for.
    """

    def __init__(self, qtbot, tmp_path):
        self.qtbot = qtbot
        self.tmp_path = tmp_path
        self.stored = []
        self.opened = []
        self.source = FakeSource(fps=60, size=(64, 48))
        self.refusal = None
        self.people = None
        self.window = None

    def build(self, settings=None, unavailable=None, *, starts_first=False, **options):
        """Build the window; where `starts_first`, as the application does it: the engine already runs."""
        self.sessions_dir = self.tmp_path / "sessions"
        self.controller = Controller(
            settings or Settings(source="http://127.0.0.1/fake", threads=1),
            EngineOptions(resources_dir() / "models", None, self.sessions_dir, **options),
            make_source=self._make_source,
            make_tracker=self._make_tracker,
        )
        if starts_first:
            self.controller.start()
            self.qtbot.waitUntil(lambda: self.controller._life.run.inference.options is not None)
        self.window = MainWindow(
            self.controller,
            self.stored.append,
            sessions_dir=self.sessions_dir,
            unavailable=unavailable or {},
            state_file=self.tmp_path / "window.ini",
        )
        self.qtbot.addWidget(self.window)
        self.parts = self.window.parts
        with self.qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        return self

    def run(self, **arguments):
        """Build, start, and wait for the first picture on screen."""
        self.build(**arguments)
        self.controller.start()
        self.wait_for_pictures(1)
        return self

    def wait_for_pictures(self, count):
        start = self.displayed
        self.wait(lambda: self.displayed >= start + count)

    @property
    def displayed(self):
        return self.controller._flow.snapshot().displayed

    @property
    def messages(self):
        return [message.text for message in self.parts.banners.messages]

    def wait(self, condition):
        self.qtbot.waitUntil(condition, timeout=TIMEOUT_MS)

    def close(self):
        if self.window is not None and self.window.has_ended_cleanly is None:
            self.source.unblock.set()
            self.window.close()

    def _make_source(self, text, size, fps):
        self.opened.append((text, size, fps))
        return self.source

    def _make_tracker(self, options, models_dir, cache_dir, *, will_adopt, pace):
        if self.refusal is not None:
            raise self.refusal
        return FakeTracker(options, people=self.people)


@pytest.fixture
def bench(qtbot, tmp_path):
    made = Bench(qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="package", autouse=True)
def garbage_as_in_the_application(qapp):
    """Collect on this thread only, and pass over what was there before: that takes half a second."""
    gc.collect()
    gc.freeze()
    garbage = GuiGarbage()
    yield
    garbage.close()
    gc.collect()


@pytest.fixture(autouse=True)
def freed_windows(garbage_as_in_the_application):
    """Free windows, those of earlier tests as well."""
    yield
    gc.collect()
