"""How well the CPU budget is kept: the window, a real process, on the 1280x720 stream of 30 frames a second.

The process is watched from outside. For every budget, and for every change on the way, this prints the 5 s
means (lowest and highest, from 3 s after the change on), for how long on end the means over one second were
more than 3 points above the budget, what was shown and inferred, and the latency. The camera and the X server
are outside the count; the charts are on.

  budgets  each in a run of its own
  steps    one run in which budget and model change, and other programs load all cores and go
  busy     other programs load all cores, with each budget (0: none)

usage: python -m benchmarks.budget budgets|steps|busy [--budget 50 …] [--seconds 20] [--model full]
"""

import argparse
import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.surroundings import DISPLAYS, ROOT, camera, fresh_environment, machine
from desktop_pose.core.clock import NS_PER_S, monotonic_ns

BUDGETS = (50, 35, 25, 15)
TOLERANCE = 3.0
LONGEST_OVERSHOOT_S = 3.0
LATENCY_MS = 100.0

_SAMPLE_S = 0.25
_MEAN_S = 5.0
_SETTLING_S = 3.0
_START_S = 6.0  # libraries, models, charts: not the budget's
_BURN = [sys.executable, "-c", "while True: pass"]


@dataclass(frozen=True, slots=True)
class Sample:
    """Processor seconds the process had used at a moment."""

    at_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Count:
    """Frames that had been inferred and shown at a moment."""

    at_s: float
    inferred: int
    shown: int


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a run with one set of wishes.

    Attributes:
        name: What is different from before.
        budget: Asked for; None: none.
        mean_low, mean_high: Of the 5 s means, per cent of a core; None where the stretch is too short.
        overshoot_s: Longest time on end with means over one second more than 3 points above the budget.
    """

    name: str
    budget: int | None
    mean_low: float | None
    mean_high: float | None
    overshoot_s: float | None


class Watch:
    """Runs the child, and reads its processor time four times a second until it ends."""

    def __init__(self, address: str, steps: list[Any], variables: dict[str, str]) -> None:
        self.samples: list[Sample] = []
        self.begun_s: list[float] = []
        self.counts: list[Count] = []
        self.report: dict[str, Any] = {}
        self._child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.budget_child", address, json.dumps(steps)],
            cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._pause = threading.Event()

    def run(self, total_s: float, burn_at_s: tuple[float, float] | None) -> None:
        """Watch to the end; other programs load all cores between two moments after the first step."""
        process = psutil.Process(self._child.pid)
        with contextlib.ExitStack() as others:
            is_burning = False
            while self._child.poll() is None:
                with contextlib.suppress(psutil.NoSuchProcess):
                    times = process.cpu_times()
                    self.samples.append(Sample(now_s(), times.user + times.system))
                if burn_at_s is not None and self.begun_s:
                    passed_s = now_s() - self.begun_s[0]
                    if not is_burning and burn_at_s[0] <= passed_s < burn_at_s[1]:
                        others.enter_context(other_programs(psutil.cpu_count() or 1))
                        is_burning = True
                    elif is_burning and passed_s >= burn_at_s[1]:
                        others.close()
                        is_burning = False
                self._pause.wait(_SAMPLE_S)
        self._reader.join(total_s)

    def rates(self, begin_s: float, end_s: float) -> str:
        """What was inferred and shown a second between two moments."""
        first, *_, last = (count for count in self.counts if begin_s <= count.at_s <= end_s)
        passed_s = last.at_s - first.at_s
        inferred, shown = (last.inferred - first.inferred) / passed_s, (last.shown - first.shown) / passed_s
        return f"  inferred {inferred:4.1f}/s  shown {shown:4.1f}/s"

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            said = json.loads(line)
            if "step" in said:
                self.begun_s.append(now_s())
            if "inferred" in said:
                self.counts.append(Count(**said))
            self.report = said.get("report", self.report)


def now_s() -> float:
    """The clock of this module."""
    return monotonic_ns() / NS_PER_S


@contextlib.contextmanager
def other_programs(count: int) -> Iterator[None]:
    """So many programs that take a core each."""
    burners = [subprocess.Popen(_BURN) for _ in range(count)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def means(samples: list[Sample], length_s: float) -> list[Sample]:
    """Per cent of a core over the `length_s` before each sample that has so many behind it."""
    found, first = [], 0
    for last in samples:
        while samples[first + 1].at_s <= last.at_s - length_s:
            first += 1
        passed_s = last.at_s - samples[first].at_s
        if passed_s >= length_s - _SAMPLE_S / 2:
            found.append(Sample(last.at_s, 100 * (last.cpu_s - samples[first].cpu_s) / passed_s))
    return found


def longest_above(values: list[Sample], limit: float) -> float:
    """The longest time on end with values above `limit`."""
    longest, since_s = 0.0, None
    for value in values:
        if value.cpu_s <= limit:
            since_s = None
            continue
        since_s = value.at_s if since_s is None else since_s
        longest = max(longest, value.at_s - since_s + _SAMPLE_S)
    return longest


def judge(name: str, budget: int | None, samples: list[Sample]) -> Phase:
    """What a stretch came to; its first samples are those at the change."""
    settled = [sample for sample in samples if sample.at_s >= samples[0].at_s + _SETTLING_S]
    of_5_s = [mean.cpu_s for mean in means(settled, _MEAN_S)] if settled else []
    overshoot_s = None if budget is None else longest_above(means(samples, 1.0), budget + TOLERANCE)
    return Phase(name, budget, min(of_5_s, default=None), max(of_5_s, default=None), overshoot_s)


def print_phase(phase: Phase, more: str = "") -> None:
    """Print one line."""
    low, high = ("   –" if mean is None else f"{mean:4.1f}" for mean in (phase.mean_low, phase.mean_high))
    over = "" if phase.overshoot_s is None else f"  overshoot {phase.overshoot_s:3.1f} s"
    asked = "off" if phase.budget is None else f"{phase.budget:3d}"
    is_kept = phase.budget is None or (
        (phase.mean_high or phase.budget) <= phase.budget + TOLERANCE
        and (phase.overshoot_s or 0) <= LONGEST_OVERSHOOT_S
    )
    is_used = phase.budget is None or (phase.mean_low or phase.budget) >= phase.budget - TOLERANCE
    verdict = "" if is_kept and is_used else "  below by more than 3 points" if is_kept else "  missed"
    print(f"{phase.name:28} asked {asked}  5 s means {low} to {high}{over}{more}{verdict}")


def figures_of(report: dict[str, Any], seconds: float) -> str:
    """What the window showed, from its report."""
    latency = report["latency_ms"]["capture_to_display"]
    budget = report["budget"] or {}
    return (
        f"  shown {report['fps']['display']:4.1f}/s  inferred {report['frames']['inferred'] / seconds:4.1f}/s"
        f"  latency p50 {latency['p50']:.0f} p95 {latency['p95']:.0f} ms"
        f"  reached {budget.get('reached')}  floor {budget.get('floor')}"
    )


def samples_of_run(watch: Watch, seconds: float) -> list[Sample]:
    """Those between the start and the end of the program, which are not the budget's."""
    begin_s, end_s = watch.begun_s[0] + _START_S - _SETTLING_S, watch.begun_s[0] + seconds - _SAMPLE_S
    return [sample for sample in watch.samples if begin_s <= sample.at_s <= end_s]


def run_budgets(options: argparse.Namespace, address: str, variables: dict[str, str]) -> list[dict[str, Any]]:
    """Each budget in a run of its own."""
    rows = []
    for budget in options.budget or BUDGETS:
        watch = Watch(
            address, [[options.seconds, {"cpu_budget": str(budget), "model": options.model}]], variables
        )
        watch.run(options.seconds, None)
        phase = judge(f"{options.model}", budget, samples_of_run(watch, options.seconds))
        print_phase(phase, figures_of(watch.report, options.seconds))
        rows.append(asdict(phase) | {"report": watch.report})
    return rows


def run_steps(options: argparse.Namespace, address: str, variables: dict[str, str]) -> list[dict[str, Any]]:
    """Changes on the way, `--seconds` / 2 each; in the last but one other programs load all cores."""
    length_s = options.seconds / 2
    steps = [
        ("start", 50, {"cpu_budget": "50", "model": options.model}),
        ("budget 25", 25, {"cpu_budget": "25"}),
        ("budget 50 again", 50, {"cpu_budget": "50"}),
        ("model heavy", 50, {"model": "heavy"}),
        (f"model {options.model} again", 50, {"model": options.model}),
        ("others load all cores", 50, {}),
        ("they have gone", 50, {}),
    ]
    watch = Watch(address, [[length_s, texts] for _, _, texts in steps], variables)
    watch.run(length_s * len(steps), ((len(steps) - 2) * length_s, (len(steps) - 1) * length_s))
    rows = []
    ends_s = [*watch.begun_s[1:], watch.begun_s[-1] + length_s]
    for (name, budget, _), begin_s, end_s in zip(steps, watch.begun_s, ends_s, strict=True):
        first_s = begin_s + (3.0 if name == "start" else 0.0)
        phase = judge(name, budget, [sample for sample in watch.samples if first_s <= sample.at_s <= end_s])
        print_phase(phase, watch.rates(begin_s + _SETTLING_S, end_s))
        rows.append(asdict(phase))
    for action in watch.report["budget"]["actions"]:
        print(f"  {action['t_s']:5.1f} s  {action['what']}: {action['why']}")
    return rows


def run_busy(options: argparse.Namespace, address: str, variables: dict[str, str]) -> list[dict[str, Any]]:
    """Both cores loaded by others, with each budget given (0: none)."""
    rows = []
    for budget in options.budget or (50, 0):
        asked = str(budget) if budget else "off"
        with other_programs(psutil.cpu_count() or 1):
            watch = Watch(
                address, [[options.seconds, {"cpu_budget": asked, "model": options.model}]], variables
            )
            watch.run(options.seconds, None)
        samples = samples_of_run(watch, options.seconds)
        phase = judge("both cores loaded by others", budget or None, samples)
        p95_ms = watch.report["latency_ms"]["capture_to_display"]["p95"]
        verdict = "" if p95_ms < LATENCY_MS else "  latency missed"
        print_phase(phase, figures_of(watch.report, options.seconds) + verdict)
        rows.append(asdict(phase) | {"report": watch.report})
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    kinds = {"budgets": run_budgets, "steps": run_steps, "busy": run_busy}
    parser.add_argument("kind", choices=kinds)
    parser.add_argument("--budget", type=int, action="append", help="several may be given")
    parser.add_argument("--seconds", type=float, default=20, help="length of a run")
    parser.add_argument("--model", choices=("lite", "full", "heavy"), default="full")
    parser.add_argument("--display", choices=DISPLAYS, default="xvfb")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    with camera() as address, fresh_environment(options.display) as variables:
        rows = kinds[options.kind](options, address, variables)
    if options.json is not None:
        document = {"schema": 1, "machine": machine(), "kind": options.kind, "rows": rows}
        options.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
