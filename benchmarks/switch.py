"""Whether the display goes on while model and threads change: the fewest pictures in any 200 ms.

The window is open on the 1280x720 stream; every 3 s another model or thread count is asked for, with nothing
cached. Counted are the pictures painted from the wish to 1 s after the new tracker is in use, and for
comparison in the 1.5 s before the wish: what the machine does when nothing changes.

usage: python -m benchmarks.switch [--display offscreen|xvfb] [--rounds 2]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.surroundings import DISPLAYS, ROOT, camera, fresh_environment

TARGET = 4
SWITCHES = (("lite", 2), ("lite", 1), ("full", 1), ("full", 2))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--display", choices=DISPLAYS, default="xvfb")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    rows = []
    with camera() as address, fresh_environment(options.display) as variables:
        switches = json.dumps(SWITCHES * options.rounds)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.switch_child", address, switches],
            cwd=ROOT,
            env=variables,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    for line in done.stdout.splitlines():
        row = json.loads(line)
        rows.append(row)
        verdict = "" if row["fewest_in_200_ms"] >= TARGET else "  missed"
        print(
            f"to {row['model']}, {row['threads']} threads: in use after {row['took_ms']:.0f} ms, "
            f"fewest pictures in 200 ms {row['fewest_in_200_ms']} "
            f"(before {row['fewest_before']}, target {TARGET}){verdict}"
        )
    if options.json is not None:
        options.json.write_text(json.dumps({"schema": 1, "rows": rows}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
