"""Whether the settings that a measurement of this computer recommends win when the alternatives are run live.

    python -m benchmarks.recommendation [--target lowest_cpu] [--measurement FILE] [--seconds 11] [--rounds 2]

Measures as the window does, or takes the figures that `desktop-pose bench --json` wrote. Then the application
runs on a 1280x720 stream of 30 frames a second, charts on, with what is recommended and with the same model
and skip on every other number of threads, in turns, each other turn backwards. For the highest accuracy also
with what would be more accurate and is said not to keep up. A choice wins when everything else that keeps up
is worse by more than runs of the same settings differ by: 3 %, or as much as they did here. Within that it is
a tie; a choice that is worse by more loses.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.surroundings import DISPLAYS, ROOT, camera, fresh_environment
from desktop_pose.core.settings import Backend
from desktop_pose.engine.measuring.figures import Measurement
from desktop_pose.engine.measuring.recommendation import Recommendation, Target, in_words, recommend
from desktop_pose.engine.measuring.rows import Row

_START_S = 30
_LEAST_HZ = 29.0
_SAME = 0.03
_MEASURE_S = 60


@dataclass(frozen=True)
class Live:
    """What a row cost live: medians of its runs.

    Attributes:
        cpu_percent: Of one core, the whole process.
        latency_ms: Capture to display, 95th percentile.
        hz: Frames displayed a second.
        cpu_noise, latency_noise: By what share of the median the highest of its runs lies above the lowest.
    """

    cpu_percent: float
    latency_ms: float
    hz: float
    cpu_noise: float = 0.0
    latency_noise: float = 0.0

    @property
    def keeps_up(self) -> bool:
        """Whether hardly a frame is lost."""
        return self.hz >= _LEAST_HZ


def measured(variables: dict[str, str]) -> Measurement:
    """Measure this computer."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "bench.json"
        subprocess.run(
            [sys.executable, "-m", "desktop_pose", "bench", "--limit", str(_MEASURE_S), "--json", str(out)],
            cwd=ROOT, env=variables, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return Measurement.from_document(json.loads(out.read_text("utf-8")))


def alternatives(measurement: Measurement, recommendation: Recommendation) -> list[Row]:
    """The rows that might be better than the one recommended."""
    chosen = recommendation.figures.row
    ours = [each for each in measurement.measured if each.row.backend is Backend.LITERT]
    rows = [
        each.row
        for each in ours
        if (each.row.model, each.row.skip) == (chosen.model, chosen.skip) and each.row != chosen
    ]
    error = recommendation.figures.vs_heavy
    if recommendation.target is Target.HIGHEST_ACCURACY and error is not None:
        better = [
            each for each in ours if each.vs_heavy is not None and each.vs_heavy.mean < error.mean - 0.05
        ]
        best = max(better, key=lambda each: each.sustainable_hz, default=None)
        rows += [] if best is None else [best.row]
    return rows


def run_live(row: Row, address: str, seconds: float, variables: dict[str, str]) -> Live:
    """Run the application with the settings of `row`."""
    with tempfile.TemporaryDirectory() as folder:
        report_file = Path(folder) / "report.json"
        subprocess.run(
            [
                sys.executable, "-m", "desktop_pose", "run", "--source", address,
                "--model", row.model.value, "--threads", str(row.threads), "--skip", str(row.skip),
                "--duration", str(seconds), "--report", str(report_file),
            ],
            cwd=ROOT, env=variables, check=True, stdout=subprocess.DEVNULL, timeout=seconds + _START_S,
        )  # fmt: skip
        report = json.loads(report_file.read_text("utf-8"))
    return Live(
        cpu_percent=report["cpu"]["process_percent_of_core"],
        latency_ms=report["latency_ms"]["capture_to_display"]["p95"],
        hz=report["fps"]["display"],
    )


def score(target: Target, live: Live) -> float:
    """What counts for a target; less is better."""
    return live.latency_ms if target is Target.LOWEST_LATENCY else live.cpu_percent


def noise(target: Target, live: Live) -> float:
    """By what share of it that is uncertain, at least."""
    measured_noise = live.latency_noise if target is Target.LOWEST_LATENCY else live.cpu_noise
    return max(measured_noise, _SAME)


def verdict(target: Target, chosen: Live, rivals: list[Live]) -> str:
    """Whether the choice `wins`, is a `tie` with the best of its rivals, or `LOSES`."""
    if not rivals:
        return "wins"
    best = min(rivals, key=lambda live: score(target, live))
    worse_by = score(target, chosen) / score(target, best) - 1
    if abs(worse_by) <= max(noise(target, chosen), noise(target, best)):
        return "tie"
    return "wins" if worse_by < 0 else "LOSES"


def verify(recommendation: Recommendation, rows: list[Row], lives: dict[Row, Live]) -> bool:
    """Print the runs of one target; whether the choice does not lose."""
    target, chosen = recommendation.target, recommendation.figures.row
    print(f"\n{target.label}: {chosen}\n  {in_words(recommendation)}")
    print(f"  {'live':44}{'% of a core':>12}{'+-':>6}{'p95 ms':>9}{'+-':>6}{'frames/s':>10}")
    for row in (chosen, *rows):
        live = lives[row]
        cpu_noise, latency_noise = (
            live.cpu_percent * live.cpu_noise / 2,
            live.latency_ms * live.latency_noise / 2,
        )
        print(
            f"  {row!s:44}{live.cpu_percent:12.1f}{cpu_noise:6.1f}{live.latency_ms:9.1f}{latency_noise:6.1f}"
            f"{live.hz:10.1f}"
        )
    same = [row for row in rows if (row.model, row.skip) == (chosen.model, chosen.skip)]
    has_better = target is Target.HIGHEST_ACCURACY and any(
        lives[row].keeps_up for row in rows if row not in same
    )
    found = verdict(target, lives[chosen], [lives[row] for row in same if lives[row].keeps_up])
    if has_better or lives[chosen].keeps_up != recommendation.keeps_up:
        found = "LOSES"
    print({"tie": "  a tie: the difference is noise"}.get(found, f"  the choice {found}"))
    return found != "LOSES"


def main() -> None:
    """Measure, run, print; exit 1 where a choice loses."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--target", choices=[target.value for target in Target], action="append")
    parser.add_argument("--measurement", type=Path, metavar="FILE", help="figures of a bench, not made anew")
    parser.add_argument("--seconds", type=float, default=11, help="length of a run")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each")
    parser.add_argument("--display", choices=DISPLAYS, default="xvfb")
    options = parser.parse_args()
    targets = [Target(value) for value in options.target] if options.target else list(Target)
    have_won = []
    with fresh_environment(options.display) as variables:
        if options.measurement is None:
            measurement = measured(variables)
        else:
            measurement = Measurement.from_document(json.loads(options.measurement.read_text("utf-8")))
        with camera() as address:
            for target in targets:
                recommendation = recommend(measurement, target)
                if recommendation is None:
                    sys.exit("Too little was measured to recommend anything")
                rows = alternatives(measurement, recommendation)
                runs: dict[Row, list[Live]] = {}
                order = [recommendation.figures.row, *rows]
                for _ in range(options.rounds):
                    for row in order:
                        runs.setdefault(row, []).append(run_live(row, address, options.seconds, variables))
                    order.reverse()
                lives = {row: middle(of_row) for row, of_row in runs.items()}
                have_won.append(verify(recommendation, rows, lives))
    sys.exit(0 if all(have_won) else 1)


def middle(runs: list[Live]) -> Live:
    """The median of each figure, with what the runs differ by."""
    percents, latencies_ms = [run.cpu_percent for run in runs], [run.latency_ms for run in runs]
    cpu_percent, latency_ms = statistics.median(percents), statistics.median(latencies_ms)
    return Live(
        cpu_percent,
        latency_ms,
        statistics.median(run.hz for run in runs),
        (max(percents) - min(percents)) / cpu_percent,
        (max(latencies_ms) - min(latencies_ms)) / latency_ms,
    )


if __name__ == "__main__":
    main()
