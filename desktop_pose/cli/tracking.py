"""Goes through video files with a tracker: every frame, in order, by the time the file gives it.

Reads the clock only to say what the work has cost.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from desktop_pose import __version__
from desktop_pose.capture.protocol import BadFrameError, FrameSource
from desktop_pose.capture.rotation import rotated, rotated_size
from desktop_pose.cli.outputs import Output, make_ready
from desktop_pose.cli.progress import progress_bar
from desktop_pose.cli.videos import open_video
from desktop_pose.core import places
from desktop_pose.core.clock import NS_PER_S, StepTimes, monotonic_ns
from desktop_pose.core.frames import SourceInfo
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Settings
from desktop_pose.engine.flow import FlowSnapshot
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.options import tracker_options
from desktop_pose.engine.processor import ProcessorMeter, share_between
from desktop_pose.engine.report import RunFigures, build_report
from desktop_pose.pose.manifest import entry_of
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import PoseTracker
from desktop_pose.recording import exporters
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses
from desktop_pose.recording.session import Json


class Tracking:
    """Tracks one file after the other and keeps the books for the report.

    Args:
        settings: What to track with.
        raw: Write landmarks before smoothing.
        overwrite: Replace outputs that exist.
    """

    def __init__(self, settings: Settings, *, raw: bool, overwrite: bool) -> None:
        self._settings = settings
        self._raw = raw
        self._overwrite = overwrite
        self._models_dir = resources_dir() / "models"
        self._metrics = Metrics()
        self._processor = ProcessorMeter()
        self._first = self._processor.read()
        self._startup_cpu_s: float | None = None
        self._captured = self._bad = self._inferred = self._reused = 0

    def run(self, output: Output) -> None:
        """Track the file of `output` and write its landmarks.

        Raises:
            SourceError: The file cannot be read, or not to its end; what can be read is written all the same.
            ModelError: The tracker cannot be opened.
            ExportError: The output cannot be written.
        """
        make_ready(output, overwrite=self._overwrite)
        with open_video(output.source, ahead=True) as source:
            info = source.info
            with closing(self._open_tracker()) as tracker:
                recorded = TrackedPoses(
                    rotated_size(info.size, self._settings.rotate),
                    self._frames(source, tracker),
                    self._header(info),
                    info.frame_count,
                )
                try:
                    with progress_bar(output.source, info.frame_count) as progress:
                        exporters.export(
                            recorded, output.path, output.format, raw=self._raw, overwrite=self._overwrite,
                            progress=progress,
                        )  # fmt: skip
                finally:
                    self._processor.read()  # what its threads used is not known when they have ended
            if source.damage is not None:
                raise source.damage

    def report(self, ended_by: str, error: str | None) -> dict[str, Any]:
        """What all files so far have cost, as JSON's own types."""
        last = self._processor.read()
        figures = RunFigures(
            duration_s=(last.at_ns - self._first.at_ns) / NS_PER_S,
            startup_cpu_s=self._startup_cpu_s,
            cpu=share_between(self._first, last),
            rss_mb=self._processor.resident_mb(),
            rss_peak_mb=self._processor.peak_resident_mb(),
            session=None,
        )
        return build_report(self._settings, ended_by, error, self._flow(), self._metrics, figures)

    def _open_tracker(self) -> PoseTracker:
        before = self._processor.thread_ids()
        tracker = open_tracker(tracker_options(self._settings), self._models_dir, places.cache_dir())
        self._processor.name_new_threads(before, "inference_workers")
        if self._startup_cpu_s is None:
            self._startup_cpu_s = self._processor.read().process_s
        return tracker

    def _frames(self, source: FrameSource, tracker: PoseTracker) -> Iterator[RecordedFrame]:
        """All frames of the open `source`, tracked; one that cannot be decoded is counted and passed over."""
        index, lost, tracker_ns = -1, 0, -1
        while self._grab(source):
            index += 1
            time_ns = source.media_ns or 0
            started_ns = monotonic_ns()
            try:
                image = rotated(source.retrieve(), self._settings.rotate)
            except BadFrameError:
                self._bad += 1
                lost += 1
                continue
            self._add_stage("capture", monotonic_ns() - started_ns)
            # Files may give two frames one time; the tracker's filters need time to pass.
            tracker_ns = max(time_ns, tracker_ns + 1)
            times = StepTimes()
            poses = tracker.track(image, tracker_ns, times)
            for step, duration_ns in times.ns.items():
                self._add_stage(step, duration_ns)
            self._metrics.add_poses(poses)
            self._inferred += not poses.reused
            self._reused += poses.reused
            yield RecordedFrame(index, time_ns, poses.reused, lost, poses.people)
            lost = 0

    def _grab(self, source: FrameSource) -> bool:
        if not source.grab():
            return False
        self._captured += 1
        self._metrics.capture_rate.tick(monotonic_ns())
        return True

    def _add_stage(self, name: str, duration_ns: int) -> None:
        self._metrics.stages[name].add(duration_ns, monotonic_ns())

    def _flow(self) -> FlowSnapshot:
        """The counters; a frame that was taken when the work was cut off counts as dropped."""
        tracked = self._inferred + self._reused
        return FlowSnapshot(
            captured=self._captured,
            bad=self._bad,
            inferred=self._inferred,
            reused=self._reused,
            displayed=0,
            not_shown=tracked,
            sent_to_recorder=0,
            recorded=0,
            dropped_inference=self._captured - self._bad - tracked,
            dropped_render=0,
            dropped_display=0,
            dropped_recorder=0,
            in_flight_inference=0,
            in_flight_display=0,
            in_flight_recorder=0,
        )

    def _header(self, info: SourceInfo) -> dict[str, Json]:
        """What the output says of itself: nothing that differs between two runs."""
        settings = self._settings
        size = rotated_size(info.size, settings.rotate)
        return {
            "program_version": __version__,
            "backend": settings.backend.value,
            "model": settings.model.value,
            "model_sha256": entry_of(self._models_dir, settings.model.value).sha256,
            "source": info.name,
            "source_kind": info.kind.value,
            "width_px": size.width_px,
            "height_px": size.height_px,
            "rotation_deg": int(settings.rotate.value),
            "mirrored": False,
        }
