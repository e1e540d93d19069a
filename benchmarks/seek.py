"""How long playback takes from a jump to a finished picture, in an hour-long session with video.

    python -m benchmarks.seek [--minutes 60] [--size 1280x720] [--jumps 60] [--keep FOLDER]

Makes the session first (with `--keep` once, in a folder that stays), by the recorder's own writer: the
shipped demo clip over and over in a frame of that size, 30 frames a second, one person in each. Each jump is
to a random place; what is timed is finding the frame, its landmarks, decoding from the key frame before it,
and rendering into 1280x720.
"""

import argparse
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from desktop_pose.core.frames import Frame, Image, Size, SourceKind
from desktop_pose.core.poses import FramePoses, Person
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Backend, PoseModel, RecordingKind, Rotation, parse_size
from desktop_pose.engine.playback_frames import SessionFrames
from desktop_pose.recording.session import SessionHeader
from desktop_pose.recording.writer import SessionWriter
from desktop_pose.render.painter import PicturePainter
from tests.support.pictures import clip_pictures

FPS = 30
PERIOD_NS = 1_000_000_000 // FPS
VIEW = Size(1280, 720)


def main() -> None:
    options = _options()
    size = parse_size(options.size)
    with tempfile.TemporaryDirectory(prefix="desktop-pose-seek-") as temporary:
        folder = options.keep or Path(temporary)
        kept = sorted(folder.glob("*/landmarks.sqlite"))
        session = kept[0].parent if kept else make_session(folder, size, options.minutes * 60 * FPS)
        bytes_used = sum(path.stat().st_size for path in session.iterdir())
        started = time.perf_counter()
        with SessionFrames.open(session) as frames:
            opened_ms = 1000 * (time.perf_counter() - started)
            jumps_ms = sorted(time_jumps(frames, options.jumps))
    print(
        f"{frames.timeline.numbers.size / 60 / FPS:.0f} minutes of {size} at {FPS}/s, "
        f"{bytes_used / 1e6:.0f} MB; "
        f"opened in {opened_ms:.0f} ms"
    )
    print(
        f"{len(jumps_ms)} jumps, ms from jump to picture: median {statistics.median(jumps_ms):.1f}, "
        f"95th percentile {jumps_ms[int(0.95 * len(jumps_ms))]:.1f}, most {jumps_ms[-1]:.1f}"
    )


def time_jumps(frames: SessionFrames, count: int) -> Iterator[float]:
    """Milliseconds of each of `count` jumps to random places."""
    painter = PicturePainter()
    places = random.Random(11)
    frames.read(0, raw=False)
    for _ in range(count):
        place = places.randrange(frames.timeline.numbers.size)
        started = time.perf_counter()
        image, poses = frames.read(place, raw=False)
        painter.paint(image, poses, VIEW, mirror=False)
        yield 1000 * (time.perf_counter() - started)


def make_session(folder: Path, size: Size, count: int) -> Path:
    """A session of `count` frames in `folder`."""
    pictures = list(
        itertools.islice(clip_pictures(resources_dir() / "demo" / "balance.mp4", size, crop=True), 100)
    )
    writer = SessionWriter.create(folder, _header(size), RecordingKind.VIDEO)
    rng = np.random.default_rng(11)
    people = [_person(rng) for _ in pictures]
    for number in range(count):
        picture = pictures[number % len(pictures)]
        time_ns = number * PERIOD_NS
        writer.write(_frame(number, time_ns, picture), FramePoses((people[number % len(people)],)), 0)
        if number % (FPS * 60) == 0:
            print(f"\rrecording minute {number // (FPS * 60)}", end="", flush=True)
    writer.finalise()
    print("\r", end="")
    return writer.path


def _frame(number: int, time_ns: int, picture: Image) -> Frame:
    return Frame(number, time_ns, time_ns, picture)


def _person(rng: np.random.Generator) -> Person:
    def numbers(columns: int) -> "np.typing.NDArray[np.float32]":
        return rng.random((33, columns)).astype(np.float32)

    return Person(0, numbers(5), numbers(3), numbers(5), numbers(3), 0.9)


def _header(size: Size) -> SessionHeader:
    return SessionHeader(
        program_version="benchmark",
        backend=Backend.LITERT,
        model=PoseModel.FULL,
        model_sha256="",
        source="demo",
        source_kind=SourceKind.DEMO,
        size=size,
        rotation=Rotation.NONE,
        is_mirrored=False,
        machine="",
        settings={},
        started=datetime.now(timezone.utc),
        timezone="UTC",
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--jumps", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="folder of the session, made if it is not there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
