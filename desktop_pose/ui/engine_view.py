"""Shows in the window what the engine says."""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.errors import BusyError, DesktopPoseError, SourceError
from desktop_pose.core.frames import SourceInfo
from desktop_pose.core.settings import Backend, PoseModel, Settings, Smoothing
from desktop_pose.core.skip import EVERY_FRAME, Skip
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.options import tracker_options
from desktop_pose.engine.state import EngineState, RecordingStatus
from desktop_pose.engine.statistics import Statistics
from desktop_pose.ui.banner import Message, problem
from desktop_pose.ui.control_bar import Activity
from desktop_pose.ui.parts import Parts
from desktop_pose.ui.placeholder import RECONNECTING, STARTING, STOPPED, Notice
from desktop_pose.ui.setting_fields import WORDS

SOURCE_TOPIC = "source"
_BUSY_TOPIC = BusyError.__name__


class TrackerInUse(Protocol):
    """What the window shows of a tracker's options."""

    @property
    def backend(self) -> Backend:
        """What runs the model."""

    @property
    def model(self) -> PoseModel:
        """Which model."""

    @property
    def model_file(self) -> Path | None:
        """One of the user's own in its place."""

    @property
    def threads(self) -> int:
        """Of the model."""

    @property
    def people(self) -> int:
        """How many are followed at most."""

    @property
    def smoothing(self) -> Smoothing:
        """Of the landmarks."""

    @property
    def skip(self) -> Skip:
        """On which frames the model runs."""


class EngineView(QObject):
    """Receives the controller's signals on the GUI thread and passes them to the parts of the window."""

    def __init__(self, controller: Controller, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._parts = parts
        self._recording = RecordingStatus()
        self._options: TrackerInUse | None = None
        self._is_mirrored_by_default = False
        controller.state_changed.connect(self.on_state_changed)
        controller.settings_changed.connect(self.on_settings_changed)
        controller.source_opened.connect(self.on_source_opened)
        controller.problem_raised.connect(self.on_problem_raised)
        controller.problem_cleared.connect(self.on_problem_cleared)
        controller.crashed.connect(self.on_crashed)
        controller.tracker_changed.connect(self.on_tracker_changed)
        controller.statistics_changed.connect(self.on_statistics_changed)
        controller.recording_changed.connect(self.on_recording_changed)
        controller.playback.closed.connect(self.on_playback_closed)
        parts.controls.source.show_source(controller.settings.source)
        self.on_settings_changed(controller.settings)
        self.on_state_changed(controller.state)

    @Slot(object)
    def on_state_changed(self, state: EngineState) -> None:
        """Show what the engine is doing."""
        notices = {
            EngineState.STOPPED: STOPPED,
            EngineState.STARTING: STARTING,
            EngineState.RECONNECTING: RECONNECTING,
        }
        self._parts.picture.show_notice(notices.get(state))
        if state is EngineState.STOPPED:
            self._options = None
            self._parts.controls.budget.show_status(None)
            self._parts.charts.break_off()
        elif state is EngineState.STARTING:
            self._parts.picture.forget_picture()
            self._parts.banners.clear_topic(SOURCE_TOPIC)
        if state.is_active and self._options is None:
            # A run begins with these; the signal that they are in use may have come before this object.
            self._options = tracker_options(self._controller.settings)
        self._parts.status.show_state(state)
        self._show_activity()

    @Slot(object)
    def on_settings_changed(self, settings: Settings) -> None:
        """Show the settings in force."""
        self._parts.controls.source.show_source(settings.source, self._controller.source_info)
        self._parts.controls.show_settings(settings)
        self._show_mirror()

    @Slot(object)
    def on_source_opened(self, info: SourceInfo) -> None:
        """Show what is open."""
        self._parts.status.show_source(info)
        self._parts.controls.source.show_source(self._controller.settings.source, info)
        self._parts.controls.show_settings(self._controller.settings)
        self._show_mirror()

    @Slot(object, bool)
    def on_problem_raised(self, error: DesktopPoseError, is_fatal: bool) -> None:
        """Say what went wrong: in place of the picture if there is none any more, else above it."""
        topic = SOURCE_TOPIC if isinstance(error, SourceError) else type(error).__name__
        if is_fatal:
            self._parts.picture.forget_picture()
            self._parts.picture.show_notice(Notice(error.message, error.hint, offers_sources=True))
        else:
            self._parts.banners.show_message(problem(error, topic))

    @Slot()
    def on_problem_cleared(self) -> None:
        """What failed works again."""
        self._parts.banners.clear_topic(SOURCE_TOPIC)

    @Slot(str)
    def on_crashed(self, message: str) -> None:
        """Say that there is a bug."""
        self._parts.banners.show_message(
            Message(
                f"A bug stopped the tracking ({message})", "Start again; the log says more", is_problem=True
            )
        )

    @Slot(object)
    def on_tracker_changed(self, options: TrackerInUse) -> None:
        """Mark the switch in the charts; the first tracker of a run is no switch."""
        if not self._controller.state.is_active:
            return  # of a run that was stopped before its tracker stood
        if self._options is not None and options != self._options:
            self._parts.charts.mark(monotonic_ns() / NS_PER_S, f"Switched to {_in_words(options)}")
        self._options = options

    @Slot(object)
    def on_statistics_changed(self, statistics: Statistics) -> None:
        """Show the figures of the moment."""
        self._parts.status.show_statistics(statistics)
        self._parts.controls.budget.show_status(statistics.budget)
        if self._controller.state.is_active:
            self._parts.charts.add(statistics)

    @Slot(object)
    def on_recording_changed(self, status: RecordingStatus) -> None:
        """Show how the recording stands."""
        if self._recording.is_recording and not status.is_recording:
            self._parts.banners.clear_topic(_BUSY_TOPIC)
        self._recording = status
        self._parts.status.show_recording(status)
        self._show_activity()

    @Slot()
    def on_playback_closed(self) -> None:
        """Nothing has to wait for the end of the playback any more."""
        self._parts.banners.clear_topic(_BUSY_TOPIC)

    def _show_mirror(self) -> None:
        info, is_mirrored = self._controller.source_info, self._controller.is_mirrored
        if self._controller.settings.mirror is None:
            self._is_mirrored_by_default = is_mirrored
        elif info is not None:
            self._is_mirrored_by_default = info.kind.is_live
        self._parts.controls.show_mirror(is_mirrored, is_by_default=self._is_mirrored_by_default)

    def _show_activity(self) -> None:
        is_running = self._controller.state.is_active
        self._parts.controls.show_activity(Activity(is_running, self._recording.kind))


def _in_words(options: TrackerInUse) -> str:
    threads = f"{options.threads} thread{'s' * (options.threads != 1)}"
    model = WORDS[options.model] if options.model_file is None else "a model of your own (unverified)"
    parts = [model, threads, WORDS[options.backend]]
    if options.people > 1:
        parts.append(f"up to {options.people} people")
    if options.smoothing is not Smoothing.MEDIAPIPE:
        parts.append(options.smoothing.in_words)
    if options.skip != EVERY_FRAME:
        is_adaptive = options.skip.every is None
        parts.append("frames skipped adaptively" if is_adaptive else f"1 of {options.skip} frames")
    return ", ".join(parts)
