"""The line a second that an unattended run prints."""

import sys

from desktop_pose.cli.streams import write_line
from desktop_pose.engine.statistics import Statistics


def print_line(statistics: Statistics, elapsed_s: float) -> None:
    """Print the figures of the moment to standard output."""
    write_line(sys.stdout, line_of(statistics, elapsed_s))


def line_of(statistics: Statistics, elapsed_s: float) -> str:
    """The figures of the moment in one line."""
    fps = statistics.fps
    cpu = "  –" if statistics.cpu is None else f"{statistics.cpu.process_percent:3.0f}"
    latency = statistics.latency
    delay = "   –" if latency is None else f"{latency.p50_ms:4.1f}, p95 {latency.p95_ms:4.1f}"
    rates = f"captured {fps.capture:4.1f}, tracked {fps.inference:4.1f}, shown {fps.display:4.1f} /s"
    return (
        f"{int(elapsed_s):4} s  {rates}  CPU {cpu} %  {statistics.rss_mb:.0f} MB  latency {delay} ms"
        f"  people {statistics.people}"
    )
