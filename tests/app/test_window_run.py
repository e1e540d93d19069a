"""What ends a run, and the status it ends with."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from desktop_pose.app.window_run import Ending, WindowRun
from desktop_pose.cli.request import RunRequest
from desktop_pose.core.errors import ExitStatus, ModelError, RecordingError, SourceError
from desktop_pose.core.settings import RecordingKind, Settings
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.statistics import Statistics, read_statistics


class Engine(QObject):
    """Says what it is told to say."""

    source_opened = Signal(object)
    problem_raised = Signal(object, bool)
    problem_cleared = Signal()
    crashed = Signal(str)
    ended = Signal(str)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.recordings: list[RecordingKind] = []
        self.is_shut_down = False
        self.captured = 0
        self.recorded = 1

    def start_recording(self, kind: RecordingKind) -> None:
        self.recordings.append(kind)

    def shut_down(self) -> bool:
        self.is_shut_down = True
        return True

    def statistics(self) -> Statistics:
        flow = replace(FrameFlow().snapshot(), captured=self.captured)
        return read_statistics(Metrics(), flow, None, 100.0)

    def report(self, ended_by: str, error: str | None) -> dict[str, object]:
        return {"ended_by": ended_by, "error": error, "frames": {"recorded": self.recorded}}


class Window(QWidget):
    """Closes as the real one does."""

    close_requested = Signal()
    closed = Signal(bool)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.close_requested.emit()
        event.accept()
        self.closed.emit(True)


class Scene:
    """A run, its engine and its window."""

    def __init__(self, request: RunRequest, settings: Settings) -> None:
        self.engine = Engine(settings)
        self.window = Window()
        self.run = WindowRun(request, self.engine)
        self.run.begin(self.window)
        self.window.show()


@pytest.fixture
def scene(qtbot):
    made = []

    def make(request: RunRequest | None = None, settings: Settings | None = None) -> Scene:
        made.append(Scene(request or RunRequest(), settings or Settings()))
        qtbot.addWidget(made[-1].window)
        return made[-1]

    return make


def outcome(scene: Scene) -> tuple[ExitStatus, str, str | None]:
    ending = scene.run.ending
    return ending.status, ending.ended_by, ending.error


def test_user_closes_the_window(scene, qtbot, tmp_path):
    one = scene(RunRequest(report=tmp_path / "report.json", screenshot=tmp_path / "window.png"))
    with qtbot.waitSignal(one.run.done):
        one.window.close()
    assert outcome(one) == (ExitStatus.DONE, "user", None)
    document = json.loads((tmp_path / "report.json").read_text())
    assert (document["ended_by"], document["error"]) == ("user", None)
    assert (tmp_path / "window.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("number", "status"), [(2, ExitStatus.INTERRUPTED), (15, ExitStatus.TERMINATED)])
def test_signal(scene, qtbot, number, status):
    one = scene()
    with qtbot.waitSignal(one.run.done):
        one.run.on_signal(number)
        one.run.on_signal(15)  # the first counts
    assert outcome(one) == (status, "signal", None)


def test_time_is_over(scene, qtbot, capsys):
    one = scene(RunRequest(duration_s=0.1))
    with qtbot.waitSignal(one.run.done):
        pass
    assert outcome(one) == (ExitStatus.DONE, "duration", None)


def test_time_is_over_and_there_was_never_a_frame(scene, qtbot):
    error = SourceError("The stream is silent", "Check its sender")
    one = scene(RunRequest(duration_s=0.1))
    one.engine.problem_raised.emit(error, False)
    with qtbot.waitSignal(one.run.done):
        pass
    assert outcome(one) == (ExitStatus.WORLD_FAILED, "error", str(error))


def test_time_is_over_and_the_source_has_gone(scene, qtbot):
    error = SourceError("The stream has ended", "Check its sender")
    one = scene(RunRequest(duration_s=0.1))
    one.engine.captured = 100
    one.engine.problem_raised.emit(error, False)
    with qtbot.waitSignal(one.run.done):
        pass
    assert outcome(one) == (ExitStatus.WORLD_FAILED, "duration", str(error))


def test_time_is_over_and_the_source_is_back(scene, qtbot):
    one = scene(RunRequest(duration_s=0.1))
    one.engine.captured = 100
    one.engine.problem_raised.emit(SourceError("The stream has ended", "Check its sender"), False)
    one.engine.problem_cleared.emit()
    with qtbot.waitSignal(one.run.done):
        pass
    assert outcome(one) == (ExitStatus.DONE, "duration", None)


def test_recording_cannot_be_finalised_at_the_end(scene, qtbot, capsys):
    error = RecordingError("The disk is full", "Free some space")
    one = scene()
    one.window.hide()
    one.engine.problem_raised.emit(error, False)
    with qtbot.waitSignal(one.run.done):
        one.window.closed.emit(True)
    assert outcome(one) == (ExitStatus.WORLD_FAILED, "error", str(error))
    assert str(error) in capsys.readouterr().err


def test_source_ends(scene, qtbot):
    one = scene()
    with qtbot.waitSignal(one.run.done):
        one.engine.ended.emit("source_end")
    assert outcome(one) == (ExitStatus.DONE, "source_end", None)


def test_failure_that_goes_on_is_told_once(scene, capsys):
    one = scene(RunRequest(is_headless=True))
    away, silent = SourceError("It is away", "Wait"), SourceError("It is silent", "Speak")
    for error in (away, silent, away, silent):
        one.engine.problem_raised.emit(error, False)
    assert capsys.readouterr().err == f"{away}\n{silent}\n"
    one.engine.problem_cleared.emit()
    one.engine.problem_raised.emit(away, False)
    assert capsys.readouterr().err == f"{away}\n"


def test_source_that_ends_early_shows_in_the_status(scene, qtbot, capsys):
    error = SourceError("The file is damaged", "Use another")
    one = scene(RunRequest(is_headless=True))
    with qtbot.waitSignal(one.run.done):
        one.engine.problem_raised.emit(error, False)
        one.engine.ended.emit("source_end")
    assert outcome(one) == (ExitStatus.WORLD_FAILED, "source_end", str(error))
    assert capsys.readouterr().err == f"{error}\n"


def test_failure_ends_an_unattended_run_with_one_line(scene, qtbot, capsys):
    error = ModelError("The model is damaged", "Install again")
    one = scene(RunRequest(is_headless=True))
    with qtbot.waitSignal(one.run.done):
        one.engine.problem_raised.emit(error, True)
        one.engine.ended.emit("error")
    assert outcome(one) == (ExitStatus.WORLD_FAILED, "error", str(error))
    assert capsys.readouterr().err == "The model is damaged. Install again.\n"


def test_failure_leaves_the_window_open(scene, qtbot):
    one = scene()
    with qtbot.assertNotEmitted(one.run.done, wait=100):
        one.engine.problem_raised.emit(SourceError("The camera is gone", "Plug it in"), True)
        one.engine.ended.emit("error")
    assert one.run.ending is None


def test_lost_recording_ends_an_unattended_run_that_was_to_record(scene, qtbot):
    error = RecordingError("The disk is full", "Free some space")
    one = scene(RunRequest(is_headless=True), Settings(record=RecordingKind.VIDEO))
    with qtbot.waitSignal(one.run.done):
        one.engine.problem_raised.emit(error, False)
    assert outcome(one) == (ExitStatus.WORLD_FAILED, "error", str(error))


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (None, "Nothing was recorded: the run ended before its first frame was tracked. "),
        (
            RecordingError("The disk is full", "Free some"),
            "Nothing was recorded: The disk is full. Free some.",
        ),
    ],
)
def test_run_that_was_to_record_and_has_not_is_1(scene, qtbot, tmp_path, capsys, problem, line):
    one = scene(RunRequest(report=tmp_path / "report.json"), Settings(record=RecordingKind.VIDEO))
    one.engine.recorded = 0
    if problem is not None:
        one.engine.problem_raised.emit(problem, False)
    with qtbot.waitSignal(one.run.done):
        one.engine.ended.emit("source_end")
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(line)
    assert outcome(one) == (ExitStatus.WORLD_FAILED, "source_end", told)
    assert json.loads((tmp_path / "report.json").read_text())["error"] == told


def test_signal_before_anything_was_recorded_keeps_its_status(scene, qtbot, capsys):
    one = scene(settings=Settings(record=RecordingKind.VIDEO))
    one.engine.recorded = 0
    with qtbot.waitSignal(one.run.done):
        one.run.on_signal(15)
    assert outcome(one)[:2] == (ExitStatus.TERMINATED, "signal")
    assert capsys.readouterr().err.count("Nothing was recorded") == 1


def test_failure_that_was_told_is_not_told_again_for_want_of_a_recording(scene, qtbot, capsys):
    one = scene(RunRequest(is_headless=True), Settings(record=RecordingKind.VIDEO))
    one.engine.recorded = 0
    with qtbot.waitSignal(one.run.done):
        one.engine.problem_raised.emit(RecordingError("The disk is full", "Free some"), False)
    assert capsys.readouterr().err == "The disk is full. Free some.\n"


def test_recording_begins_once_with_the_first_source(scene):
    one = scene(settings=Settings(record=RecordingKind.VIDEO))
    one.engine.source_opened.emit(None)
    one.engine.source_opened.emit(None)
    assert one.engine.recordings == [RecordingKind.VIDEO]


def test_bug_in_a_thread_ends_an_unattended_run(scene, qtbot, capsys):
    one = scene(RunRequest(is_headless=True))
    with qtbot.waitSignal(one.run.done):
        one.engine.crashed.emit("ZeroDivisionError")
    assert outcome(one) == (ExitStatus.BUG, "error", "ZeroDivisionError")


def test_bug_in_a_thread_is_remembered_until_the_user_closes_the_window(scene, qtbot):
    one = scene()
    one.engine.crashed.emit("ZeroDivisionError")
    assert one.run.ending is None
    with qtbot.waitSignal(one.run.done):
        one.window.close()
    assert outcome(one) == (ExitStatus.BUG, "user", "ZeroDivisionError")


@pytest.mark.parametrize(
    ("before", "ended_by"), [(None, "error"), (Ending(ExitStatus.DONE, "duration"), "duration")]
)
def test_bug_while_the_window_closes_ends_the_run_nevertheless(scene, qtbot, before, ended_by):
    one = scene()
    one.run.ending = before
    one.window.hide()
    with qtbot.waitSignal(one.run.done):
        one.run.end_after_bug("ZeroDivisionError")
    assert outcome(one) == (ExitStatus.BUG, ended_by, "ZeroDivisionError")
    assert one.engine.is_shut_down


def test_report_that_cannot_be_written_any_more_is_1(scene, qtbot, tmp_path, capsys):
    one = scene(RunRequest(report=tmp_path / "gone/report.json"))
    with qtbot.waitSignal(one.run.done):
        one.window.close()
    assert outcome(one)[0] is ExitStatus.WORLD_FAILED
    assert "report cannot be written" in capsys.readouterr().err


def test_screenshot_of_an_unknown_kind_is_1(scene, qtbot, tmp_path, capsys):
    one = scene(RunRequest(screenshot=tmp_path / "window.nonsense"))
    with qtbot.waitSignal(one.run.done):
        one.window.close()
    assert outcome(one)[0] is ExitStatus.WORLD_FAILED
    assert "screenshot cannot be saved" in capsys.readouterr().err
