"""The annotated video, decoded again: how many pictures, which ones, and what is drawn on them."""

from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from desktop_pose.core.frames import Image, Size
from desktop_pose.core.poses import Person
from desktop_pose.core.settings import RecordingKind
from desktop_pose.core.topology import LANDMARK_NAMES
from desktop_pose.engine.exports import export, pictures_of
from desktop_pose.recording.exporters import ExportOptions
from desktop_pose.recording.exporters.protocol import CHARTS
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.recorded import RecordedFrame, TrackedPoses
from tests.recording.conftest import finished_session, sessions_dir  # noqa: F401  # fixtures

SIZE = Size(320, 240)


def leaning_person(x: float = 0.5) -> Person:
    """Somebody whose left arm lies level from the middle to the right, all else in one place."""
    landmarks = np.zeros((33, 5), np.float32)
    landmarks[:, :2] = 0.1
    landmarks[:, 3:] = 1
    for step, name in enumerate(("left_shoulder", "left_elbow", "left_wrist")):
        landmarks[LANDMARK_NAMES.index(name), :2] = x + 0.15 * step, 0.5
    world = np.random.default_rng(1).normal(size=(33, 3)).astype(np.float32)
    return Person(0, landmarks, world, None, None, 1.0)


def poses(times_ms: list[float], people: tuple[Person, ...], size: Size = SIZE) -> TrackedPoses:
    frames = [
        RecordedFrame(index, round(time * 1e6), False, 0, people) for index, time in enumerate(times_ms)
    ]
    return TrackedPoses(size, frames)


def grey(index: int, size: Size = SIZE) -> Image:
    return np.full((size.height_px, size.width_px, 3), 40 + 20 * index, np.uint8)


def greys(*indices: int, size: Size = SIZE):
    def pictures() -> Generator[tuple[int, Image]]:
        for index in indices:
            yield index, grey(index, size)

    return pictures


def decoded(path: Path) -> list[Image]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def levels(images: list[Image]) -> list[int]:
    """Which of the greys each picture shows in a corner where nobody is; -2 is black."""
    return [round((float(image[-20:, :20].mean()) - 40) / 20) for image in images]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_it_is_h264_of_the_size_and_rate(tmp_path: Path, suffix: str) -> None:
    export(poses([0, 40, 80], ()), tmp_path / f"x{suffix}", "video", ExportOptions(rate_hz=50))
    with av.open(str(tmp_path / f"x{suffix}")) as container:
        assert ("matroska" if suffix == ".mkv" else "mp4") in container.format.name
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert (stream.width, stream.height, stream.average_rate) == (320, 240, 50)
        times = [frame.time for frame in container.decode(stream)]
    assert times == pytest.approx([0, 0.02, 0.04, 0.06, 0.08], abs=0.001)


def test_the_skeleton_lies_on_the_picture(tmp_path: Path) -> None:
    options = ExportOptions(pictures=greys(0, 1, 2))
    export(poses([0, 40, 80], (leaning_person(),)), tmp_path / "x.mp4", "video", options)
    images = decoded(tmp_path / "x.mp4")
    assert levels(images) == [0, 1, 2]
    blue, _, red = images[1][120, 185].astype(int)
    assert red - blue > 80  # the orange of the left side
    away = images[1][150:230, 20:300].astype(int)
    assert np.abs(away - 60).max() < 12


def test_a_skeleton_of_long_ago_is_drawn_with_rings(tmp_path: Path) -> None:
    people = (leaning_person(),)
    frames = [RecordedFrame(index, index * 500_000_000, index == 1, 0, people) for index in range(3)]
    options = ExportOptions(pictures=lambda: ((index, grey(0)) for index in range(3)))
    export(TrackedPoses(SIZE, frames), tmp_path / "x.mp4", "video", options)
    seen, carried_on, seen_again = (image.astype(int) for image in decoded(tmp_path / "x.mp4"))
    assert (np.abs(seen - carried_on) > 60).sum() > 200
    assert (np.abs(seen - seen_again) > 60).sum() == 0


def test_angles_are_written_only_when_wanted(tmp_path: Path) -> None:
    for name, angles in (("without", False), ("with", True)):
        options = ExportOptions(pictures=greys(0), angles=angles)
        export(poses([0], (leaning_person(),)), tmp_path / f"{name}.mp4", "video", options)
    without, written = (decoded(tmp_path / f"{name}.mp4")[0].astype(int) for name in ("without", "with"))
    changed = np.abs(without - written).max(axis=2) > 40
    assert changed[100:140, 200:300].any()  # beside the elbow and the wrist
    assert not changed[160:, :].any()


def test_the_nearest_picture_is_shown_with_its_own_people(tmp_path: Path) -> None:
    people = [(leaning_person(),), (), (), (), ()]
    frames = [RecordedFrame(index, index * 40_000_000, False, 0, each) for index, each in enumerate(people)]
    options = ExportOptions(rate_hz=12.5, pictures=greys(0, 1, 2, 3, 4))
    export(TrackedPoses(SIZE, frames), tmp_path / "x.mp4", "video", options)
    images = decoded(tmp_path / "x.mp4")
    assert levels(images) == [0, 2, 4]
    has_orange = [bool((image[..., 2].astype(int) - image[..., 0] > 80).any()) for image in images]
    assert has_orange == [True, False, False]


def test_nobody_stands_in_a_gap(tmp_path: Path) -> None:
    options = ExportOptions(pictures=greys(0, 1, 2, 3))
    export(poses([0, 100, 600, 700], (leaning_person(),)), tmp_path / "x.mp4", "video", options)
    images = decoded(tmp_path / "x.mp4")
    assert levels(images) == [0, 1, 1, 1, 2, 2, 2, 3]
    has_orange = [bool((image[..., 2].astype(int) - image[..., 0] > 80).any()) for image in images]
    assert has_orange == [True, True, *[False] * 4, True, True]


def test_where_there_is_no_picture_it_is_black(tmp_path: Path) -> None:
    export(
        poses([0, 40, 80], (leaning_person(),)), tmp_path / "x.mp4", "video",
        ExportOptions(pictures=greys(1)),
    )  # fmt: skip
    images = decoded(tmp_path / "x.mp4")
    assert levels(images) == [-2, 1, -2]
    assert images[0].max() > 100


def test_smaller_pictures_are_enlarged(tmp_path: Path) -> None:
    options = ExportOptions(pictures=greys(0, size=Size(160, 120)))
    export(poses([0], (leaning_person(),)), tmp_path / "x.mp4", "video", options)
    (image,) = decoded(tmp_path / "x.mp4")
    assert (image.shape, levels([image])) == ((240, 320, 3), [0])


@pytest.mark.parametrize("size", [Size(63, 47), Size(8, 8)])
def test_odd_and_tiny_sizes(tmp_path: Path, size: Size) -> None:
    options = ExportOptions(pictures=greys(0, 1, size=size))
    export(poses([0, 40], (), size), tmp_path / "x.mp4", "video", options)
    images = decoded(tmp_path / "x.mp4")
    assert len(images) == 2
    assert abs(float(images[1].mean()) - 60) < 6


def test_pictures_of_a_session(finished_session: Callable[..., Path], tmp_path: Path) -> None:  # noqa: F811
    with SessionReader.open(finished_session(30, RecordingKind.VIDEO)) as session:
        pictures = pictures_of(session)
        assert pictures is not None
        for _ in range(2):
            shown = {index: float(image.mean()) for index, image in pictures()}
            assert set(shown) == {frame.index for frame in session.frames()}
            assert all(abs(level - (index * 7 % 200 + 21.5)) < 6 for index, level in shown.items())
        export(session, tmp_path / "x.mp4", "video", ExportOptions(pictures=pictures))
    assert len(decoded(tmp_path / "x.mp4")) > 30


def test_a_session_without_video_has_none(finished_session: Callable[..., Path]) -> None:  # noqa: F811
    with SessionReader.open(finished_session(3)) as session:
        assert pictures_of(session) is None


def test_charts_stand_below_the_picture_and_go_on_with_it(tmp_path: Path) -> None:
    people = [replace(leaning_person(), world=bent(angle)) for angle in range(0, 100, 2)]
    frames = [
        RecordedFrame(place, place * 40_000_000, False, 0, (each,)) for place, each in enumerate(people)
    ]
    for name, charts in (("without", ()), ("with", ("elbow_flexion", "trunk_lean"))):
        options = ExportOptions(pictures=greys(*range(4)), charts=charts)
        export(TrackedPoses(SIZE, frames), tmp_path / f"{name}.mp4", "video", options)
    plain, images = decoded(tmp_path / "without.mp4"), decoded(tmp_path / "with.mp4")
    assert len(plain) == len(images) == 50
    assert images[0].shape == (240 + 64, 320, 3)
    for one, other in zip(plain, images, strict=True):
        assert np.abs(one[:230].astype(int) - other[:230]).mean() < 2
    strips = [image[244:].astype(int) for image in images]
    is_orange = strips[0][..., 2] - strips[0][..., 0] > 40  # the left elbow
    rows = [np.flatnonzero(is_orange[28:, column]).mean() for column in (40, 90, 140)]
    assert np.diff(rows).max() < -5  # it rises
    assert not is_orange[:, 165:].any()  # what has no side is white
    cursors = [int(strip[38:54, 28:150].min(axis=(0, 2)).argmax()) for strip in strips[3:45]]
    assert np.diff(cursors).min() > -3  # where it crosses a curve it seems to waver
    assert cursors[-1] - cursors[0] > 80


def bent(angle_deg: float) -> np.ndarray:
    """World landmarks whose left elbow is bent by so much."""
    world = np.random.default_rng(1).normal(size=(33, 3)).astype(np.float32)
    shoulder, elbow, wrist = (LANDMARK_NAMES.index(f"left_{name}") for name in ("shoulder", "elbow", "wrist"))
    turn = np.radians(angle_deg)
    world[elbow] = world[shoulder] + (0.3, 0, 0)
    world[wrist] = world[elbow] + (0.3 * np.cos(turn), 0.3 * np.sin(turn), 0)
    return world


def test_only_charts_there_are_and_no_more_than_fit() -> None:
    for charts in (("knee",), ("knee_flexion",) * 5):
        with pytest.raises(ValueError, match="charts are at most 4"):
            ExportOptions(charts=charts)


@pytest.mark.parametrize("size", [Size(64, 48), Size(8, 8), Size(1280, 720)])
def test_charts_of_nobody_and_in_no_room(tmp_path: Path, size: Size) -> None:
    options = ExportOptions(charts=CHARTS[:4])
    export(poses([0, 40, 900], (), size), tmp_path / "x.mp4", "video", options)
    assert decoded(tmp_path / "x.mp4")[0].shape[0] >= size.height_px + 64
