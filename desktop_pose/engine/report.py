"""The report of a run: one JSON document, described in `docs/report.md`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from desktop_pose.core.settings import Settings, as_public_record
from desktop_pose.engine.flow import FlowSnapshot
from desktop_pose.engine.meters import DurationMeter
from desktop_pose.engine.metrics import STAGES, Metrics
from desktop_pose.engine.processor import THREAD_NAMES, CpuShare
from desktop_pose.engine.resources.memory_parts import PART_NAMES

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What a report says besides counters and meters.

    Attributes:
        duration_s: Wall time of the run.
        startup_cpu_s: Processor time up to the first displayed frame; None if there was none.
        cpu: Processor use from two seconds after the first displayed frame; None for shorter runs.
        rss_mb: Resident memory at the end, the threads still running.
        rss_peak_mb: Greatest resident memory.
        session: Folder of the session recorded last; None if none was.
        memory_mb: What the memory at the end is used for, by part; None where that is not known.
        budget: What became of the CPU budget; None where none was asked for.
    """

    duration_s: float
    startup_cpu_s: float | None
    cpu: CpuShare | None
    rss_mb: float
    rss_peak_mb: float
    session: str | None
    memory_mb: Mapping[str, float] | None = None
    budget: dict[str, Any] | None = None


def build_report(
    settings: Settings,
    ended_by: str,
    error: str | None,
    flow: FlowSnapshot,
    metrics: Metrics,
    figures: RunFigures,
) -> dict[str, Any]:
    """The report; what is not measured is None."""
    return {
        "schema": SCHEMA,
        "ended_by": ended_by,
        "error": error,
        "duration_s": _rounded(figures.duration_s),
        "startup_cpu_s": _rounded(figures.startup_cpu_s),
        "settings": as_public_record(settings) | {"threads": settings.threads_in_use},
        "frames": _frames(flow),
        "fps": {
            "capture": _rounded(metrics.capture_rate.mean_per_s()),
            "inference": _rounded(metrics.inference_rate.mean_per_s()),
            "display": _rounded(metrics.display_rate.mean_per_s()),
        },
        "latency_ms": {
            "capture_to_display": _quantiles(metrics.latency),
            "stages": {name: _quantiles(metrics.stages[name]) for name in STAGES},
        },
        "detector_runs": metrics.detector_runs,
        "frames_with_person": metrics.frames_with_person,
        "max_people": metrics.max_people,
        "cpu": _cpu(figures.cpu),
        "memory_mb": {
            "rss": _rounded(figures.rss_mb),
            "rss_peak": _rounded(figures.rss_peak_mb),
            "breakdown": _breakdown(figures.memory_mb),
        },
        "budget": figures.budget,
        "session": figures.session,
    }


def _frames(flow: FlowSnapshot) -> dict[str, Any]:
    counters = asdict(flow)
    frames: dict[str, Any] = {}
    for name, value in counters.items():
        for group in ("dropped", "in_flight"):
            if name.startswith(f"{group}_"):
                frames.setdefault(group, {})[name.removeprefix(f"{group}_")] = value
                break
        else:
            frames[name] = value
    return frames


def _cpu(cpu: CpuShare | None) -> dict[str, Any]:
    if cpu is None:
        return {"process_percent_of_core": None, "per_thread_percent": dict.fromkeys(THREAD_NAMES)}
    return {
        "process_percent_of_core": _rounded(cpu.process_percent),
        "per_thread_percent": {name: _rounded(value) for name, value in cpu.threads_percent.items()},
    }


def _breakdown(parts_mb: Mapping[str, float] | None) -> dict[str, float | None]:
    return {name: None if parts_mb is None else _rounded(parts_mb[name]) for name in PART_NAMES}


def _quantiles(meter: DurationMeter) -> dict[str, float | None]:
    total = meter.total()
    if total is None:
        return {"p50": None, "p95": None, "max": None}
    return {"p50": _rounded(total.p50_ms), "p95": _rounded(total.p95_ms), "max": _rounded(total.max_ms)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
