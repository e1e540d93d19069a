import json

import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.settings import Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.options import EngineOptions
from desktop_pose.engine.resources.memory_parts import PART_NAMES
from tests.engine.support import FakeSource, FakeTracker


@pytest.fixture
def controller(qtbot, tmp_path):
    made = Controller(
        Settings(source="http://127.0.0.1/fake", threads=1),
        EngineOptions(tmp_path, None, tmp_path / "sessions"),
        make_source=lambda *_args, **_options: FakeSource(fps=60, size=(64, 48)),
        make_tracker=lambda options, *_folders, **_more: FakeTracker(options),
    )
    made.picture_ready.connect(lambda: paint(made))
    yield made
    made.shut_down()


def paint(controller):
    picture = controller.take_picture()
    if picture is not None:
        controller.picture_painted(picture)


def run(qtbot, controller, pictures):
    controller.set_view(Size(64, 48))
    controller.start()
    qtbot.waitUntil(lambda: controller._flow.snapshot().displayed > pictures, timeout=10_000)


def test_what_is_read_is_whole_and_json(qtbot, controller):
    controller.resources.watch(is_watched=True)
    run(qtbot, controller, 20)
    resources = controller.resources.read()
    assert resources.rss_peak_mb >= 0.9 * resources.rss_mb > 10
    assert resources.frame.frames >= 10
    stages = [span.stage for span in resources.frame.spans]
    assert stages[0] == "capture"
    assert stages[-1] == "paint"
    assert {"landmarks", "convert", "render"} <= set(stages)
    assert all(span.end_ms >= span.start_ms for span in resources.frame.spans)
    assert resources.frame.spans[-1].end_ms == pytest.approx(resources.frame.total_ms)
    record = json.loads(json.dumps(resources.as_record()))
    if resources.parts_mb is not None:
        assert set(record["memory_mb"]["breakdown"]) == set(PART_NAMES)
    assert record["memory_mb"]["trend"]["verdict"] == "too short to say"
    assert record["frame"]["spans"][0]["stage"] == "capture"


def test_no_frame_is_noted_while_nobody_looks(qtbot, controller):
    run(qtbot, controller, 3)
    assert controller.resources.read().frame is None
    controller.resources.watch(is_watched=True)
    controller.resources.watch(is_watched=False)
    assert controller._metrics.timeline is None
