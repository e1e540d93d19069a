"""Builds the application around one window and runs it to its end.

The order is made for a quick start: first the engine, whose threads load the model and open the source, then
the window, which is built meanwhile; the charts come after the first picture.
"""

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop_pose.app.crashes import CrashHandler
from desktop_pose.app.display import display_problem
from desktop_pose.app.first_source import FirstSource
from desktop_pose.app.garbage import GuiGarbage
from desktop_pose.app.log_out import LogOut
from desktop_pose.app.signals import ProcessSignals
from desktop_pose.app.stored import StoredChoices
from desktop_pose.app.window_run import Ending, WindowRun, write_report
from desktop_pose.capture.opening import create_source
from desktop_pose.cli.failures import tell
from desktop_pose.cli.options import settings_in_force
from desktop_pose.cli.request import RunRequest
from desktop_pose.cli.streams import keep_standard_error
from desktop_pose.core import places, settings_file
from desktop_pose.core.errors import ExitStatus, SourceError
from desktop_pose.core.memory_steps import STEPS, MemoryPart, StepKind
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Backend, Settings
from desktop_pose.core.settings_file import StoredSettings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.options import EngineOptions
from desktop_pose.pose.opening import backend_problem

log = logging.getLogger(__name__)

_PATIENCE_MS = 3000
_UP_MS = 3000
"""By now the window has been laid out and painted, and the charts are there."""


def run_window(request: RunRequest) -> int:
    """Run the window as `request` says; the exit status.

    Raises:
        DesktopPoseError: There is no display, the source of the command line is missing, or the installation
            is incomplete.
    """
    starting = STEPS.begin(MemoryPart.PYTHON_AND_QT)
    _choose_platform(is_headless=request.is_headless)
    stored = settings_file.load(places.settings_file())
    settings = settings_in_force(stored.settings, dict(request.overrides))
    app = QApplication([sys.argv[0]])
    garbage = GuiGarbage()
    keep_standard_error()  # Qt may have said by now why it cannot start
    app.setApplicationName("desktop-pose")
    app.setApplicationDisplayName("Desktop Pose")
    controller = Controller(settings, _engine_options(settings, request))
    _refuse_missing_source(request, controller)
    run = WindowRun(request, controller)
    signals = ProcessSignals()
    signals.received.connect(run.on_signal)
    run.done.connect(app.quit)
    LogOut(app, controller)
    try:
        window = _show(request, controller, run, stored)
        starting.end()
        painting = STEPS.begin(MemoryPart.PYTHON_AND_QT, StepKind.COMES_AND_GOES)
        QTimer.singleShot(_UP_MS, painting.end)
        app.exec()
    except BaseException:
        controller.shut_down()  # what unwinds from here must not destroy running threads
        raise
    finally:
        signals.close()
        garbage.close()
    return _status(run, window)


def _show(request: RunRequest, controller: Controller, run: WindowRun, stored: StoredSettings) -> QWidget:
    """The window, shown while the engine starts; `run` watches both."""
    choices = StoredChoices(places.settings_file(), stored.settings, controller.settings)
    first_source = FirstSource(controller, choices, parent=run)
    first_source.start()

    from desktop_pose.ui.main_window import MainWindow  # imported while cameras are looked for

    first_source.start_if_found()
    window = MainWindow(
        controller,
        choices.keep,
        sessions_dir=_sessions_dir(controller.settings),
        unavailable=_unavailable_backends(),
        state_file=None if request.is_unattended else places.settings_file().with_name("window.ini"),
        has_charts=request.has_charts,
    )
    first_source.camera_missed.connect(window.commands.offer_sources)
    if first_source.is_camera_missed:
        window.commands.offer_sources()
    if stored.problem is not None:
        window.show_problem(stored.problem)
        if request.is_unattended:
            tell(str(stored.problem))
    CrashHandler(run.end_after_bug, None if request.is_unattended else window).install()
    window.show()
    run.begin(window)
    return window


def _status(run: WindowRun, window: QWidget) -> int:
    """The exit status; does not return where a thread is stuck in a driver, which must not be destroyed."""
    status = ExitStatus.BUG if run.ending is None else run.ending.status
    # Those of the window: the import of the charts may still be going on.
    have_ended = [thread.wait(_PATIENCE_MS) for thread in window.findChildren(QThread)]
    if not (run.has_ended_cleanly and all(have_ended)):
        log.warning("A thread has not ended in time; leaving it behind")
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(status)
    return status


def _choose_platform(*, is_headless: bool) -> None:
    if is_headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    elif (problem := display_problem()) is not None:
        raise problem


def _engine_options(settings: Settings, request: RunRequest) -> EngineOptions:
    return EngineOptions(
        models_dir=resources_dir() / "models",
        cache_dir=places.cache_dir(),
        sessions_dir=_sessions_dir(settings),
        does_loop=not request.is_headless or request.duration_s is not None,
        does_retry_first_open=not request.is_unattended,
    )


def _sessions_dir(settings: Settings) -> Path:
    chosen = settings.sessions_dir
    return places.sessions_dir() if chosen is None else Path(chosen).expanduser().absolute()


def _refuse_missing_source(request: RunRequest, controller: Controller) -> None:
    """Raise `SourceError`, after writing the report, where the source of the command line is missing."""
    text = request.overrides.get("source")
    if not isinstance(text, str):
        return
    try:
        create_source(text, size=None, fps=None)
    except SourceError as error:
        write_report(request.report, controller, Ending(ExitStatus.WORLD_FAILED, "error", str(error)))
        raise


def _unavailable_backends() -> Mapping[Backend, str]:
    problems = {backend: backend_problem(backend) for backend in Backend}
    return {backend: str(problem) for backend, problem in problems.items() if problem is not None}
