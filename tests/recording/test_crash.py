"""A recording whose program is killed: nothing that was acknowledged is lost."""

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording.library import delete, list_sessions, repair
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import LANDMARKS_FILE, VIDEO_FILE, SessionInfo, SessionState
from tests.recording.child import SIZE
from tests.recording.conftest import INTERVAL_NS, make_frame, make_poses

ROOT = Path(__file__).parents[2]


def start_child(folder: Path, kind: RecordingKind, *limit: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.recording.child", str(folder), kind.value, *limit]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill_after(child: subprocess.Popen[str], frames: int) -> int:
    """Kill the child once it has acknowledged so many frames; the last number it acknowledged."""
    assert child.stdout is not None
    acknowledged = 0
    while acknowledged < frames:
        acknowledged = int(child.stdout.readline())
    child.kill()
    rest = child.stdout.read().split("\n")[:-1]
    child.stdout.close()
    child.wait()
    return int(rest[-1]) if rest else acknowledged


def assert_frames_are_the_childs(info: SessionInfo, at_least: int) -> int:
    rng = np.random.default_rng(3)
    count = 0
    with SessionReader.open(info.path) as reader:
        for frame in reader.frames():
            make_frame(rng, count, SIZE)  # the child drew it from the same numbers
            poses = make_poses(rng, count)
            assert (frame.index, frame.time_ns) == (count, count * INTERVAL_NS)
            assert len(frame.people) == len(poses.people)
            for person, written in zip(frame.people, poses.people, strict=True):
                assert person.landmarks.tobytes() == written.landmarks.tobytes()
            count += 1
    assert count >= at_least
    return count


def packets_of(video: Path) -> list[tuple[int, bytes]]:
    found = []
    with av.open(str(video)) as container:
        try:
            for packet in container.demux(video=0):
                if packet.dts is not None:
                    found.append((packet.pts, bytes(packet)))
        except av.error.FFmpegError:
            pass  # cut short
    return found


@pytest.mark.parametrize("frames", [1, 40, 170, 400, 900])
def test_killed_landmarks_recording(tmp_path: Path, frames: int) -> None:
    child = start_child(tmp_path, RecordingKind.LANDMARKS)
    acknowledged = kill_after(child, frames)
    (info,) = list_sessions(tmp_path)
    assert info.state is SessionState.INTERRUPTED
    count = assert_frames_are_the_childs(info, acknowledged)
    assert info.frame_count == count
    assert info.duration_s == pytest.approx((count - 1) * INTERVAL_NS / 1e9)

    repaired = repair(info)
    assert repaired.state is SessionState.RECOVERED
    assert (repaired.frame_count, repaired.duration_s) == (count, info.duration_s)
    assert assert_frames_are_the_childs(repaired, count) == count
    assert [entry.name for entry in info.path.iterdir()] == [LANDMARKS_FILE]
    assert repair(repaired) == repaired


@pytest.mark.parametrize("frames", [60, 250])
def test_killed_video_recording(tmp_path: Path, frames: int) -> None:
    child = start_child(tmp_path, RecordingKind.VIDEO)
    acknowledged = kill_after(child, frames)
    (info,) = list_sessions(tmp_path)
    assert info.state is SessionState.INTERRUPTED
    count = assert_frames_are_the_childs(info, acknowledged)
    before = packets_of(info.path / VIDEO_FILE)
    assert len(before) * INTERVAL_NS >= acknowledged * INTERVAL_NS - 1e9, "more than a second is missing"

    repaired = repair(info)
    assert repaired.state is SessionState.RECOVERED
    assert assert_frames_are_the_childs(repaired, count) == count
    assert packets_of(info.path / VIDEO_FILE) == before, "the recorded pictures were altered"
    assert sorted(entry.name for entry in info.path.iterdir()) == [LANDMARKS_FILE, VIDEO_FILE]
    assert (info.path / VIDEO_FILE).stat().st_mode & 0o777 == 0o600
    with av.open(str(info.path / VIDEO_FILE)) as container:
        assert container.duration == pytest.approx(len(before) * INTERVAL_NS / 1000, abs=50_000)
        pictures = list(container.decode(video=0))
    assert len(pictures) == len(before)
    with SessionReader.open(info.path) as reader:
        for picture, frame in zip(pictures, reader.frames(), strict=False):
            assert picture.time * 1e9 == pytest.approx(frame.time_ns, abs=600_000)
            grey = picture.to_ndarray(format="gray").mean()
            assert grey == pytest.approx(frame.index * 7 % 200 + 21, abs=6)


def test_killed_before_the_first_cluster_of_video(tmp_path: Path) -> None:
    child = start_child(tmp_path, RecordingKind.VIDEO)
    kill_after(child, 1)
    (info,) = list_sessions(tmp_path)
    (info.path / VIDEO_FILE).write_bytes(b"")
    assert repair(info).state is SessionState.RECOVERED
    assert (info.path / VIDEO_FILE).read_bytes() == b"", "what cannot be mended is left alone"


def test_live_recording_is_neither_repaired_nor_deleted(tmp_path: Path) -> None:
    child = start_child(tmp_path, RecordingKind.LANDMARKS)
    assert child.stdout is not None
    try:
        acknowledged = int(child.stdout.readline())
        (info,) = list_sessions(tmp_path)
        assert info.state is SessionState.RECORDING
        assert info.frame_count >= acknowledged
        with pytest.raises(RecordingError, match="is being recorded"):
            repair(info)
        with pytest.raises(RecordingError, match="is being recorded"):
            delete(info.path)
    finally:
        kill_after(child, 0)
    (info,) = list_sessions(tmp_path)
    assert info.state is SessionState.INTERRUPTED
    delete(info.path)
    assert not info.path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
@pytest.mark.parametrize("kind", list(RecordingKind))
def test_a_file_that_cannot_grow_any_more(tmp_path: Path, kind: RecordingKind) -> None:
    child = start_child(tmp_path, kind, "600000")
    output, _ = child.communicate()
    *acknowledged, refusal, ending = output.splitlines()
    assert child.returncode == 0
    assert refusal.startswith("refused:")
    assert ending == "not finalised"
    (info,) = list_sessions(tmp_path)
    assert info.state is SessionState.INTERRUPTED
    assert_frames_are_the_childs(info, int(acknowledged[-1]))
    assert repair(info).state is SessionState.RECOVERED
    assert_frames_are_the_childs(info, int(acknowledged[-1]))
