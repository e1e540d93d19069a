"""The source nobody chose: the first camera, else the demo."""

import pytest
from PySide6.QtCore import QObject

from desktop_pose.app.first_source import FirstSource
from desktop_pose.app.stored import StoredChoices
from desktop_pose.capture.camera_info import Camera
from desktop_pose.core.errors import SourceError
from desktop_pose.core.settings import Settings
from desktop_pose.engine.jobs import Job


class Engine(QObject):
    """Finds the cameras it is told to, and remembers what it was started on."""

    def __init__(self, settings: Settings, cameras: tuple[Camera, ...] | None) -> None:
        super().__init__()
        self.settings = settings
        self.started_on: list[str | None] = []
        self.failure: Exception = SourceError("The cameras cannot be listed", "Try again")
        self._cameras = cameras

    def find_cameras(self) -> Job:
        def find(_progress):
            if self._cameras is None:
                raise self.failure
            return self._cameras

        job = Job("cameras", find, self)
        job.start()
        return job

    def change(self, settings: Settings) -> None:
        self.settings = settings

    def start(self) -> None:
        self.started_on.append(self.settings.source)


def first_source(engine: Engine, path) -> FirstSource:
    return FirstSource(engine, StoredChoices(path, Settings(), engine.settings), engine)


def test_source_that_is_set_is_taken(qtbot, tmp_path):
    engine = Engine(Settings(source="clip.mp4"), None)
    first_source(engine, tmp_path / "settings.json").start()
    assert engine.started_on == ["clip.mp4"]


def test_first_camera_is_taken(qtbot, tmp_path):
    engine = Engine(Settings(), (Camera("usb-1", 0, "Front", None), Camera("usb-2", 1, "Back", None)))
    chooser = first_source(engine, tmp_path / "settings.json")
    with qtbot.assertNotEmitted(chooser.camera_missed):
        chooser.start()
        qtbot.waitUntil(lambda: engine.started_on == ["usb-1"])
    assert not (tmp_path / "settings.json").exists()


def test_what_was_found_is_taken_before_the_event_loop_turns(qtbot, tmp_path):
    engine = Engine(Settings(), ())
    chooser = first_source(engine, tmp_path / "settings.json")
    chooser.start()
    chooser.start_if_found()  # maybe too early: then it does nothing
    assert engine.findChild(Job).thread_.wait(5000)
    chooser.start_if_found()
    assert engine.started_on == ["demo"]
    assert chooser.is_camera_missed
    chooser.start_if_found()
    assert engine.started_on == ["demo"]


@pytest.mark.parametrize("cameras", [(), None])
def test_demo_is_shown_where_no_camera_is_found(qtbot, tmp_path, cameras):
    engine = Engine(Settings(), cameras)
    chooser = first_source(engine, tmp_path / "settings.json")
    with qtbot.waitSignal(chooser.camera_missed):
        chooser.start()
    assert engine.started_on == ["demo"]


@pytest.mark.expects_error_log
def test_demo_is_shown_where_a_bug_prevents_the_search(qtbot, tmp_path):
    engine = Engine(Settings(), None)
    engine.failure = ZeroDivisionError("sabotage")
    first_source(engine, tmp_path / "settings.json").start()
    qtbot.waitUntil(lambda: engine.started_on == ["demo"])


def test_user_may_be_quicker(qtbot, tmp_path):
    engine = Engine(Settings(), ())
    chooser = first_source(engine, tmp_path / "settings.json")
    with qtbot.assertNotEmitted(chooser.camera_missed, wait=300):
        chooser.start()
        engine.change(Settings(source="clip.mp4"))
    assert engine.started_on == []
