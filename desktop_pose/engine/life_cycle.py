"""Starts and stops runs, one after the other, and knows what the engine is doing.

A stop is at once as far as the user is concerned; the threads of that run end when their drivers let them,
and the next run waits for them. Lives on the GUI thread; blocks it in `wait` only.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop_pose.capture.opening import kind_of
from desktop_pose.capture.protocol import FrameSource
from desktop_pose.core.errors import DesktopPoseError, SourceError
from desktop_pose.core.frames import Size, SourceInfo
from desktop_pose.core.memory import give_back_free_memory
from desktop_pose.core.settings import Settings
from desktop_pose.engine.draining import Draining
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.governor.knobs import Knobs
from desktop_pose.engine.joining import RunningThreads
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.options import EngineOptions, tracker_options
from desktop_pose.engine.processor import ProcessorMeter
from desktop_pose.engine.run import Run, RunEvents, RunPlan
from desktop_pose.engine.stages.capture import CaptureEvents, CapturePolicy
from desktop_pose.engine.stages.render import View
from desktop_pose.engine.state import EngineState
from desktop_pose.engine.tracker_factory import TrackerFactory


class LifeCycle(QObject):
    """The runs.

    **Signals**: those of `Controller` by the same name, and
        started(): A run has begun.
        stopping(): The run is about to stop, for whatever reason; nothing of it has been stopped yet.

    Args:
        settings: Gives the settings in force; a run begins with those of that moment.
        options: Of the engine.
        flow: The mailboxes of every run.
        metrics: Told by the stages what they do.
        processor: Told which thread is which.
        trackers: Opens the first tracker of a run.
        make_source: `capture.opening.create_source`, or what stands in for it.
        is_recording: Whether posed frames go to the recorder; called on the inference thread.
        knobs: What the governor turns.
        parent: Owns this.
    """

    started = Signal()
    stopping = Signal()
    state_changed = Signal(object)
    source_opened = Signal(object)
    picture_ready = Signal()
    problem_raised = Signal(object, bool)
    problem_cleared = Signal()
    crashed = Signal(str)
    tracker_changed = Signal(object)
    ended = Signal(str)

    _opened = Signal(object, object)
    _interrupted = Signal(object, object)
    _source_ended = Signal(object)

    def __init__(
        self,
        settings: Callable[[], Settings],
        options: EngineOptions,
        flow: FrameFlow,
        metrics: Metrics,
        processor: ProcessorMeter,
        trackers: TrackerFactory,
        make_source: Callable[..., FrameSource],
        is_recording: Callable[[], bool],
        knobs: Knobs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._options = options
        self._flow = flow
        self._metrics = metrics
        self._processor = processor
        self._trackers = trackers
        self._make_source = make_source
        self._is_recording = is_recording
        self._knobs = knobs
        self._state = EngineState.STOPPED
        self._view = View()
        self._is_source_live = False
        self._run: Run | None = None
        self._token: object = None
        self._is_start_wanted = False
        self._was_source_open = False
        self._threads = RunningThreads(self)
        self._draining = Draining(flow, self)
        self._opened.connect(self._on_opened)
        self._interrupted.connect(self._on_interrupted)
        self._source_ended.connect(self._on_source_ended)
        self._threads.all_ended.connect(self._on_threads_ended)
        self._draining.drained.connect(self._on_drained)

    @property
    def state(self) -> EngineState:
        """What the engine is doing."""
        return self._state

    @property
    def run(self) -> Run | None:
        """The run that is going on; None while stopped, or waiting for the threads of a former one."""
        return self._run

    @property
    def is_mirrored(self) -> bool:
        """Whether the view is a mirror: as set, else for live sources."""
        chosen = self._settings().mirror
        return self._is_source_live if chosen is None else chosen

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
        self.stopping.emit()
        if self._run is not None:
            self._run.stop()
            self._run = None
        self._set_state(EngineState.STOPPED)

    def wait(self, deadline_ns: int) -> bool:
        """Whether all threads have ended, waiting until `deadline_ns`."""
        return self._threads.wait(deadline_ns)

    @Slot(str)
    def crash(self, message: str) -> None:
        """Stop because of a bug."""
        self.stop()
        self.crashed.emit(message)

    def set_view(self, size: Size | None) -> None:
        """Render at `size` device pixels from now on; None while nobody can see the picture."""
        if self._view.size is None:
            self._flow.pictures.drop_all()  # of before the window was hidden, however long ago
        self._update_view(size)

    def settings_have_changed(self) -> None:
        """Put in force what a run takes up live: rotation, mirror and background."""
        if self._run is not None:
            self._run.capture.rotation = self._settings().rotate
        self._update_view(self._view.size)

    def _update_view(self, size: Size | None) -> None:
        settings = self._settings()
        background = settings.background if settings.mask else None
        self._view = View(size, self.is_mirrored, background, shows_ids=settings.people > 1)
        if self._run is not None:
            self._run.render.view = self._view

    def _set_state(self, state: EngineState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _fail(self, error: DesktopPoseError) -> None:
        self.stop()
        self.problem_raised.emit(error, True)
        self.ended.emit("error")

    def _begin(self) -> None:
        try:
            source = self._chosen_source()
        except DesktopPoseError as error:
            self._fail(error)
            return
        self._update_view(self._view.size)
        self._flow.drop_waiting()
        self._run = Run(self._plan(source), self._flow, self._metrics, self._events(), self)
        for thread in self._run.threads:
            thread.started_as.connect(self._processor.name_thread, Qt.ConnectionType.DirectConnection)
            thread.failed.connect(self._on_thread_failed)
            thread.crashed.connect(self.crash)
        self._threads.add(self._run.threads)
        self._run.start()
        self.started.emit()

    def _chosen_source(self) -> FrameSource:
        settings = self._settings()
        if settings.source is None:
            raise SourceError("No source is chosen", "Choose a camera, a video, a stream or the demo")
        kind = kind_of(settings.source)
        self._is_source_live = kind is not None and kind.is_live
        return self._make_source(settings.source, size=settings.size, fps=settings.fps)

    def _plan(self, source: FrameSource) -> RunPlan:
        options, settings = self._options, self._settings()
        return RunPlan(
            source=source,
            policy=CapturePolicy(self._is_source_live, options.does_loop, options.does_retry_first_open),
            rotation=settings.rotate,
            open_tracker=lambda: self._trackers.open(tracker_options(settings), pace=self._knobs.inference),
            view=self._view,
            is_recording=self._is_recording,
            knobs=self._knobs,
            awaits_recorder=settings.record is not None and not self._was_source_open,
        )

    def _events(self) -> RunEvents:
        """What the stages tell; what changes the state has its run's token: a former one is not heard."""
        token = self._token = object()
        return RunEvents(
            CaptureEvents(
                opened=lambda info: self._opened.emit(token, info),
                interrupted=lambda error: self._interrupted.emit(token, error),
                damaged=lambda error: self.problem_raised.emit(error, False),
                ended=lambda: self._source_ended.emit(token),
            ),
            tracker_changed=self.tracker_changed.emit,
            picture_ready=self.picture_ready.emit,
        )

    @Slot(object, object)
    def _on_opened(self, token: object, info: SourceInfo) -> None:
        run = self._run
        if token is self._token and run is not None:
            run.info = info
            self._was_source_open = True
            self.problem_cleared.emit()
            self.source_opened.emit(info)  # a recording from the start begins now, or never
            run.let_frames_through()
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

    @Slot()
    def _on_threads_ended(self) -> None:
        self._flow.drop_waiting()
        give_back_free_memory()  # of frames: the next threads may keep something else in its place
        if self._is_start_wanted:
            self._is_start_wanted = False
            self._begin()
