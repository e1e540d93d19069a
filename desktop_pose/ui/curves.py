"""What the charts show: which curves, what they mean, and where their values come from."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop_pose.engine.metrics import STAGES
from desktop_pose.engine.processor import THREAD_NAMES
from desktop_pose.engine.statistics import Statistics

Values = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve.

    Attributes:
        name: In the legend, and among the values.
        meaning: One sentence for the tooltip.
    """

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """One chart.

    Attributes:
        title: What is shown.
        unit: Of the values.
        curves: The first is the one that matters most.
        lowest_top: The axis never ends below this.
        values: The values of all curves in one reading.
    """

    title: str
    unit: str
    curves: tuple[Curve, ...]
    lowest_top: float
    values: Callable[[Statistics], Values]


_THREAD_WORDS = {
    "main": ("main", "The window: controls, charts, and putting the picture on screen."),
    "capture": ("capture", "Reading and decoding frames."),
    "inference": ("inference", "Finding the pose: all that is done around and in the model."),
    "inference_workers": ("workers", "The model's own further threads."),
    "render": ("render", "Scaling the picture and drawing the skeleton."),
    "record": ("record", "Writing the session."),
    "other": ("other", "Threads of libraries, and child processes."),
}
_STAGE_MEANINGS = {
    "capture": "Decoding a grabbed frame.",
    "crop": "Cutting the person out for the model.",
    "detector": "Looking for somebody new; runs only while nobody is followed.",
    "landmarks": "Running the landmark model.",
    "decode": "Turning the model's output into smoothed landmarks.",
    "render": "Scaling the picture and drawing the skeleton.",
    "paint": "Putting the picture on screen.",
    "record": "Writing a frame to the session.",
}


def _cpu(statistics: Statistics) -> Values:
    cpu = statistics.cpu
    if cpu is None:
        return {}
    threads: Values = {_THREAD_WORDS[name][0]: cpu.threads_percent.get(name) for name in THREAD_NAMES}
    return {"process": cpu.process_percent} | threads


def _memory(statistics: Statistics) -> Values:
    return {"resident": statistics.rss_mb}


def _rate(statistics: Statistics) -> Values:
    fps = statistics.fps
    return {"capture": fps.capture, "inference": fps.inference, "display": fps.display}


def _latency(statistics: Statistics) -> Values:
    latency = statistics.latency
    total: Values = {} if latency is None else {"total p95": latency.p95_ms, "total p50": latency.p50_ms}
    stages: Values = {name: statistics.stages_ms.get(name) for name in STAGES}
    return total | stages


CHARTS = (
    ChartPlan(
        "CPU",
        "% of one core",
        (
            Curve("process", "Everything this program uses."),
            *(Curve(*_THREAD_WORDS[name]) for name in THREAD_NAMES),
        ),
        20.0,
        _cpu,
    ),
    ChartPlan(
        "Memory",
        "MB",
        (Curve("resident", "Memory this program has in use, in millions of bytes."),),
        100.0,
        _memory,
    ),
    ChartPlan(
        "Rate",
        "frames per second",
        (
            Curve("display", "Frames shown."),
            Curve("capture", "Frames the source delivers."),
            Curve("inference", "Frames in which the pose was found or looked for."),
        ),
        10.0,
        _rate,
    ),
    ChartPlan(
        "Latency",
        "ms",
        (
            Curve(
                "total p95", "From the capture of a frame to its being on screen: 95 of 100 frames take less."
            ),
            Curve(
                "total p50",
                "From the capture of a frame to its being on screen: half of the frames take less.",
            ),
            *(Curve(name, _STAGE_MEANINGS[name]) for name in STAGES),
        ),
        10.0,
        _latency,
    ),
)
