"""Seeded random poses and pictures, and sessions made of them."""

import itertools
import os
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.frames import Frame, Size, SourceKind
from desktop_pose.core.poses import FramePoses, Person
from desktop_pose.core.settings import Backend, PoseModel, RecordingKind, Rotation
from desktop_pose.recording.session import SessionHeader
from desktop_pose.recording.writer import SessionWriter

SIZE = Size(64, 48)
INTERVAL_NS = 33_366_700  # a rate that no millisecond fits
CAPTURE_START_NS = 7_000_000_000_000
STARTED = datetime(2026, 11, 21, 14, 3, 22, 123_000, timezone(timedelta(hours=1)))


def make_header(size: Size = SIZE, started: datetime = STARTED) -> SessionHeader:
    return SessionHeader(
        program_version="0.1.0",
        backend=Backend.LITERT,
        model=PoseModel.FULL,
        model_sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        source="Kamera „vorn“",
        source_kind=SourceKind.CAMERA,
        size=size,
        rotation=Rotation.RIGHT,
        is_mirrored=True,
        machine="test machine",
        settings={"model": "full", "threads": 2, "mirror": None, "size": "64x48"},
        started=started,
        timezone="CET",
    )


def make_person(rng: np.random.Generator, person_id: int = 0, *, has_raw: bool = True) -> Person:
    def numbers(columns: int) -> np.ndarray:
        return rng.normal(0.5, 0.4, (33, columns)).astype(np.float32)

    return Person(
        id=person_id,
        landmarks=numbers(5),
        world=numbers(3),
        raw_landmarks=numbers(5) if has_raw else None,
        raw_world=numbers(3) if has_raw else None,
        score=float(rng.random()),
    )


def make_poses(rng: np.random.Generator, index: int, *, has_raw: bool = True) -> FramePoses:
    """One person mostly, nobody in every fifth frame, two in every seventh."""
    count = 0 if index % 5 == 4 else 2 if index % 7 == 6 else 1
    people = tuple(make_person(rng, number, has_raw=has_raw) for number in range(count))
    return FramePoses(people, reused=index % 3 == 2, detector_ran=(None, True, False)[index % 3])


def make_frame(rng: np.random.Generator, index: int, size: Size = SIZE) -> Frame:
    """A grey level that tells the index, with some noise."""
    image = np.full((size.height_px, size.width_px, 3), index * 7 % 200 + 20, np.uint8)
    image += rng.integers(0, 4, image.shape, np.uint8)
    time_ns = index * INTERVAL_NS
    return Frame(index, time_ns, CAPTURE_START_NS + time_ns, image)


def record(
    writer: SessionWriter, count: int, *, has_raw: bool = True, size: Size = SIZE
) -> list[tuple[Frame, FramePoses, int]]:
    """Write `count` frames of which every eleventh index is missing; gives back what was written."""
    rng = np.random.default_rng(20_261_121)
    written, dropped = [], 0
    for index in itertools.count():
        if len(written) == count:
            return written
        if index % 11 == 10:
            dropped += 1
            continue
        entry = make_frame(rng, index, size), make_poses(rng, index, has_raw=has_raw), dropped
        writer.write(*entry)
        written.append(entry)
        dropped = 0
    return written


@pytest.fixture
def sessions_dir(tmp_path: Path) -> Path:
    return tmp_path / "sessions"


@pytest.fixture
def finished_session(sessions_dir: Path) -> Callable[..., Path]:
    """Makes a complete session and gives its folder."""

    def make(count: int = 40, kind: RecordingKind = RecordingKind.LANDMARKS, **options: object) -> Path:
        writer = SessionWriter.create(sessions_dir, make_header(), kind)
        record(writer, count, **options)
        writer.finalise()
        return writer.path

    return make


IS_ROOT_ON_LINUX = os.name == "posix" and Path("/proc/self").exists() and os.geteuid() == 0


@pytest.fixture
def small_disk(tmp_path: Path):
    """A disk of 2 MB of its own that really fills up."""
    import subprocess

    if not IS_ROOT_ON_LINUX:
        pytest.skip("a disk can be mounted by root on Linux only")
    path = tmp_path / "disk"
    path.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", path], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let root mount a tmpfs")
    yield path
    subprocess.run(["mount", "-o", "remount,rw", path], check=True)
    subprocess.run(["umount", "-l", path], check=True)
