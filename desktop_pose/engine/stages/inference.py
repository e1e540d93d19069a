"""Frames into poses: owns the tracker in use, and changes it for another between two frames."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from desktop_pose.core.clock import StepTimes
from desktop_pose.core.frames import Frame, Size
from desktop_pose.core.memory_steps import MemoryPart
from desktop_pose.core.poses import Person
from desktop_pose.core.settings import core_count
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.posed import PosedFrame
from desktop_pose.engine.resources.memory_warming import WarmingUp
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions


@dataclass(frozen=True, slots=True, eq=False)
class ReadyTracker:
    """A tracker that stands ready for use.

    Attributes:
        tracker: Built and warmed up, not used yet.
        options: What it was made for.
    """

    tracker: PoseTracker
    options: TrackerOptions


@dataclass(frozen=True, slots=True)
class LockWish:
    """Whom the user wants followed alone; None: everybody."""

    person_id: int | None


class InferenceStage:
    """Runs the tracker on every frame it gets.

    The first tracker is opened on this stage's thread; later ones are built elsewhere while the old one
    goes on, and handed over with `replace_tracker`: ownership moves once, before first use.

    Args:
        open_first: Opens the first tracker.
        flow: Where frames come from and poses go to.
        metrics: Told what it costs.
        tracker_changed: Told which tracker is in use from now on.
        is_recording: Whether posed frames go to the recorder.
        may_track: No frame is taken before this is set; whoever stops the stage sets it as well.

    Attributes:
        options: What the tracker in use was made for; None before there is one.
        is_ready: Set once the first tracker stands and may track.
    """

    name = "inference"

    def __init__(
        self,
        open_first: Callable[[], ReadyTracker],
        flow: FrameFlow,
        metrics: Metrics,
        tracker_changed: Callable[[TrackerOptions], None],
        is_recording: Callable[[], bool],
        may_track: threading.Event,
    ) -> None:
        self.options: TrackerOptions | None = None
        self.is_ready = threading.Event()
        self._open_first = open_first
        self._flow = flow
        self._metrics = metrics
        self._tracker_changed = tracker_changed
        self._is_recording = is_recording
        self._may_track = may_track
        self._lock = threading.Lock()
        self._next: ReadyTracker | None = None
        self._lock_wish: LockWish | None = None
        self._people: tuple[Person, ...] = ()
        self._locked: Person | None = None  # as seen last
        self._locked_id: int | None = None
        self._first_free_id = 0
        self._size: Size | None = None
        self._time_ns = -1

    def is_following(self, people: int) -> bool:
        """Whether as many as `people`, or the one locked on, were found last. Callable from any thread."""
        wanted = people if self._locked_id is None else 1
        return len(self._people) >= wanted

    def lock_on(self, person_id: int | None) -> None:
        """Follow this person alone from the next frame on; None: everybody. Callable from any thread."""
        with self._lock:
            self._lock_wish = LockWish(person_id)

    def replace_tracker(self, ready: ReadyTracker) -> None:
        """Use `ready` from the next frame on. Callable from any thread."""
        with self._lock:
            superseded, self._next = self._next, ready
        if superseded is not None:
            superseded.tracker.close()

    def run(self, stop: threading.Event) -> None:
        """Track frames until `stop`."""
        ready = self._open_first()
        tracker = self._put_in_use(ready)
        self._may_track.wait()
        self.is_ready.set()
        warming = WarmingUp(MemoryPart.MODELS)
        try:
            while (frame := self._flow.frames.take(stop)) is not None:
                tracker = self._newest_tracker(tracker)
                self._fulfil_lock_wish(tracker)
                if self._leaves_a_core():
                    self._flow.announce_poses(frame)
                # A frame begun before may have been skipped for the budget, as none of a recording is.
                was_recording = self._is_recording()
                try:
                    posed = self._track(tracker, frame)
                except BaseException:
                    self._flow.frame_lost_in_inference()
                    raise
                self._flow.send_poses(posed)
                if was_recording:
                    self._flow.send_record(posed, self._is_recording)
                warming.frame_done()
        finally:
            warming.end()
            tracker.close()
            with self._lock:
                unused, self._next = self._next, None
            if unused is not None:
                unused.tracker.close()

    def _newest_tracker(self, current: PoseTracker) -> PoseTracker:
        with self._lock:
            ready, self._next = self._next, None
        if ready is None:
            return current
        locked_id = self._locked_id if ready.options.people > 1 else None
        people = self._people
        if locked_id is not None and self._locked is not None and not people:
            people = (self._locked,)  # who is missing at this moment; the lock waits there
        ready.tracker.adopt(people, self._first_free_id, locked_id)
        current.close()
        return self._put_in_use(ready)

    def _fulfil_lock_wish(self, tracker: PoseTracker) -> None:
        with self._lock:
            wish, self._lock_wish = self._lock_wish, None
        if wish is not None:
            tracker.lock_on(wish.person_id)

    def _put_in_use(self, ready: ReadyTracker) -> PoseTracker:
        self.options = ready.options
        self._tracker_changed(ready.options)
        return ready.tracker

    def _leaves_a_core(self) -> bool:
        """Whether rendering can go on beside the model without taking its time."""
        return self.options is not None and self.options.threads < core_count()

    def _track(self, tracker: PoseTracker, frame: Frame) -> PosedFrame:
        if self._size is not None and frame.size != self._size:
            tracker.reset()
        self._size = frame.size
        times = StepTimes()
        # A file may give two frames one time; the tracker's filters need time to pass.
        self._time_ns = max(frame.time_ns, self._time_ns + 1)
        poses = tracker.track(frame.image, self._time_ns, times)
        self._metrics.add_stages(times.ns, frame.capture_ns)
        self._metrics.add_poses(poses)
        self._people, self._locked_id = poses.people, poses.locked_id
        if poses.locked_id is not None and poses.people:
            self._locked = poses.people[0]
        self._first_free_id = max([self._first_free_id, *(person.id + 1 for person in poses.people)])
        return PosedFrame(frame, poses)
