"""Goes through video files with a tracker: every frame, in order, by the time the file gives it.

Reads the clock only to say what the work has cost.
"""

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_pose import __version__
from desktop_pose.capture.protocol import FrameSource
from desktop_pose.capture.rotation import rotated_size
from desktop_pose.cli.ledger import Ledger, OutputState
from desktop_pose.cli.outputs import Output, make_ready
from desktop_pose.cli.prefetch import DecodedFrame, Prefetch
from desktop_pose.cli.progress import Bars
from desktop_pose.cli.videos import open_video
from desktop_pose.core import places
from desktop_pose.core.clock import NS_PER_S, StepTimes, monotonic_ns
from desktop_pose.core.errors import ExportError
from desktop_pose.core.frames import Image, SourceInfo
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Settings
from desktop_pose.core.topology import ANGLE_NAMES
from desktop_pose.engine import exports
from desktop_pose.engine.flow import FlowSnapshot
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.options import tracker_options
from desktop_pose.engine.processor import ProcessorMeter, share_between
from desktop_pose.engine.report import RunFigures, build_report
from desktop_pose.pose.kinematics import angles_of
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import PoseTracker
from desktop_pose.pose.user_model import identity_of
from desktop_pose.recording.exporters import ExportOptions
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses
from desktop_pose.recording.session import Json


class Tracking:
    """Tracks files, several at a time where it is asked to, and keeps the books for the report.

    Args:
        settings: What to track with.
        options: How to write what was tracked.
        bars: Where progress shows.
        ledger: Is told what is made of what.
        states: What was known of outputs before, as far as that counts.
        overwrite: Replace outputs that exist.
    """

    def __init__(
        self,
        settings: Settings,
        options: ExportOptions,
        bars: Bars,
        ledger: Ledger,
        states: Mapping[Output, OutputState],
        *,
        overwrite: bool,
    ) -> None:
        self._settings = settings
        self._options = options
        self._bars = bars
        self._ledger = ledger
        self._states = states
        self._overwrite = overwrite
        self._models_dir = resources_dir() / "models"
        self._metrics = Metrics()
        self._processor = ProcessorMeter()
        self._first = self._processor.read().with_children()
        self._startup_cpu_s: float | None = None
        # Threads are known by having come while a thing was opened: one is opened at a time.
        self._opening = threading.Lock()
        self._counting = threading.Lock()
        self._captured = self._bad = self._inferred = self._reused = 0

    def run(self, output: Output, is_wanted: Callable[[], bool]) -> None:
        """Track the file of `output` and write its landmarks, unless it is no longer wanted.

        Raises:
            SourceError: The file cannot be read, or not to its end; what can be read is written all the same.
            ModelError: The tracker cannot be opened.
            ExportError: The output cannot be written.
        """
        if threading.current_thread() is not threading.main_thread():
            self._processor.name_thread(threading.get_native_id(), "inference")
        overwrite = self._may_replace(output)
        make_ready(output, overwrite=overwrite)
        with ExitStack() as stack:
            with self._opening:
                source = stack.enter_context(open_video(output.source, ahead=True))
                tracker = stack.enter_context(closing(self._open_tracker()))
            info = source.info
            frames = stack.enter_context(closing(self._prefetch(source)))
            recorded = TrackedPoses(
                rotated_size(info.size, self._settings.rotate),
                self._tracked(frames, tracker),
                self._header(info),
                info.frame_count,
            )
            self._ledger.begin(output)
            options = replace(self._options, pictures=lambda: self._pictures(output.source))
            try:
                with self._bars.file(output.source, info.frame_count) as progress:
                    written = exports.export(
                        recorded,
                        output.path,
                        output.format,
                        options,
                        overwrite=overwrite,
                        progress=lambda done: progress(done) and is_wanted(),
                    )
            finally:
                self._processor.read()  # what its threads used is not known when they have ended
            frames.close()
            if source.damage is not None:
                raise source.damage
            if written:
                self._ledger.finish(output)

    def report(self, ended_by: str, error: str | None) -> dict[str, Any]:
        """What all files so far have cost, as JSON's own types."""
        last = self._processor.read().with_children()
        figures = RunFigures(
            duration_s=(last.at_ns - self._first.at_ns) / NS_PER_S,
            startup_cpu_s=self._startup_cpu_s,
            cpu=share_between(self._first, last),
            rss_mb=self._processor.resident_mb(),
            rss_peak_mb=self._processor.peak_resident_mb(),
            session=None,
        )
        return build_report(self._settings, ended_by, error, self._flow(), self._metrics, figures)

    def _may_replace(self, output: Output) -> bool:
        state = self._states.get(output)
        if state is OutputState.OTHER and not self._overwrite:
            raise ExportError(
                f"{output.path} exists already, of another file or tracked with other settings",
                "Choose another folder, or add --overwrite to have such files replaced",
            )
        return self._overwrite or state is OutputState.UNFINISHED

    def _open_tracker(self) -> PoseTracker:
        with self._processor.naming_new_threads("inference_workers"):
            tracker = open_tracker(tracker_options(self._settings), self._models_dir, places.cache_dir())
        if self._startup_cpu_s is None:
            self._startup_cpu_s = self._processor.read().with_children().process_s
        return tracker

    def _prefetch(self, source: FrameSource) -> Prefetch:
        return Prefetch(
            source,
            self._settings.rotate,
            lambda thread: self._processor.name_thread(thread, "capture"),
        )

    def _tracked(self, frames: Iterable[DecodedFrame], tracker: PoseTracker) -> Iterator[RecordedFrame]:
        """All frames, tracked; one that cannot be decoded is counted and passed over."""
        lost, tracker_ns = 0, -1
        for frame in frames:
            self._metrics.capture_rate.tick(monotonic_ns())
            if frame.image is None:
                self._count(captured=1, bad=1)
                lost += 1
                continue
            self._count(captured=1)
            self._add_stage("capture", frame.work_ns)
            # Files may give two frames one time; the tracker's filters need time to pass.
            tracker_ns = max(frame.time_ns, tracker_ns + 1)
            times = StepTimes()
            poses = tracker.track(frame.image, tracker_ns, times)
            for step, duration_ns in times.ns.items():
                self._add_stage(step, duration_ns)
            self._metrics.add_poses(poses)
            self._count(inferred=not poses.reused, reused=poses.reused)
            degrees = tuple(angles_of(person) for person in poses.people)
            yield RecordedFrame(frame.index, frame.time_ns, poses.reused, lost, poses.people, degrees)
            lost = 0

    def _pictures(self, text: str) -> Generator[tuple[int, Image]]:
        """The pictures of a file that was tracked, decoded once more."""
        with open_video(text, ahead=True) as source, closing(self._prefetch(source)) as frames:
            for frame in frames:
                if frame.image is not None:
                    yield frame.index, frame.image

    def _count(self, *, captured: int = 0, bad: int = 0, inferred: int = 0, reused: int = 0) -> None:
        with self._counting:
            self._captured += captured
            self._bad += bad
            self._inferred += inferred
            self._reused += reused

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
        own = None if settings.model_file is None else Path(settings.model_file)
        model = identity_of(settings.model, own, self._models_dir)
        return {
            "program_version": __version__,
            "backend": settings.backend.value,
            "model": model.name,
            "model_sha256": model.sha256,
            "source": info.name,
            "source_kind": info.kind.value,
            "width_px": size.width_px,
            "height_px": size.height_px,
            "rotation_deg": int(settings.rotate.value),
            "mirrored": False,
            "angle_names": list(ANGLE_NAMES),
        }
