"""What the application uses on this machine and why, and MediaPipe's legacy advice checked against that.

The application shows a 1280x720 stream of 30 frames a second on an X server of its own, with its charts. Each
part takes at most a minute and keeps its figures in `build/resource-report/`, so that it can have the machine
to itself; the last call puts them together.

usage: python -m benchmarks.resource_report --part PART   measure one part (see --help for their names)
       python -m benchmarks.resource_report               measure what is missing, and write the page
       python -m benchmarks.resource_report --assemble    write docs/resource-report.md from what is there
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.resource_advice import in_a_child
from benchmarks.resource_page import page
from benchmarks.surroundings import ROOT, camera, fresh_environment, machine
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import PoseModel
from desktop_pose.engine.resources import costs as setting_costs
from desktop_pose.engine.resources.costs import Variant
from desktop_pose.pose.models import prepare_model

FOLDER = ROOT / "build" / "resource-report"
PAGE = ROOT / "docs" / "resource-report.md"
_RUN_S = 9.0
_SHORT_S = 6.5

Runs = Callable[[tuple[str, ...], float], dict[str, Any]]


@contextmanager
def application() -> Iterator[Runs]:
    """Runs the application on the stream with the arguments given; its report, with its resources."""
    with camera() as address, fresh_environment("xvfb") as environment, tempfile.TemporaryDirectory() as name:
        for model in PoseModel:  # as after the first start
            prepare_model(
                model, resources_dir() / "models", Path(environment["XDG_CACHE_HOME"], "desktop-pose")
            )
        resources = Path(name) / "resources.json"

        def run(arguments: tuple[str, ...], seconds: float) -> dict[str, Any]:
            report = setting_costs.report_of(
                ("--resources", str(resources), *arguments),
                seconds,
                address,
                is_headless=False,
                environment=environment,
            )
            assert report is not None
            return report | {"resources": json.loads(resources.read_text("utf-8"))}

        yield run


def models() -> dict[str, Any]:
    """Lite, full and heavy, for longer: memory by part, threads, a frame."""
    figures = {}
    with application() as run:
        for model in ("lite", "full", "heavy"):
            figures[model] = run(("--model", model), _RUN_S)
    return figures


def settings(names: Callable[[str], bool]) -> dict[str, Any]:
    """The base and some other variants, in one go: differences hold within it."""
    base, *others = setting_costs.all_variants()
    costs = {}
    with application() as run:
        for variant in (base, *(variant for variant in others if names(variant.name))):
            costs[variant.name] = _cost(variant, run)
    return costs


def _cost(variant: Variant, run: Runs) -> dict[str, Any]:
    report = run(variant.arguments, _SHORT_S)
    return {
        "cpu_percent": report["cpu"]["process_percent_of_core"],
        "rss_mb": report["memory_mb"]["rss"],
        "latency_p95_ms": report["latency_ms"]["capture_to_display"]["p95"],
        "shown_per_s": report["fps"]["display"],
    }


def _is_of_the_model(name: str) -> bool:
    return name in ("lite", "heavy") or "thread" in name or "mask" in name


def core() -> dict[str, Any]:
    """The pose core alone: models, mask, forgetting, and one resize or several."""
    figures: dict[str, Any] = {
        f"{model}, 1 thread": in_a_child("tracking", model, 1, 0, 0) for model in ("lite", "full", "heavy")
    }
    figures["full with mask"] = in_a_child("tracking", "full", 1, 1, 0)
    figures["full without reuse"] = in_a_child("tracking", "full", 1, 0, 1)
    figures["resizing"] = in_a_child("resizing")
    return figures


def threads() -> dict[str, Any]:
    """Full on one, two and four threads, twice in turns."""
    runs = [{count: in_a_child("tracking", "full", count, 0, 0) for count in (1, 2, 4)} for _ in range(2)]
    return {
        str(count): {name: sum(turn[count][name] for turn in runs) / len(runs) for name in runs[0][count]}
        for count in (1, 2, 4)
    }


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "models": models,
    "settings-of-the-model": lambda: settings(_is_of_the_model),
    "other-settings": lambda: settings(lambda name: not _is_of_the_model(name)),
    "core": core,
    "threads": threads,
}


def main() -> None:
    """Measure what is asked for; write the page when nothing is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--part", choices=PARTS, help="measure this part, again if it has been")
    parser.add_argument("--assemble", action="store_true", help="measure nothing")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = {name: FOLDER / f"{name}.json" for name in PARTS}
    wanted = [options.part] if options.part else [name for name, file in files.items() if not file.exists()]
    for name in () if options.assemble else wanted:
        print(f"measuring {name}", file=sys.stderr)
        document = {"machine": machine(), "figures": PARTS[name]()}
        files[name].write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    if options.part:
        return
    parts = {name: json.loads(file.read_text("utf-8")) for name, file in files.items() if file.exists()}
    missing = PARTS.keys() - parts
    if missing:
        sys.exit(f"Not measured yet: {', '.join(sorted(missing))}")
    figures = {name: part["figures"] for name, part in parts.items()}
    PAGE.write_text(page(figures, parts["models"]["machine"]), "utf-8")


if __name__ == "__main__":
    main()
