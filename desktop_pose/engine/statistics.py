"""The figures of this moment, for charts, status line and console."""

from dataclasses import dataclass

from desktop_pose.core.clock import NS_PER_MS, NS_PER_S, monotonic_ns
from desktop_pose.engine.flow import FlowSnapshot
from desktop_pose.engine.governor.book import BudgetStatus
from desktop_pose.engine.meters import Quantiles
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.processor import CpuShare


@dataclass(frozen=True, slots=True)
class Rates:
    """Frames per second over the last two seconds.

    Attributes:
        capture: That the source gave.
        inference: For which there are poses, whether from the model or carried on.
        display: That were shown.
        model: On which the model ran.
    """

    capture: float
    inference: float
    display: float
    model: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of this moment.

    Attributes:
        time_s: Monotonic time of the reading.
        fps: Rates over the last two seconds.
        latency: Capture to display over the last two seconds; None where nothing was displayed.
        stages_ms: Median duration of each stage over the last two seconds, those that ran.
        cpu: Processor use over the last two seconds; None at the first reading.
        rss_mb: Resident memory, 10^6 bytes.
        flow: The frame counters.
        people: People in the newest frame.
        locked_id: The person whom the tracker is locked on; None where it is not.
        budget: How the CPU budget stands; None where there is none.
        pose_age_s: The longest that people were carried on over the last two seconds.
    """

    time_s: float
    fps: Rates
    latency: Quantiles | None
    stages_ms: dict[str, float]
    cpu: CpuShare | None
    rss_mb: float
    flow: FlowSnapshot
    people: int
    locked_id: int | None = None
    budget: BudgetStatus | None = None
    pose_age_s: float = 0.0


def read_statistics(
    metrics: Metrics,
    flow: FlowSnapshot,
    cpu: CpuShare | None,
    rss_mb: float,
    budget: BudgetStatus | None = None,
) -> Statistics:
    """The figures of this moment, put together."""
    now_ns = monotonic_ns()
    stages = {name: meter.recent(now_ns) for name, meter in metrics.stages.items()}
    pose_age = metrics.pose_age.recent(now_ns)
    return Statistics(
        time_s=now_ns / NS_PER_S,
        fps=Rates(
            metrics.capture_rate.recent_per_s(now_ns),
            metrics.inference_rate.recent_per_s(now_ns),
            metrics.display_rate.recent_per_s(now_ns),
            metrics.model_rate.recent_per_s(now_ns),
        ),
        latency=metrics.latency.recent(now_ns),
        stages_ms={name: quantiles.p50_ms for name, quantiles in stages.items() if quantiles is not None},
        cpu=cpu,
        rss_mb=rss_mb,
        flow=flow,
        people=metrics.people_now,
        locked_id=metrics.locked_id,
        budget=budget,
        pose_age_s=0.0 if pose_age is None else pose_age.max_ms * NS_PER_MS / NS_PER_S,
    )
