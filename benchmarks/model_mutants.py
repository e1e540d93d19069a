"""Whether damaged files given as a model of the user's own ever crash this process.

    python -m benchmarks.model_mutants [--count N] [--model lite|full|heavy]

A quarter each: truncated; a bit flipped in the structure; bytes overwritten in the structure; a bit flipped
in the weights. What passes the trial in the child process is then opened here and tracks the demo clip for a
moment, as it would in the application. Says how many were refused and why; that it comes to its end is the
result.
"""

import argparse
import collections
import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from benchmarks.surroundings import DEMO_CLIP
from desktop_pose.core.errors import ModelError
from desktop_pose.core.frames import Image
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Backend, PoseModel, core_count
from desktop_pose.pose.manifest import read_model
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import TrackerOptions

FRAMES = 5
FRAME_NS = 33_000_000
KINDS = ("truncated", "structure, a bit", "structure, bytes", "weights, a bit")


def mutants(content: bytes, count: int, seed: int) -> list[tuple[str, bytes]]:
    chance = random.Random(seed)
    start = structure_start(content)
    made = []
    for number in range(count):
        kind, mutant = KINDS[number % len(KINDS)], bytearray(content)
        if kind == "truncated":
            del mutant[chance.randrange(len(content)) :]
        elif kind == "structure, a bit":
            mutant[chance.randrange(start, len(content))] ^= 1 << chance.randrange(8)
        elif kind == "structure, bytes":
            place = chance.randrange(start, len(content) - 4)
            mutant[place : place + 4] = chance.randbytes(4)
        else:
            mutant[chance.randrange(start)] ^= 1 << chance.randrange(8)
        made.append((kind, bytes(mutant)))
    return made


def structure_start(content: bytes) -> int:
    """Where the weights end and the tables of the file, which fill the rest, begin: with the graph's name."""
    return content.rindex(b"main")


def frames() -> list[Image]:
    capture = cv2.VideoCapture(str(DEMO_CLIP))
    read = [capture.read()[1] for _ in range(FRAMES)]
    capture.release()
    return read


def tracked(path: Path, images: list[Image]) -> str:
    """What became of the mutant in `path`."""
    options = TrackerOptions(Backend.LITERT, threads=1, model_file=path)
    try:
        tracker = open_tracker(options, resources_dir() / "models", None)
    except ModelError as error:
        return error.message.partition(": ")[2][:60]
    found = 0
    with np.errstate(all="ignore"):
        for number, image in enumerate(images, start=1):
            found += bool(tracker.track(image, number * FRAME_NS).people)
    tracker.close()
    return f"passed, somebody in {found} of {len(images)} frames"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--model", choices=[model.value for model in PoseModel], default="lite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    made = mutants(read_model(resources_dir() / "models", given.model), given.count, given.seed)
    images = frames()
    with tempfile.TemporaryDirectory(prefix="desktop-pose-benchmark-") as name:
        paths = []
        for number, (_, mutant) in enumerate(made):
            paths.append(Path(name) / f"{number}.tflite")
            paths[-1].write_bytes(mutant)
        with ThreadPoolExecutor(core_count()) as pool:
            ends = list(pool.map(lambda path: tracked(path, images), paths))
    table = collections.Counter((kind, end) for (kind, _), end in zip(made, ends, strict=True))
    for (kind, end), count in sorted(table.items()):
        print(f"{count:4}  {kind:17}  {end}")
    print(f"{len(ends)} mutants, and this process is still there")


if __name__ == "__main__":
    main()
