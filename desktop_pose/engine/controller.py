"""Starts and stops the threads, passes on what the user wants of them, and tells what becomes of it.

The one object the window and the command line talk to. Lives on the GUI thread; nothing here blocks it but
`shut_down`.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal, Slot

from desktop_pose.capture.opening import create_source
from desktop_pose.capture.protocol import FrameSource
from desktop_pose.core.clock import monotonic_ns
from desktop_pose.core.errors import BusyError, DesktopPoseError, SourceError
from desktop_pose.core.frames import Size, SourceInfo
from desktop_pose.core.settings import PoseModel, RecordingKind, Settings
from desktop_pose.engine.display import Display
from desktop_pose.engine.flow import FrameFlow, Picture
from desktop_pose.engine.governor.governor import Governor
from desktop_pose.engine.jobs import Job
from desktop_pose.engine.library import Library
from desktop_pose.engine.life_cycle import LifeCycle
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.options import QUIT_NS, EngineOptions, tracker_options, with_tracker_options
from desktop_pose.engine.playback import Playback
from desktop_pose.engine.recorder import Recorder
from desktop_pose.engine.report import build_report
from desktop_pose.engine.resources.reading import ResourceWatch
from desktop_pose.engine.sampler import Sampler
from desktop_pose.engine.session_making import make_session
from desktop_pose.engine.stages.inference import ReadyTracker
from desktop_pose.engine.stages.render import View
from desktop_pose.engine.state import EngineState, RecordingStatus
from desktop_pose.engine.statistics import Statistics
from desktop_pose.engine.tasks import Tasks
from desktop_pose.engine.tracker_changes import TrackerChanges
from desktop_pose.engine.tracker_factory import TrackerFactory
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions

if TYPE_CHECKING:
    from desktop_pose.engine.exports import SessionExport
    from desktop_pose.recording.exporters import ExportOptions


class Controller(QObject):
    """The engine.

    **Signals**, all to be received on the GUI thread:
        state_changed(EngineState): What the engine is doing.
        settings_changed(Settings): The settings now in force.
        source_opened(SourceInfo): What the source truly delivers.
        picture_ready(): A picture waits for `take_picture`.
        first_displayed(): The first picture is on screen.
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
    first_displayed = Signal()
    problem_raised = Signal(object, bool)
    problem_cleared = Signal()
    crashed = Signal(str)
    tracker_changed = Signal(object)
    statistics_changed = Signal(object)
    recording_changed = Signal(object)
    session_saved = Signal(str)
    ended = Signal(str)

    def __init__(
        self,
        settings: Settings,
        options: EngineOptions,
        *,
        make_source: Callable[..., FrameSource] = create_source,
        make_tracker: Callable[..., PoseTracker] = open_tracker,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._options = options
        self._kind_due: RecordingKind | None = None  # to be recorded once the chosen model is back
        self._flow = FrameFlow()
        self._metrics = Metrics()
        self._governor = Governor(settings, self._metrics, self._use_model)
        self._sampler = Sampler(self._flow, self._metrics, self._governor.govern, self)
        processor = self._sampler.processor
        self._trackers = TrackerFactory(make_tracker, options, processor)
        self._display = Display(self._flow, self._metrics, self.first_displayed.emit)
        self._recorder = Recorder(self._flow, self._metrics, processor.name_thread, self)
        self._tasks = Tasks(self)
        self._library = Library(options.sessions_dir, options.cache_dir, self)
        self._playback = Playback(self)
        self._changes = TrackerChanges(self._open_next_tracker, self)
        self.resources = ResourceWatch(self._sampler, self._metrics)
        self._life = LifeCycle(
            lambda: self._settings,
            options,
            self._flow,
            self._metrics,
            processor,
            self._trackers,
            make_source,
            self._recorder.is_taking_frames,
            self._governor.knobs,
            self,
        )
        self._connect()

    def _connect(self) -> None:
        life = self._life
        for mine, of_life in (
            (self.state_changed, life.state_changed),
            (self.source_opened, life.source_opened),
            (self.picture_ready, life.picture_ready),
            (self.problem_raised, life.problem_raised),
            (self.problem_cleared, life.problem_cleared),
            (self.crashed, life.crashed),
            (self.tracker_changed, life.tracker_changed),
            (self.ended, life.ended),
        ):
            of_life.connect(mine)
        self._playback.picture_ready.connect(self.picture_ready)
        self.first_displayed.connect(self._sampler.note_first_display)
        life.started.connect(self._governor.begin_run)
        life.started.connect(self._sampler.start)
        self.tracker_changed.connect(self._on_tracker_changed)
        life.stopping.connect(self._on_stopping)
        self._sampler.sampled.connect(self._recorder.note_statistics)
        self._sampler.sampled.connect(self.statistics_changed)
        self._recorder.changed.connect(self._on_recording_changed)
        self._recorder.changed.connect(self.recording_changed)
        self._recorder.saved.connect(self.session_saved)
        self._recorder.failed.connect(self._on_recording_failed)
        self._recorder.noticed.connect(self._on_recording_failed)
        self._recorder.crashed.connect(life.crash)
        self._changes.ready.connect(self._on_tracker_ready)
        self._changes.refused.connect(self._on_tracker_refused)
        self._changes.crashed.connect(life.crash)

    # What is going on

    @property
    def state(self) -> EngineState:
        """What the engine is doing."""
        return self._life.state

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    @property
    def source_info(self) -> SourceInfo | None:
        """What the open source delivers; None while none is open."""
        run = self._life.run
        return None if run is None else run.info

    @property
    def is_mirrored(self) -> bool:
        """Whether the view is a mirror: as set, else for live sources."""
        return self._life.is_mirrored

    @property
    def recorder(self) -> Recorder:
        """The recordings."""
        return self._recorder

    @property
    def library(self) -> Library:
        """The recorded sessions."""
        return self._library

    @property
    def playback(self) -> Playback:
        """The session that is played; opened by `play`."""
        return self._playback

    def statistics(self) -> Statistics:
        """The figures read last."""
        return self._sampler.newest or self._sampler.sample_now()

    # Start and stop

    def start(self) -> None:
        """Run on the source of the settings, not on a playback; what a former run holds is waited for."""
        self._playback.close()
        self._life.start()

    def stop(self) -> None:
        """Stop at once, as far as the user is concerned; the threads end when their drivers let them."""
        self._life.stop()

    def shut_down(self) -> bool:
        """Finalise the recording and end all threads; False if one still runs after 3 s.

        In that case the process has to end without destroying it (`os._exit`).
        """
        deadline_ns = monotonic_ns() + QUIT_NS
        self.stop()
        self._playback.close()
        is_done = self._recorder.wait(deadline_ns)
        # How the recording ended has to be told now: its signals wait for a loop that may not turn again.
        QCoreApplication.sendPostedEvents(self._recorder, QEvent.Type.MetaCall.value)
        is_done = self._changes.wait(deadline_ns) and is_done
        is_done = self._tasks.wait(deadline_ns) and is_done
        is_done = self._library.wait(deadline_ns) and is_done
        is_done = self._playback.wait(deadline_ns) and is_done
        return self._life.wait(deadline_ns) and is_done

    # What the user wants

    def change_source(self, text: str) -> None:
        """Run on another source; a recording is finalised first."""
        self.stop()
        self.change(self._settings.changed(source=text))
        self.start()

    def play(self, session: Path) -> None:
        """Show a recorded session in place of the source, from its beginning; not while one is recorded."""
        if self._recorder.status.is_recording:
            busy = BusyError("No session is played while one is being recorded", "End the recording first")
            self.problem_raised.emit(busy, False)
            return
        self.stop()
        self._playback.open(session)

    def change(self, settings: Settings) -> None:
        """Put `settings` in force, live. Another source or camera mode counts from the next start on."""
        before, in_use = self._settings, self._in_use()
        if settings == before:
            return
        self._settings = settings
        self._governor.change(settings)
        self._recorder.note_change(before, settings)
        if self._life.run is not None and tracker_options(self._in_use()) != tracker_options(in_use):
            self._changes.request(tracker_options(self._in_use()))
        self._life.settings_have_changed()
        self.settings_changed.emit(settings)

    def set_view(self, size: Size | None) -> None:
        """Render at `size` device pixels from now on; None while nobody can see the picture."""
        self._governor.set_visible(size is not None)
        self._life.set_view(size)
        self._playback.set_view(size)

    def lock_on(self, person_id: int | None) -> None:
        """Follow this person and nobody else from now on; None: everybody again."""
        if self._life.run is not None:
            self._life.run.inference.lock_on(person_id)

    def start_recording(self, kind: RecordingKind) -> None:
        """Record what is tracked from now on."""
        run = self._life.run
        if self._playback.is_open:
            busy = BusyError("A session is being played", "Go back to the live picture to record")
            self.problem_raised.emit(busy, False)
            return
        if run is None or run.info is None:
            missing = SourceError("Nothing can be recorded yet", "Start a source first")
            self.problem_raised.emit(missing, False)
            return
        stand_in = self._governor.stand_in
        self._governor.set_recording(True)
        self._kind_due = kind
        if self._governor.stand_in is stand_in:  # else the chosen model has to be put back first
            self._record_what_is_due()

    def stop_recording(self) -> None:
        """Finalise the recording; `session_saved` follows."""
        self._kind_due = None
        self._recorder.stop()
        self._governor.set_recording(False)

    # The picture and the report

    def take_picture(self) -> Picture | None:
        """The newest picture nobody took yet, to be painted now; None where there is none."""
        return self._playback.take_picture() if self._playback.is_open else self._display.take_picture()

    def picture_painted(self, picture: Picture) -> None:
        """Count `picture` as displayed; call at the end of the paintEvent that first shows it."""
        self._display.picture_painted(picture)

    def save_snapshot(self, path: Path) -> Job | None:
        """Begin to save the picture shown now, unmirrored and in full size; None where there is none."""
        run = self._life.run
        if self._playback.is_open:
            posed, view = self._playback.newest, View()
        else:
            posed, view = (None, View()) if run is None else (run.render.newest, run.render.view)
        return None if posed is None else self._tasks.save_snapshot(posed, path, view)

    def export(self, wanted: "tuple[SessionExport, ...]", format_name: str, options: "ExportOptions") -> Job:
        """Begin to export sessions, replacing what is there; the job gives an `ExportOutcome`."""
        return self._tasks.export(wanted, format_name, options)

    def find_cameras(self) -> Job:
        """Begin to look for cameras; the job gives a tuple of `capture.camera_info.Camera`."""
        return self._tasks.find_cameras()

    def track_again(self, session: Path, settings: Settings) -> Job:
        """Begin to track a session's video again; the job gives the folder of a new session."""
        options = tracker_options(settings)
        return self._library.track_again(
            session, settings, self._options.models_dir, lambda: self._trackers.open(options).tracker
        )

    def report(self, ended_by: str, error: str | None) -> dict[str, Any]:
        """The report of all that ran so far, as JSON's own types."""
        figures = self._sampler.figures(self._recorder.last_session, self._governor.record)
        return build_report(self._settings, ended_by, error, self._flow.snapshot(), self._metrics, figures)

    # Inside

    def _open_next_tracker(self, options: TrackerOptions) -> ReadyTracker:
        run = self._life.run  # read once: this is the thread of a job
        will_adopt = run is not None and run.inference.is_following(options.people)
        return self._trackers.open(options, will_adopt=will_adopt, pace=self._governor.knobs.inference)

    def _in_use(self) -> Settings:
        """The settings in force, with the model that the budget has put in place of the chosen one."""
        model = self._governor.stand_in
        return self._settings if model is None else self._settings.changed(model=model)

    def _use_model(self, before: PoseModel | None) -> None:
        """Put what the budget wants in place of what it wanted before."""
        if self._life.run is not None:
            former = self._settings if before is None else self._settings.changed(model=before)
            self._recorder.note_change(former, self._in_use())
            self._changes.request(tracker_options(self._in_use()))

    def _record_what_is_due(self) -> None:
        run, kind, self._kind_due = self._life.run, self._kind_due, None
        if kind is None or run is None or run.info is None:
            return
        make = partial(make_session, self._options, self._in_use(), run.info, kind)
        self._recorder.start(kind, partial(make, is_mirrored=self.is_mirrored))

    @Slot(object)
    def _on_tracker_changed(self, options: TrackerOptions) -> None:
        self._governor.tracker_changed(options)
        if options == tracker_options(self._in_use()):
            self._record_what_is_due()

    @Slot(object)
    def _on_recording_changed(self, status: RecordingStatus) -> None:
        self._governor.set_recording(status.is_recording or self._kind_due is not None)

    @Slot()
    def _on_stopping(self) -> None:
        self._sampler.stop()  # while the recorder still has what the report says of it
        self._changes.forget()  # with what that last reading made the governor wish for
        self._recorder.stop()
        self._governor.end_run()
        self._kind_due = None

    @Slot(object)
    def _on_tracker_ready(self, ready: ReadyTracker) -> None:
        run = self._life.run
        if run is None:
            ready.tracker.close()
        else:
            run.inference.replace_tracker(ready)

    @Slot(object, object)
    def _on_tracker_refused(self, options: TrackerOptions, error: DesktopPoseError) -> None:
        run = self._life.run
        in_use = None if run is None else run.inference.options
        if self._governor.stand_in is not None and tracker_options(self._in_use()) == options:
            self._governor.model_refused()
        elif in_use is not None and tracker_options(self._settings) == options:
            self._settings = with_tracker_options(self._settings, in_use)
            self.settings_changed.emit(self._settings)
        self.problem_raised.emit(error, False)
        self._record_what_is_due()

    @Slot(object)
    def _on_recording_failed(self, error: DesktopPoseError) -> None:
        self.problem_raised.emit(error, False)
