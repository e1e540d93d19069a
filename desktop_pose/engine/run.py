"""The threads of one run, from start to stop: made together, started together, stopped together."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from desktop_pose.capture.protocol import FrameSource
from desktop_pose.core.frames import SourceInfo
from desktop_pose.core.settings import Rotation
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.governor.knobs import Knobs
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.stages.capture import CaptureEvents, CapturePolicy, CaptureStage
from desktop_pose.engine.stages.inference import InferenceStage, ReadyTracker
from desktop_pose.engine.stages.render import RenderStage, View
from desktop_pose.engine.threads import StageThread
from desktop_pose.pose.protocol import TrackerOptions


@dataclass(frozen=True, slots=True)
class RunEvents:
    """What the stages of a run tell the controller, each from its own thread."""

    capture: CaptureEvents
    tracker_changed: Callable[[TrackerOptions], None]
    picture_ready: Callable[[], None]


@dataclass(frozen=True, slots=True, eq=False)
class RunPlan:
    """What a run is made of.

    Attributes:
        source: Not open yet.
        policy: How the source is read.
        rotation: How its pictures are turned.
        open_tracker: Opens the first tracker; called on the inference thread.
        view: How the window wants its pictures.
        is_recording: Whether posed frames go to the recorder; called on the inference thread.
        knobs: What the governor turns.
        awaits_recorder: Whether no frame is tracked before `Run.let_frames_through`.
    """

    source: FrameSource
    policy: CapturePolicy
    rotation: Rotation
    open_tracker: Callable[[], ReadyTracker]
    view: View
    is_recording: Callable[[], bool]
    knobs: Knobs
    awaits_recorder: bool = False


class Run:
    """Capture, inference and rendering, each on its thread, joined by the flow's mailboxes.

    Attributes:
        info: What the open source delivers; None before it is open.
    """

    def __init__(
        self, plan: RunPlan, flow: FrameFlow, metrics: Metrics, events: RunEvents, parent: QObject
    ) -> None:
        self.info: SourceInfo | None = None
        self._may_track = threading.Event()
        if not plan.awaits_recorder:
            self._may_track.set()
        self.inference = InferenceStage(
            plan.open_tracker, flow, metrics, events.tracker_changed, plan.is_recording, self._may_track
        )
        self.capture = CaptureStage(
            plan.source,
            plan.policy,
            flow,
            metrics,
            events.capture,
            plan.rotation,
            self.inference.is_ready,
            plan.knobs,
        )
        self.render = RenderStage(flow, metrics, events.picture_ready, plan.view, plan.knobs.display)
        self.threads = [StageThread(stage, parent) for stage in (self.capture, self.inference, self.render)]
        self._flow = flow

    def start(self) -> None:
        """Start the threads, the last of the chain first so that nothing waits for a reader."""
        for thread in reversed(self.threads):
            thread.start()

    def let_frames_through(self) -> None:
        """Let frames be tracked, if they had to wait for the recorder."""
        self._may_track.set()

    def stop(self) -> None:
        """Ask the threads to end; they do so by themselves."""
        for thread in self.threads:
            thread.stop_event.set()
        self._may_track.set()
        self._flow.wake()
