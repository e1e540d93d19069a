"""What the charts show: which curves, what they mean, and where their values come from."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop_pose.engine.metrics import STAGES
from desktop_pose.engine.processor import THREAD_NAMES
from desktop_pose.engine.statistics import Statistics
from desktop_pose.ui import theme

Values = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve.

    Attributes:
        name: In the legend, and among the values.
        meaning: One sentence for the tooltip.
        colour: The same for the same work in all charts; None is that of the text.
    """

    name: str
    meaning: str
    colour: str | None = None


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


_THREADS = {
    "main": Curve("main", "The window: controls, charts, and putting the picture on screen.", theme.BLUE),
    "capture": Curve("capture", "Reading and decoding frames.", theme.VERMILION),
    "inference": Curve(
        "inference", "Finding the pose: all that is done around and in the model.", theme.GREEN
    ),
    "inference_workers": Curve("workers", "The model's own further threads.", theme.PURPLE),
    "render": Curve("render", "Scaling the picture and drawing the skeleton.", theme.OCHRE),
    "record": Curve("record", "Writing the session.", theme.PINK),
    "other": Curve("other", "Threads of libraries, and of jobs such as an export.", theme.TEAL),
}
_STAGES = {
    "capture": Curve("capture", "Decoding a grabbed frame.", theme.VERMILION),
    "crop": Curve("crop", "Cutting the person out for the model.", theme.PURPLE),
    "detector": Curve("detector", "Looking for somebody new; runs only while nobody is followed.", theme.RED),
    "landmarks": Curve("landmarks", "Running the landmark model.", theme.GREEN),
    "decode": Curve("decode", "Turning the model's output into smoothed landmarks.", theme.TEAL),
    "mask": Curve("mask", "Finding which pixels show people; only for another background.", theme.BROWN),
    "render": Curve("render", "Scaling the picture and drawing the skeleton.", theme.OCHRE),
    "paint": Curve("paint", "Putting the picture on screen.", theme.BLUE),
    "record": Curve("record", "Writing a frame to the session.", theme.PINK),
}


def _cpu(statistics: Statistics) -> Values:
    cpu = statistics.cpu
    if cpu is None:
        return {}
    threads: Values = {_THREADS[name].name: cpu.threads_percent.get(name) for name in THREAD_NAMES}
    return {"process": cpu.process_percent} | threads


def _memory(statistics: Statistics) -> Values:
    return {"resident": statistics.rss_mb}


def _rate(statistics: Statistics) -> Values:
    fps = statistics.fps
    return {"display": fps.display, "capture": fps.capture, "tracked": fps.inference, "model": fps.model}


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
            *(_THREADS[name] for name in THREAD_NAMES),
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
            Curve("capture", "Frames the source delivers.", theme.VERMILION),
            Curve("tracked", "Frames with a pose from the model, or carried on from one.", theme.TEAL),
            Curve("model", "Frames on which the model ran: no more often than skipping allows.", theme.GREEN),
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
                theme.GREY,
            ),
            *(_STAGES[name] for name in STAGES),
        ),
        10.0,
        _latency,
    ),
)
