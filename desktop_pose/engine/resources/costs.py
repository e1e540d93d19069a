"""What each setting costs on this computer: short runs of the whole application, one setting changed in each.

Each run is a process of its own without a display, on the demo clip, so that its memory is its own. Nobody's
stored settings take part.
"""

import json
import logging
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.own_command import own_command
from desktop_pose.core.settings import Settings, core_count
from desktop_pose.core.sources import DEMO
from desktop_pose.core.whole_file import write_whole

log = logging.getLogger(__name__)

SECONDS = 7.0
"""Of which the first two, and the start, do not count."""

THE_SAME = "the same once more"

_START_S = 40
_POLL_S = 0.2
_SCHEMA = 1
_FILE_NAME = "resource-costs.json"


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to run the application.

    Attributes:
        name: In the table.
        arguments: Of `desktop-pose run`, after those that all runs have.
    """

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run cost.

    Attributes:
        name: Of the variant.
        cpu_percent: Processor time over wall time, of one core.
        rss_mb: Resident memory at the end, 10^6 bytes.
        latency_p95_ms: Capture to display.
        shown_per_s: Frames.
    """

    name: str
    cpu_percent: float
    rss_mb: float
    latency_p95_ms: float
    shown_per_s: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A variant that could not be measured here, and why, in words for the user."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of all variants.

    Attributes:
        costs: The base first.
        left_out: The others.
    """

    costs: tuple[Cost, ...]
    left_out: tuple[LeftOut, ...] = ()


def all_variants() -> tuple[Variant, ...]:
    """The defaults first, then one setting changed in each."""
    threads = Settings().threads_in_use
    more = (Variant(f"all {core_count()} threads", ("--threads", str(core_count()))),) * (
        core_count() > threads
    )
    fewer = (Variant("1 thread", ("--threads", "1")),) * (threads > 1)
    return (
        Variant(f"full, {threads} thread{'s' * (threads > 1)}"),
        Variant("lite", ("--model", "lite")),
        Variant("heavy", ("--model", "heavy")),
        *fewer,
        *more,
        Variant("background blurred (mask)", ("--mask",)),
        Variant("up to 2 people", ("--people", "2")),
        Variant("recording video", ("--record", "video")),
        Variant("without charts", ("--no-charts",)),
        Variant("skip adaptive", ("--skip", "adaptive")),
        Variant("skip 2", ("--skip", "2")),
    )


def runs_to_measure() -> tuple[Variant, ...]:
    """All variants, and the base again: what differs by less than that one from itself says nothing."""
    variants = all_variants()
    return (*variants, Variant(THE_SAME, variants[0].arguments))


def measure(
    variant: Variant,
    seconds: float = SECONDS,
    *,
    source: str = DEMO,
    is_headless: bool = True,
    environment: Mapping[str, str] | None = None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Cost | None:
    """What the application costs when it is run so; None when it is no longer wanted.

    Raises:
        DesktopPoseError: It did not run, or not for long enough.
    """
    report = report_of(
        variant.arguments,
        seconds,
        source,
        is_headless=is_headless,
        environment=environment,
        is_wanted=is_wanted,
    )
    if report is None:
        return None
    latency = report["latency_ms"]["capture_to_display"]["p95"]
    cpu = report["cpu"]["process_percent_of_core"]
    if latency is None or cpu is None:
        raise DesktopPoseError(
            "The run was too short to be measured", "Close what else uses the processor, and try again"
        )
    return Cost(variant.name, cpu, report["memory_mb"]["rss"], latency, report["fps"]["display"])


def report_of(
    arguments: Sequence[str],
    seconds: float,
    source: str,
    *,
    is_headless: bool = True,
    environment: Mapping[str, str] | None = None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> dict[str, Any] | None:
    """The report of a run with the defaults but for `arguments`; None when it is no longer wanted.

    Raises:
        DesktopPoseError: It did not run.
    """
    with tempfile.TemporaryDirectory(prefix="desktop-pose-") as name:
        file = Path(name) / "report.json"
        has_run = run_application(
            [
                "--source", source, "--report", str(file), "--sessions-dir", name, *_DEFAULTS,
                "--threads", str(Settings().threads_in_use), *arguments,
            ],
            seconds,
            is_headless=is_headless,
            environment=environment,
            is_wanted=is_wanted,
        )  # fmt: skip
        document: dict[str, Any] | None = json.loads(file.read_text("utf-8")) if has_run else None
    return document


_DEFAULTS = (
    "--backend", "litert", "--model", "full", "--people", "1", "--skip", "off", "--smoothing", "mediapipe",
    "--cpu-budget", "off", "--no-mask", "--rotate", "0",
)  # fmt: skip


def run_application(
    arguments: Sequence[str],
    seconds: float,
    *,
    is_headless: bool = True,
    environment: Mapping[str, str] | None = None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> bool:
    """Run the application for so long in a process of its own; whether it came to its end, being wanted.

    Raises:
        DesktopPoseError: It failed, or hangs.
    """
    command = [*own_command(), "run", "--duration", str(seconds), *arguments]
    process = subprocess.Popen(
        [*command, "--headless"] if is_headless else command,
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    deadline_ns = monotonic_ns() + round((seconds + _START_S) * NS_PER_S)
    words: bytes | None = None
    try:
        while words is None and is_wanted() and monotonic_ns() < deadline_ns:
            with suppress(subprocess.TimeoutExpired):
                words = process.communicate(timeout=_POLL_S)[1]
    finally:
        if words is None:
            process.kill()
            process.communicate()
    if words is None:
        if is_wanted():
            raise DesktopPoseError("A run to be measured hangs", "Look into the log and try again")
        return False
    if process.returncode:
        lines = words.decode("utf-8", "replace").strip().splitlines()
        raise DesktopPoseError(
            f"A run to be measured failed ({lines[-1] if lines else process.returncode})",
            "Look at desktop-pose doctor",
        )
    return True


def measure_all(progress: Callable[[int, int], bool], folder: Path) -> Measured | None:
    """Measure every variant and keep the costs in `folder`; None where `progress` asks to give up.

    Args:
        progress: Is told how many of how many runs are done, several times in each.
        folder: Where the costs are kept.

    Raises:
        DesktopPoseError: The base cannot be measured, or the costs cannot be kept.
    """
    variants = runs_to_measure()
    costs: list[Cost] = []
    left_out: list[LeftOut] = []
    for done, variant in enumerate(variants):
        outcome = measure_or_leave_out(
            variant, has_base=bool(costs), is_wanted=partial(progress, done, len(variants))
        )
        if outcome is None:
            return None
        if isinstance(outcome, LeftOut):
            left_out.append(outcome)
        else:
            costs.append(outcome)
    save(costs, folder)
    return Measured(tuple(costs), tuple(left_out))


def measure_or_leave_out(
    variant: Variant, *, has_base: bool, is_wanted: Callable[[], bool] = lambda: True
) -> Cost | LeftOut | None:
    """What `variant` costs, or why that is not known; None when it is no longer wanted.

    Args:
        variant: What to run.
        has_base: Whether there is something to compare with: then what fails is left out.
        is_wanted: Asked several times.

    Raises:
        DesktopPoseError: The base cannot be measured.
    """
    try:
        return measure(variant, is_wanted=is_wanted)
    except DesktopPoseError as error:
        if not has_base:
            raise
        log.warning("What %s costs is not known: %s", variant.name, error)
        return LeftOut(variant.name, str(error))


def save(costs: Sequence[Cost], folder: Path) -> None:
    """Keep the costs for the window to show.

    Raises:
        DesktopPoseError: They cannot be written.
    """
    document = {"schema": _SCHEMA, "costs": [asdict(cost) for cost in costs]}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / _FILE_NAME, json.dumps(document).encode())
    except OSError as error:
        raise DesktopPoseError(
            f"The figures cannot be kept in {folder} ({error.strerror})", "Allow writing there"
        ) from error


def saved(folder: Path) -> tuple[Cost, ...]:
    """The costs kept last, the base first; none where there are none that can be read."""
    try:
        document = json.loads((folder / _FILE_NAME).read_text("utf-8"))
        return tuple(Cost(**cost) for cost in document["costs"]) if document["schema"] == _SCHEMA else ()
    except (OSError, ValueError, KeyError, TypeError):
        return ()
