"""`desktop-pose doctor --resources`: what the application uses here and why, and what each setting costs.

It measures runs of its own, on the demo clip and without a display: a window that is open somewhere is
another process, and shows its own figures.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from desktop_pose.core import places
from desktop_pose.core.sources import DEMO
from desktop_pose.engine.resources import costs as setting_costs
from desktop_pose.engine.resources.costs import Cost, LeftOut
from desktop_pose.engine.resources.words import PART_WORDS, STAGE_WORDS, THREAD_WORDS, trend_in_words

SECONDS = 10.0
_BAR = 40
_NAME = 26


def report_resources(*, as_json: bool) -> None:
    """Measure and print, each figure as soon as it is there.

    Raises:
        DesktopPoseError: The application cannot be run here.
    """
    variants = setting_costs.runs_to_measure()
    if not as_json:
        typer.echo("Measuring runs of its own, which takes about two minutes. Ctrl-C ends it.\n")
    document = measured_resources()
    if not as_json:
        for line in lines_of(document):
            typer.echo(line)
        typer.echo("\nWhat settings cost: the first line, and the differences to it.")
        typer.echo("The last line is the first once more: smaller differences than that say nothing.")
        typer.echo(f"{'':{_NAME}} {'CPU %':>7} {'MB':>7} {'p95 ms':>7} {'frames/s':>9}")
    costs: list[Cost] = []
    left_out: list[LeftOut] = []
    for variant in variants:
        outcome = setting_costs.measure_or_leave_out(variant, has_base=bool(costs))
        if isinstance(outcome, LeftOut):
            left_out.append(outcome)
        elif outcome is not None:
            costs.append(outcome)
        if not as_json and outcome is not None:
            typer.echo(outcome_line(outcome, costs[0]))
    setting_costs.save(costs, places.cache_dir())
    if as_json:
        document["settings_cost"] = [asdict(cost) for cost in costs]
        document["settings_left_out"] = [asdict(each) for each in left_out]
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


def measured_resources() -> dict[str, Any]:
    """What a run with the user's settings on the demo clip used, and these settings.

    Raises:
        DesktopPoseError: It did not run.
    """
    with tempfile.TemporaryDirectory(prefix="desktop-pose-") as name:
        resources, report = Path(name) / "resources.json", Path(name) / "report.json"
        setting_costs.run_application(
            [
                "--source", DEMO, "--sessions-dir", name,
                "--resources", str(resources), "--report", str(report),
            ],
            SECONDS,
        )  # fmt: skip
        document: dict[str, Any] = json.loads(resources.read_text("utf-8"))
        ran = json.loads(report.read_text("utf-8"))
    document["cpu"] = ran["cpu"]
    document["settings"] = ran["settings"]
    return document


def lines_of(document: dict[str, Any]) -> Iterator[str]:
    """Memory, processor and a frame, in words and bars."""
    settings = document["settings"]
    threads = settings["threads"]
    yield f"A run of {SECONDS:.0f} s on the demo clip, without a display, with your settings:"
    yield (
        f"{settings['model']} on {settings['backend']}, {threads} thread{'s' * (threads != 1)},"
        f" skip {settings['skip']}, people {settings['people']}"
    )
    yield from _memory_lines(document["memory_mb"])
    yield from _processor_lines(document["cpu"])
    yield from _frame_lines(document["frame"])


def _memory_lines(memory: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"Memory: {memory['rss']:.0f} MB resident, {memory['rss_peak']:.0f} MB at its peak"
    parts = memory["breakdown"]
    if parts is None:
        yield "  What it is used for is not known on this system."
    else:
        for name, value in parts.items():
            yield _bar_line(PART_WORDS[name], value, f"{value:6.1f} MB", memory["rss"])
    yield f"  {trend_in_words(memory['trend'])}"


def _processor_lines(cpu: dict[str, Any]) -> Iterator[str]:
    total = cpu["process_percent_of_core"]
    yield ""
    if total is None:
        yield "Processor: the run was too short to be measured"
        return
    yield f"Processor: {total:.0f} % of one core, by thread"
    for name, value in cpu["per_thread_percent"].items():
        yield _bar_line(THREAD_WORDS[name], value, f"{value:6.1f} % ", max(total, 1.0))


def _frame_lines(frame: dict[str, Any] | None) -> Iterator[str]:
    yield ""
    if frame is None:
        yield "One frame: too few were shown to tell"
        return
    total_ms = frame["total_ms"]
    yield (
        f"One frame: {total_ms:.1f} ms from its capture to the end of its painting,"
        f" the median of {frame['frames']}"
    )
    for span in frame["spans"]:
        took_ms = span["end_ms"] - span["start_ms"]
        start = round(_BAR * span["start_ms"] / total_ms)
        bar = " " * start + "█" * max(round(_BAR * span["end_ms"] / total_ms) - start, 1)
        yield f"  {STAGE_WORDS[span['stage']]:{_NAME - 2}} {took_ms:6.2f} ms  {bar}"
    yield f"  {'waiting':{_NAME - 2}} {frame['waiting_ms']:6.2f} ms"


def outcome_line(outcome: Cost | LeftOut, base: Cost) -> str:
    """One row of the table of settings, or why there is none."""
    if isinstance(outcome, LeftOut):
        return f"{outcome.name:{_NAME}} not measured: {outcome.why}"
    return cost_line(outcome, base)


def cost_line(cost: Cost, base: Cost) -> str:
    """One row of the table of settings; of the base itself its own figures."""
    if cost is base:
        figures = (
            f"{cost.cpu_percent:7.1f} {cost.rss_mb:7.0f} {cost.latency_p95_ms:7.1f} {cost.shown_per_s:9.1f}"
        )
    else:
        figures = (
            f"{cost.cpu_percent - base.cpu_percent:+7.1f} {cost.rss_mb - base.rss_mb:+7.0f}"
            f" {cost.latency_p95_ms - base.latency_p95_ms:+7.1f} {cost.shown_per_s - base.shown_per_s:+9.1f}"
        )
    return f"{cost.name:{_NAME}} {figures}"


def _bar_line(name: str, value: float, words: str, total: float) -> str:
    bar = "█" * round(_BAR * max(value, 0.0) / total)
    return f"  {name:{_NAME - 2}} {words}  {bar}".rstrip()
