"""What the process uses at a moment: memory by part and its trend, processor time by thread, one frame's way.

Everything but the times of single frames is there anyway, twice a second; those are kept only while somebody
watches.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.resources.frame_timeline import FrameTimeline, FrameTimes
from desktop_pose.engine.resources.memory_parts import PartsMb
from desktop_pose.engine.resources.memory_trend import MemoryTrend
from desktop_pose.engine.sampler import Sampler

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Resources:
    """What the process uses.

    Attributes:
        rss_mb: Resident memory, 10^6 bytes.
        rss_peak_mb: The most that was resident.
        parts_mb: What it is used for; None where that is not known.
        trend: How it went over the session.
        process_percent: Processor time over wall time, of one core; None at first.
        threads_percent: The same by thread.
        frame: The way of a frame that took the median of time; None before there are enough.
    """

    rss_mb: float
    rss_peak_mb: float
    parts_mb: PartsMb | None
    trend: MemoryTrend
    process_percent: float | None
    threads_percent: Mapping[str, float]
    frame: FrameTimes | None

    def as_record(self) -> dict[str, Any]:
        """The same in JSON's own types."""
        trend = asdict(self.trend) | {
            "verdict": self.trend.verdict.value,
            "steps_mb": list(self.trend.steps_mb),
        }
        return {
            "schema": SCHEMA,
            "memory_mb": {
                "rss": self.rss_mb,
                "rss_peak": self.rss_peak_mb,
                "breakdown": None if self.parts_mb is None else dict(self.parts_mb),
                "trend": trend,
            },
            "cpu": {
                "process_percent_of_core": self.process_percent,
                "per_thread_percent": dict(self.threads_percent),
            },
            "frame": None if self.frame is None else _frame_record(self.frame),
        }


class ResourceWatch:
    """Reads the resources; on the GUI thread."""

    def __init__(self, sampler: Sampler, metrics: Metrics) -> None:
        self._sampler = sampler
        self._metrics = metrics

    def watch(self, *, is_watched: bool) -> None:
        """Keep the times of single frames from now on, or no longer."""
        self._metrics.timeline = FrameTimeline() if is_watched else None

    def read(self) -> Resources:
        """The figures read last, and the median of the newest frames if somebody watches."""
        statistics = self._sampler.newest or self._sampler.sample_now()
        timeline, cpu = self._metrics.timeline, statistics.cpu
        return Resources(
            statistics.rss_mb,
            self._sampler.processor.peak_resident_mb(),
            self._sampler.parts_mb,
            self._sampler.history.trend(),
            None if cpu is None else cpu.process_percent,
            {} if cpu is None else cpu.threads_percent,
            None if timeline is None else timeline.median_frame(),
        )


def _frame_record(frame: FrameTimes) -> dict[str, Any]:
    return asdict(frame) | {"waiting_ms": frame.waiting_ms}
