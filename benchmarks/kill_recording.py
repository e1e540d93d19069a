"""Kills recordings at random moments, and looks whether anything acknowledged is missing.

Each recording runs in a process of its own, at camera speed, and writes to a pipe the number of frames whose
transaction is committed. It is killed (SIGKILL) at a random moment; then every session has to open, hold
every acknowledged frame as it was written, miss at most a second of what was captured, and have a video that
agrees with the landmarks frame by frame, before and after its repair.

usage: python -m benchmarks.kill_recording [--count 50] [--seed 1]
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import av
import numpy as np

from benchmarks.surroundings import ROOT
from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.frames import Frame, Size
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording.library import find_interrupted, list_sessions, repair
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import SessionState
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import make_header, make_poses

SIZE = Size(640, 360)
INTERVAL_NS = NS_PER_S // 30
LONGEST_S = 4.0
_GREY_TOLERANCE = 3.0


def picture_grey(index: int) -> int:
    """The grey level that tells which frame a picture is of."""
    return 20 + index * 7 % 200


def record(folder: Path, kind: RecordingKind) -> None:
    """Record at 30 frames a second until killed, acknowledging what is committed."""
    rng = np.random.default_rng(3)
    writer = SessionWriter.create(folder, make_header(SIZE), kind)
    began_ns = monotonic_ns()
    pause = threading.Event()
    acknowledged = 0
    for index in range(10_000):
        image = np.full((SIZE.height_px, SIZE.width_px, 3), picture_grey(index), np.uint8)
        writer.write(
            Frame(index, index * INTERVAL_NS, began_ns + index * INTERVAL_NS, image),
            make_poses(rng, index),
            0,
        )
        sys.stdout.write(f"w{index + 1}\n")
        if writer.committed_frames > acknowledged:
            acknowledged = writer.committed_frames
            sys.stdout.write(f"a{acknowledged}\n")
        sys.stdout.flush()
        pause.wait(max(0.0, (began_ns + (index + 1) * INTERVAL_NS - monotonic_ns()) / NS_PER_S))


def kill_one(folder: Path, kind: RecordingKind, after_s: float) -> tuple[int, int]:
    """Record and kill after so many seconds: the last acknowledged and the last written number of frames."""
    command = [sys.executable, "-m", "benchmarks.kill_recording", "--child", str(folder), kind.value]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()  # the first frame is written: from here on there is something to lose
    timer = threading.Timer(after_s, child.kill)
    timer.start()
    lines = child.stdout.read().split("\n")[:-1]
    child.wait()
    timer.join()
    acknowledged = max((int(line[1:]) for line in lines if line.startswith("a")), default=0)
    written = max((int(line[1:]) for line in lines if line.startswith("w")), default=1)
    return acknowledged, written


def check(folder: Path, kind: RecordingKind, acknowledged: int, written: int) -> list[str]:
    """What is wrong with the one session in `folder`; empty where nothing is."""
    (info,) = list_sessions(folder)
    faults = []
    if info.state is not SessionState.INTERRUPTED or find_interrupted(folder) != (info.path,):
        faults.append(f"it counts as {info.state.value}")
    faults += _faults_of_frames(info.path, acknowledged, written)
    before = _greys(info.path) if kind.has_video else []
    repaired = repair(info)
    if repaired.state is not SessionState.RECOVERED:
        faults.append(f"repaired, it counts as {repaired.state.value}")
    faults += _faults_of_frames(info.path, acknowledged, written)
    if kind.has_video:
        after = _greys(info.path)
        if len(after) < written - 30:
            faults.append(f"the video has {len(after)} of {written} pictures")
        if len(after) < len(before):
            faults.append(f"its repair lost {len(before) - len(after)} pictures")
        for number, grey in enumerate(after):
            if abs(grey - picture_grey(number)) > _GREY_TOLERANCE:
                faults.append(f"picture {number} is of another frame")
                break
    return faults


def _faults_of_frames(path: Path, acknowledged: int, written: int) -> list[str]:
    rng = np.random.default_rng(3)
    count = 0
    with SessionReader.open(path) as reader:
        for frame in reader.frames():
            poses = make_poses(rng, count)
            same = len(poses.people) == len(frame.people) and all(
                np.array_equal(one.landmarks, other.landmarks)
                for one, other in zip(poses.people, frame.people, strict=True)
            )
            if frame.index != count or not same:
                return [f"frame {count} is not what was written"]
            count += 1
        if (reader.timeline().video_frames >= 0).any() and (
            reader.timeline().video_frames != np.arange(count)
        ).any():
            return ["its video frames are not those of its frames"]
    if count < acknowledged:
        return [f"{acknowledged - count} acknowledged frames are missing"]
    if written - count > 30:
        return [f"{written - count} frames are missing, more than a second"]
    return []


def _greys(path: Path) -> list[float]:
    greys: list[float] = []
    with SessionReader.open(path) as reader:
        files = reader.videos()
    for file in files:
        try:
            with av.open(str(file.path)) as container:
                greys += [frame.to_ndarray(format="bgr24").mean() for frame in container.decode(video=0)]
        except av.error.FFmpegError:
            continue  # cut short
    return greys


def main() -> None:
    """Kill recordings and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", nargs=2, metavar=("FOLDER", "KIND"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        record(Path(options.child[0]), RecordingKind(options.child[1]))
        return
    chance = random.Random(options.seed)
    bad = missing = 0
    for number in range(options.count):
        kind = chance.choice([RecordingKind.LANDMARKS, RecordingKind.VIDEO])
        after_s = chance.uniform(0, LONGEST_S)
        with tempfile.TemporaryDirectory() as folder:
            acknowledged, written = kill_one(Path(folder), kind, after_s)
            faults = check(Path(folder), kind, acknowledged, written)
        bad += bool(faults)
        missing = max(missing, written - acknowledged)
        state = "; ".join(faults) or "whole"
        print(
            f"{number + 1:3} {kind.value:9} after {after_s:4.2f} s: {acknowledged} of {written} safe, {state}"
        )
    print(
        f"{options.count - bad} of {options.count} sessions are whole;"
        f" at most {missing} frames had not been acknowledged"
    )
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
