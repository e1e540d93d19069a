"""The application beside the plain MediaPipe loop, on the same 1280x720 stream of 30 frames a second.

The two take turns (A B A B), never together, so that a ratio holds on a noisy machine. Processor time is user
and system time of the process and its children over wall time, from 2 s after the first displayed frame;
latency runs from the return of `grab` to the picture being painted, which holds the decoding of the JPEG for
the application and not for the loop, whose `grab` decodes; the camera and the X server are outside the count.
The charts of the application are on. Targets stand as they were set and at the speed of this machine, see
`benchmarks.side_by_side`.

usage: python -m benchmarks.live [--seconds 60] [--rounds 2] [--model lite --model full] [--json FILE]
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.side_by_side import middle, prepare_loop, run_app, run_loop, slowness, table
from benchmarks.surroundings import DEMO_CLIP, DISPLAYS, camera, fresh_environment, machine

MODELS = ("lite", "full")
TARGETS = {
    "lite": {"fps": 29.0, "latency_p95_ms": 15.0, "cpu_percent": 40.0, "rss_peak_mb": 240.0},
    "full": {"fps": 29.0, "latency_p95_ms": 20.0, "cpu_percent": 55.0, "rss_peak_mb": 250.0},
}
_FIRST_RUN_S = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="length of a run")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each")
    parser.add_argument("--model", choices=MODELS, action="append", help="lite and full unless given")
    parser.add_argument("--display", choices=DISPLAYS, default="xvfb")
    parser.add_argument("--clip", type=Path, default=DEMO_CLIP, help="what the camera sees")
    parser.add_argument("--without-loop", action="store_true", help="measure the application alone")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    has_loop = not options.without_loop and options.display == "xvfb"
    if has_loop:
        prepare_loop()
    results = []
    with camera(options.clip) as address, fresh_environment(options.display) as variables:
        for model in options.model or MODELS:
            run_app(model, address, _FIRST_RUN_S, variables)  # strips the model and caches it
            app_runs, loop_runs = [], []
            for turn in range(options.rounds):
                print(f"{model}: turn {turn + 1} of {options.rounds}", file=sys.stderr)
                app_runs.append(run_app(model, address, options.seconds, variables))
                if has_loop:
                    loop_runs.append(run_loop(model, address, options.seconds, variables))
            app, loop = middle(app_runs), middle(loop_runs) if loop_runs else None
            loops = {} if loop is None else {"plain loop": loop}
            slower = None if loop is None else slowness(model, loop, opencv_threads=None)
            print(f"\n{table(model, app, loops, TARGETS[model], slower)}")
            results.append({
                "model": model,
                "slower": slower,
                "application": asdict(app),
                "plain_loop": None if loop is None else asdict(loop),
                "runs": {
                    "application": [asdict(run) for run in app_runs],
                    "plain_loop": [asdict(run) for run in loop_runs],
                },
            })  # fmt: skip
    if options.json is not None:
        document = {"schema": 1, "machine": machine(), "seconds": options.seconds, "results": results}
        options.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
