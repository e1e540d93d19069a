"""What is measured of a run besides the frame counters: rates, latencies, durations of stages, people."""

import threading
from collections.abc import Mapping

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.poses import FramePoses
from desktop_pose.engine.meters import DurationMeter, RateMeter
from desktop_pose.engine.resources.frame_timeline import FrameTimeline

STAGES = ("capture", "crop", "detector", "landmarks", "decode", "mask", "render", "paint", "record")

WARM_UP_NS = 2 * NS_PER_S
"""Time after the first displayed frame that counts neither for latency nor for CPU."""


class Metrics:
    """Meters by name; each is written by the one thread that does the thing.

    Attributes:
        first_displayed_ns: When the first picture was painted; None before.
        timeline: Keeps the times of single frames, while somebody looks at them; else None.
    """

    def __init__(self) -> None:
        self.capture_rate = RateMeter()
        self.inference_rate = RateMeter()
        self.model_rate = RateMeter()
        self.display_rate = RateMeter()
        self.latency = DurationMeter()
        self.pose_age = DurationMeter()
        self.stages = {name: DurationMeter() for name in STAGES}
        self.first_displayed_ns: int | None = None
        self.timeline: FrameTimeline | None = None
        self._lock = threading.Lock()
        self._detector_runs: int | None = None
        self._frames_with_person = 0
        self._max_people = 0
        self._people_now = 0
        self._locked_id: int | None = None

    def is_warm(self, now_ns: int) -> bool:
        """Whether latencies and CPU count already."""
        first_ns = self.first_displayed_ns
        return first_ns is not None and now_ns >= first_ns + WARM_UP_NS

    def add_stage(self, name: str, duration_ns: int, capture_ns: int | None = None) -> None:
        """Take in how long `name`, which ends now, took for the frame captured at `capture_ns`."""
        now_ns = monotonic_ns()
        self.stages[name].add(duration_ns, now_ns, is_counted=self.is_warm(now_ns))
        self._note_span(capture_ns, name, now_ns - duration_ns, now_ns)

    def add_stages(self, durations_ns: Mapping[str, int], capture_ns: int | None = None) -> None:
        """Take in the laps of one frame, one after the other, the last of which ends now."""
        now_ns = monotonic_ns()
        for name, duration_ns in durations_ns.items():
            self.stages[name].add(duration_ns, now_ns, is_counted=self.is_warm(now_ns))
        self._note_spans(durations_ns, capture_ns, now_ns)

    def add_begun(self, durations_ns: Mapping[str, int], capture_ns: int) -> int:
        """Take in the laps of what is rendered of a frame ahead of its poses; their sum, for `add_render`."""
        return self._note_spans(durations_ns, capture_ns, monotonic_ns())

    def add_render(self, durations_ns: Mapping[str, int], capture_ns: int, begun_ns: int = 0) -> None:
        """Take in the laps of one frame's rendering, which is one stage; `begun_ns` were spent ahead."""
        now_ns = monotonic_ns()
        duration_ns = begun_ns + self._note_spans(durations_ns, capture_ns, now_ns)
        self.stages["render"].add(duration_ns, now_ns, is_counted=self.is_warm(now_ns))

    def _note_spans(self, durations_ns: Mapping[str, int], capture_ns: int | None, end_ns: int) -> int:
        """Note laps, one after the other, the last of which ended at `end_ns`; their sum."""
        total_ns = sum(durations_ns.values())
        start_ns = end_ns - total_ns
        for name, duration_ns in durations_ns.items():
            self._note_span(capture_ns, name, start_ns, start_ns + duration_ns)
            start_ns += duration_ns
        return total_ns

    def _note_span(self, capture_ns: int | None, name: str, start_ns: int, end_ns: int) -> None:
        timeline = self.timeline
        if timeline is not None and capture_ns is not None:
            timeline.note(capture_ns, name, start_ns, end_ns)

    def add_poses(self, poses: FramePoses) -> None:
        """Take in who was found in one frame."""
        now_ns = monotonic_ns()
        self.inference_rate.tick(now_ns)
        if not poses.reused:
            self.model_rate.tick(now_ns)
        elif poses.people:
            self.pose_age.add(poses.age_ns, now_ns)
        with self._lock:
            if poses.detector_ran is not None:
                self._detector_runs = (self._detector_runs or 0) + poses.detector_ran
            self._frames_with_person += bool(poses.people)
            self._people_now = len(poses.people)
            self._max_people = max(self._max_people, self._people_now)
            self._locked_id = poses.locked_id

    def add_displayed(self, capture_ns: int) -> None:
        """Take in that the frame captured at `capture_ns` is on screen now."""
        now_ns = monotonic_ns()
        if self.first_displayed_ns is None:
            self.first_displayed_ns = now_ns
        self.display_rate.tick(now_ns)
        self.latency.add(now_ns - capture_ns, now_ns, is_counted=self.is_warm(now_ns))

    @property
    def detector_runs(self) -> int | None:
        """Frames on which the detector ran; None if the backend said so of none."""
        return self._detector_runs

    @property
    def frames_with_person(self) -> int:
        """Frames in which somebody was found."""
        return self._frames_with_person

    @property
    def max_people(self) -> int:
        """Most people found in one frame."""
        return self._max_people

    @property
    def people_now(self) -> int:
        """People in the newest frame."""
        return self._people_now

    @property
    def locked_id(self) -> int | None:
        """The person whom the tracker is locked on; None where it is not."""
        return self._locked_id
