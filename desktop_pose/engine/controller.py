"""Starts and stops the threads, passes on what the user wants of them, and tells what becomes of it.

The one object the window and the command line talk to. Lives on the GUI thread; nothing here blocks it but
`shut_down`.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot

from desktop_pose.capture.opening import create_source, kind_of
from desktop_pose.capture.protocol import FrameSource
from desktop_pose.core.clock import monotonic_ns
from desktop_pose.core.errors import DesktopPoseError, RecordingError, SourceError
from desktop_pose.core.frames import Size, SourceInfo
from desktop_pose.core.settings import RecordingKind, Settings
from desktop_pose.engine.display import Display
from desktop_pose.engine.draining import Draining
from desktop_pose.engine.flow import FrameFlow, Picture
from desktop_pose.engine.jobs import Job
from desktop_pose.engine.joining import RunningThreads
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.options import QUIT_NS, EngineOptions, tracker_options, with_tracker_options
from desktop_pose.engine.recorder import Recorder
from desktop_pose.engine.report import build_report
from desktop_pose.engine.run import Run, RunEvents, RunPlan
from desktop_pose.engine.sampler import Sampler
from desktop_pose.engine.session_header import build_header
from desktop_pose.engine.stages.capture import CaptureEvents, CapturePolicy
from desktop_pose.engine.stages.inference import ReadyTracker
from desktop_pose.engine.stages.render import View
from desktop_pose.engine.state import EngineState
from desktop_pose.engine.statistics import Statistics
from desktop_pose.engine.tasks import Tasks
from desktop_pose.engine.tracker_changes import TrackerChanges
from desktop_pose.engine.tracker_factory import TrackerFactory
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions
from desktop_pose.recording.writer import SessionWriter


class Controller(QObject):
    """The engine.

    **Signals**, all to be received on the GUI thread:
        state_changed(EngineState): What the engine is doing.
        settings_changed(Settings): The settings now in force.
        source_opened(SourceInfo): What the source truly delivers.
        picture_ready(): A picture waits for `take_picture`.
        problem_raised(DesktopPoseError, bool): The world failed; True: the engine has stopped.
        problem_cleared(): What failed works again.
        crashed(str): A bug stopped the engine.
        tracker_changed(TrackerOptions): These are in use from now on.
        statistics_changed(Statistics): Twice a second while running.
        recording_changed(RecordingStatus): A recording began, grew or ended.
        session_saved(str): A session is complete; its folder.
        ended(str): The run ended by itself: `source_end` or `error`.
    """

    state_changed = Signal(object)
    settings_changed = Signal(object)
    source_opened = Signal(object)
    picture_ready = Signal()
    problem_raised = Signal(object, bool)
    problem_cleared = Signal()
    crashed = Signal(str)
    tracker_changed = Signal(object)
    statistics_changed = Signal(object)
    recording_changed = Signal(object)
    session_saved = Signal(str)
    ended = Signal(str)

    _opened = Signal(object, object)
    _interrupted = Signal(object, object)
    _source_ended = Signal(object)

    def __init__(
        self,
        settings: Settings,
        options: EngineOptions,
        parent: QObject | None = None,
        *,
        make_source: Callable[..., FrameSource] = create_source,
        make_tracker: Callable[..., PoseTracker] = open_tracker,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._options = options
        self._make_source = make_source
        self._state = EngineState.STOPPED
        self._view = View()
        self._is_source_live = False
        self._run: Run | None = None
        self._token: object = None
        self._is_start_wanted = False
        self._flow = FrameFlow()
        self._metrics = Metrics()
        self._sampler = Sampler(self._flow, self._metrics, self)
        self._trackers = TrackerFactory(make_tracker, options, self._sampler.processor)
        self._threads = RunningThreads(self)
        self._display = Display(self._flow, self._metrics, self._sampler.note_first_display)
        self._recorder = Recorder(self._flow, self._metrics, self._sampler.processor.name_thread, self)
        self._tasks = Tasks(self)
        self._changes = TrackerChanges(self._open_next_tracker, self)
        self._draining = Draining(self._flow, self)
        self._connect()

    def _connect(self) -> None:
        self._opened.connect(self._on_opened)
        self._interrupted.connect(self._on_interrupted)
        self._source_ended.connect(self._on_source_ended)
        self._threads.all_ended.connect(self._on_threads_ended)
        self._draining.drained.connect(self._on_drained)
        self._sampler.sampled.connect(self._recorder.note_statistics)
        self._sampler.sampled.connect(self.statistics_changed)
        self._recorder.changed.connect(self.recording_changed)
        self._recorder.saved.connect(self.session_saved)
        self._recorder.failed.connect(self._on_recording_failed)
        self._recorder.crashed.connect(self._on_crashed)
        self._changes.ready.connect(self._on_tracker_ready)
        self._changes.refused.connect(self._on_tracker_refused)
        self._changes.crashed.connect(self._on_crashed)

    # What is going on

    @property
    def state(self) -> EngineState:
        """What the engine is doing."""
        return self._state

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    @property
    def source_info(self) -> SourceInfo | None:
        """What the open source delivers; None while none is open."""
        return None if self._run is None else self._run.info

    @property
    def is_mirrored(self) -> bool:
        """Whether the view is a mirror: as set, else for live sources."""
        if self._settings.mirror is not None:
            return self._settings.mirror
        return self._is_source_live

    @property
    def recorder(self) -> Recorder:
        """The recordings."""
        return self._recorder

    def statistics(self) -> Statistics:
        """The figures read last."""
        return self._sampler.newest or self._sampler.sample_now()

    # Start and stop

    def start(self) -> None:
        """Run on the source of the settings; what a former run still holds is waited for."""
        if self._state.is_active:
            return
        self._set_state(EngineState.STARTING)
        self._is_start_wanted = bool(self._threads)
        if not self._is_start_wanted:
            self._begin()

    def stop(self) -> None:
        """Stop at once, as far as the user is concerned; the threads end when their drivers let them."""
        if not self._state.is_active:
            return
        self._is_start_wanted = False
        self._draining.stop()
        self._changes.forget()
        self._recorder.stop()
        if self._run is not None:
            self._run.stop()
            self._run = None
        self._sampler.stop()
        self._set_state(EngineState.STOPPED)

    def shut_down(self) -> bool:
        """Finalise the recording and end all threads; False if one still runs after 3 s.

        In that case the process has to end without destroying it (`os._exit`).
        """
        deadline_ns = monotonic_ns() + QUIT_NS
        self.stop()
        is_done = self._recorder.wait(deadline_ns)
        # How the recording ended has to be told now: its signals wait for a loop that may not turn again.
        QCoreApplication.sendPostedEvents(self._recorder, QEvent.Type.MetaCall.value)
        is_done = self._changes.wait(deadline_ns) and is_done
        is_done = self._tasks.wait(deadline_ns) and is_done
        return self._threads.wait(deadline_ns) and is_done

    # What the user wants

    def change_source(self, text: str) -> None:
        """Run on another source; a recording is finalised first."""
        self.stop()
        self.change(self._settings.changed(source=text))
        self.start()

    def change(self, settings: Settings) -> None:
        """Put `settings` in force, live. Another source or camera mode counts from the next start on."""
        before, self._settings = self._settings, settings
        if settings == before:
            return
        self._recorder.note_change(before, settings)
        if self._run is not None:
            self._run.capture.rotation = settings.rotate
            if tracker_options(settings) != tracker_options(before):
                self._changes.request(tracker_options(settings))
        self._update_view(self._view.size)
        self.settings_changed.emit(settings)

    def set_view(self, size: Size | None) -> None:
        """Render at `size` device pixels from now on; None while nobody can see the picture."""
        if self._view.size is None:
            self._flow.pictures.drop_all()  # of before the window was hidden, however long ago
        self._update_view(size)

    def start_recording(self, kind: RecordingKind) -> None:
        """Record what is tracked from now on."""
        run = self._run
        if run is None or run.info is None:
            error = RecordingError("Nothing can be recorded yet", "Start a source first")
            self.problem_raised.emit(error, False)
            return
        header = partial(
            build_header, self._settings, run.info, self._options.models_dir, is_mirrored=self.is_mirrored
        )
        folder = self._options.sessions_dir
        self._recorder.start(kind, lambda size: SessionWriter.create(folder, header(size), kind))

    def stop_recording(self) -> None:
        """Finalise the recording; `session_saved` follows."""
        self._recorder.stop()

    # The picture and the report

    def take_picture(self) -> Picture | None:
        """The newest picture nobody took yet, to be painted now; None where there is none."""
        return self._display.take_picture()

    def picture_painted(self, picture: Picture) -> None:
        """Count `picture` as displayed; call at the end of the paintEvent that first shows it."""
        self._display.picture_painted(picture)

    def save_snapshot(self, path: Path) -> Job | None:
        """Begin to save the picture shown now, unmirrored and in full size; None where there is none."""
        posed = None if self._run is None else self._run.render.newest
        return None if posed is None else self._tasks.save_snapshot(posed, path)

    def export(self, session: Path, out: Path, format_name: str) -> Job:
        """Begin to export a session, replacing `out`."""
        return self._tasks.export(session, out, format_name)

    def find_cameras(self) -> Job:
        """Begin to look for cameras; the job gives a tuple of `capture.devices.Camera`."""
        return self._tasks.find_cameras()

    def list_sessions(self) -> Job:
        """Begin to list the sessions, newest first; the job gives a tuple of `SessionInfo`."""
        return self._tasks.list_sessions(self._options.sessions_dir)

    def report(self, ended_by: str, error: str | None) -> dict[str, Any]:
        """The report of all that ran so far, as JSON's own types."""
        figures = self._sampler.figures(self._recorder.last_session)
        return build_report(self._settings, ended_by, error, self._flow.snapshot(), self._metrics, figures)

    # Inside

    def _set_state(self, state: EngineState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _begin(self) -> None:
        try:
            source = self._chosen_source()
        except DesktopPoseError as error:
            self._fail(error)
            return
        token = self._token = object()
        options = self._options
        self._update_view(self._view.size)
        self._flow.drop_waiting()
        first_tracker = tracker_options(self._settings)
        plan = RunPlan(
            source=source,
            policy=CapturePolicy(self._is_source_live, options.does_loop, options.does_retry_first_open),
            rotation=self._settings.rotate,
            open_tracker=lambda: self._trackers.open(first_tracker),
            view=self._view,
            is_recording=self._recorder.is_taking_frames,
        )
        events = RunEvents(
            CaptureEvents(
                opened=lambda info: self._opened.emit(token, info),
                interrupted=lambda error: self._interrupted.emit(token, error),
                damaged=lambda error: self.problem_raised.emit(error, False),
                ended=lambda: self._source_ended.emit(token),
            ),
            tracker_changed=self.tracker_changed.emit,
            picture_ready=self.picture_ready.emit,
        )
        self._run = Run(plan, self._flow, self._metrics, events, self)
        for thread in self._run.threads:
            thread.started_as.connect(self._sampler.processor.name_thread, Qt.ConnectionType.DirectConnection)
            thread.failed.connect(self._on_thread_failed)
            thread.crashed.connect(self._on_crashed)
        self._threads.add(self._run.threads)
        self._run.start()
        self._sampler.start()

    def _chosen_source(self) -> FrameSource:
        text = self._settings.source
        if text is None:
            raise SourceError("No source is chosen", "Choose a camera, a video, a stream or the demo")
        kind = kind_of(text)
        self._is_source_live = kind is not None and kind.is_live
        return self._make_source(text, size=self._settings.size, fps=self._settings.fps)

    def _open_next_tracker(self, options: TrackerOptions) -> ReadyTracker:
        run = self._run  # read once: this is the thread of a job
        will_adopt = run is not None and run.inference.is_following
        return self._trackers.open(options, will_adopt=will_adopt)

    def _update_view(self, size: Size | None) -> None:
        self._view = View(size, self.is_mirrored)
        if self._run is not None:
            self._run.render.view = self._view

    def _fail(self, error: DesktopPoseError) -> None:
        self.stop()
        self.problem_raised.emit(error, True)
        self.ended.emit("error")

    @Slot(object, object)
    def _on_opened(self, token: object, info: SourceInfo) -> None:
        if token is self._token and self._run is not None:
            self._run.info = info
            self.problem_cleared.emit()
            self.source_opened.emit(info)
            self._set_state(EngineState.RUNNING)

    @Slot(object, object)
    def _on_interrupted(self, token: object, error: DesktopPoseError) -> None:
        if token is self._token and self._run is not None:
            self._set_state(EngineState.RECONNECTING)
            self.problem_raised.emit(error, False)

    @Slot(object)
    def _on_source_ended(self, token: object) -> None:
        if token is self._token and self._run is not None:
            self._draining.start()

    @Slot()
    def _on_drained(self) -> None:
        self.stop()
        self.ended.emit("source_end")

    @Slot(object)
    def _on_thread_failed(self, error: DesktopPoseError) -> None:
        if self._run is not None and self.sender() in self._run.threads:
            self._fail(error)

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        self.stop()
        self.crashed.emit(message)

    @Slot()
    def _on_threads_ended(self) -> None:
        if self._is_start_wanted:
            self._is_start_wanted = False
            self._begin()

    @Slot(object)
    def _on_tracker_ready(self, ready: ReadyTracker) -> None:
        if self._run is None:
            ready.tracker.close()
        else:
            self._run.inference.replace_tracker(ready)

    @Slot(object, object)
    def _on_tracker_refused(self, options: TrackerOptions, error: DesktopPoseError) -> None:
        in_use = None if self._run is None else self._run.inference.options
        if in_use is not None and tracker_options(self._settings) == options:
            self._settings = with_tracker_options(self._settings, in_use)
            self.settings_changed.emit(self._settings)
        self.problem_raised.emit(error, False)

    @Slot(object)
    def _on_recording_failed(self, error: DesktopPoseError) -> None:
        self.problem_raised.emit(error, False)
