"""How long it takes from the start of the process to the first painted picture with a skeleton on it.

Cold: nothing derived is cached by the program, and, where we may, nothing of it in the system's memory.
Warm: started before.

usage: python -m benchmarks.startup [--runs 5] [--display offscreen|xvfb]
"""

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.surroundings import DISPLAYS, ROOT, fresh_environment, machine

TARGET_S = 2.0
_PATIENCE_S = 60


def startup_s(arguments: list[str], variables: dict[str, str]) -> float:
    """Seconds from the start of the process to the first painted picture with a skeleton."""
    started_ns = time.monotonic_ns()
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.startup_child", *arguments],
        cwd=ROOT,
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        for line in child.stdout:
            with contextlib.suppress(ValueError):
                return (int(line) - started_ns) / 1e9
        sys.exit("The program ended before it showed anybody")
    finally:
        child.terminate()
        child.communicate(timeout=_PATIENCE_S)


def forget_files() -> bool:
    """Make the system forget the files it keeps in memory; False where we may not."""
    try:
        subprocess.run(["sync"], check=True)
        Path("/proc/sys/vm/drop_caches").write_text("3", "ascii")
    except OSError:
        return False
    return True


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="warm starts")
    parser.add_argument("--display", choices=DISPLAYS, action="append", help="both unless given")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("arguments", nargs="*", default=[], help="of the program, after --")
    options = parser.parse_args()
    rows = []
    for display in options.display or DISPLAYS:
        with fresh_environment(display) as variables:
            are_forgotten = forget_files()
            cold_s = startup_s(options.arguments, variables)
            warm_s = [startup_s(options.arguments, variables) for _ in range(options.runs)]
        median_s = statistics.median(warm_s)
        print(
            f"{display:10} cold {cold_s:.2f} s{'' if are_forgotten else ' (files still in memory)'}, "
            f"warm {median_s:.2f} s ({min(warm_s):.2f} to {max(warm_s):.2f}; target {TARGET_S} s: "
            f"{'met' if median_s <= TARGET_S else 'missed'})"
        )
        rows.append(
            {"display": display, "cold_s": cold_s, "files_forgotten": are_forgotten, "warm_s": warm_s}
        )
    if options.json is not None:
        document = {"schema": 1, "machine": machine(), "rows": rows}
        options.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
