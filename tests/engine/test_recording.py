"""Recordings by the whole engine, with real threads and files: disks, quitting, overlay, the header."""

import shutil
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import av
import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.errors import RecordingError, RecordingTroubleError
from desktop_pose.core.frames import Frame, Size
from desktop_pose.core.poses import FramePoses
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import RecordingKind, Settings, VideoQuality
from desktop_pose.core.topology import ANGLE_NAMES
from desktop_pose.engine import session_header
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.options import EngineOptions
from desktop_pose.engine.posed import PosedFrame
from desktop_pose.engine.state import EngineState
from desktop_pose.recording.library import find_interrupted, list_sessions, repair
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import VIDEO_FILE, SessionState
from tests.engine.support import FakeSource, FakeTracker
from tests.recording.conftest import IS_ROOT_ON_LINUX

MB = 1_000_000


class Engine:
    """A controller on a fake source, recording into `folder`."""

    def __init__(self, folder: Path, qtbot, size=(64, 48)) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.source = FakeSource(fps=60, size=size)
        self.problems: list[Exception] = []
        self.controller = Controller(
            Settings(source="http://127.0.0.1/fake", threads=1, video_quality=VideoQuality.HIGH),
            EngineOptions(resources_dir() / "models", None, folder),
            make_source=lambda _text, **_: self.source,
            make_tracker=lambda options, *_, **__: FakeTracker(options),
        )
        self.controller.set_view(Size(64, 48))
        self.controller.problem_raised.connect(lambda error, _is_fatal: self.problems.append(error))
        self.controller.start()
        qtbot.waitUntil(lambda: self.controller.source_info is not None)

    @property
    def status(self):
        return self.controller.recorder.status

    def record(self, kind: RecordingKind, seconds: float) -> None:
        self.controller.start_recording(kind)
        self.qtbot.waitUntil(lambda: self.status.duration_s > seconds)

    def finish(self) -> Path:
        with self.qtbot.waitSignal(self.controller.session_saved) as saved:
            self.controller.stop_recording()
        self.qtbot.waitUntil(lambda: not self.status.is_recording)
        return Path(saved.args[0])

    def wait_for_the_end(self) -> None:
        self.qtbot.waitUntil(lambda: not self.status.is_recording, timeout=10_000)


@pytest.fixture
def make_engine(tmp_path, qtbot):
    engines = []

    def make(folder=None, **options):
        engines.append(Engine(folder or tmp_path / "sessions", qtbot, **options))
        return engines[-1]

    yield make
    for engine in engines:
        assert engine.controller.shut_down()


@pytest.fixture
def disk_of_110_mb(tmp_path):
    """A disk of its own that really fills up."""
    if not IS_ROOT_ON_LINUX:
        pytest.skip("a disk can be mounted by root on Linux only")
    path = tmp_path / "disk"
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={110 * MB}", "tmpfs", path]
    if subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("this machine does not let root mount a tmpfs")
    yield path
    subprocess.run(["umount", "-l", path], check=True)


def test_session_says_what_it_was_made_with(make_engine):
    engine = make_engine()
    engine.qtbot.waitUntil(lambda: engine.controller.report("user", None)["frames"]["inferred"] > 3)
    engine.record(RecordingKind.LANDMARKS, 0.2)
    with SessionReader.open(engine.finish()) as reader:
        header = reader.header
        frames = list(reader.frames())
    assert set(header["versions"]) >= {"python", "numpy", "sqlite", "av"}
    assert header["camera"] == {
        "width_px": 64, "height_px": 48, "nominal_fps": 60, "wanted_size": None, "wanted_fps": None
    }  # fmt: skip
    assert header["angle_names"] == list(ANGLE_NAMES)
    assert len(str(header["detector_sha256"])) == len(str(header["model_sha256"])) == 64
    assert header["video_quality"] == "high"
    assert all(angles.shape == (len(ANGLE_NAMES),) for frame in frames for angles in frame.angles)
    first = frames[0]
    assert first.source_ns > 0  # the source had been open for a while
    assert all(frame.source_ns - first.source_ns == frame.time_ns for frame in frames)


def test_overlay_has_the_skeleton_in_its_pictures(make_engine):
    engine = make_engine()
    spread = {}
    for kind in (RecordingKind.VIDEO, RecordingKind.OVERLAY):
        engine.record(kind, 0.3)
        with av.open(str(engine.finish() / VIDEO_FILE)) as container:
            pictures = [frame.to_ndarray(format="bgr24").astype(int) for frame in container.decode(video=0)]
        spread[kind] = max(int(np.ptp(picture)) for picture in pictures)
    assert spread[RecordingKind.VIDEO] < 10  # the fake's pictures are of one grey
    assert spread[RecordingKind.OVERLAY] > 60


def test_disk_that_is_nearly_full_ends_the_recording_well(make_engine, disk_of_110_mb):
    engine = make_engine(disk_of_110_mb / "sessions")
    engine.record(RecordingKind.VIDEO, 0.3)
    engine.qtbot.waitUntil(lambda: bool(engine.problems))
    (warning,) = engine.problems
    assert isinstance(warning, RecordingTroubleError)
    assert "MB are left on the disk" in warning.message
    assert engine.status.is_recording

    (disk_of_110_mb / "ballast").write_bytes(bytes(15 * MB))
    engine.wait_for_the_end()
    (info,) = list_sessions(engine.folder)
    assert info.state is SessionState.COMPLETE
    ending = engine.problems[-1]
    assert isinstance(ending, RecordingError)
    assert "was ended and saved, because only 100 MB are left" in ending.message
    assert engine.controller.state is EngineState.RUNNING

    engine.controller.start_recording(RecordingKind.LANDMARKS)
    engine.wait_for_the_end()
    assert "too little to record" in engine.problems[-1].message
    assert len(list_sessions(engine.folder)) == 1


def test_disk_that_fills_up_at_once_costs_half_a_second(make_engine, disk_of_110_mb):
    engine = make_engine(disk_of_110_mb / "sessions")
    engine.record(RecordingKind.LANDMARKS, 0.8)
    with (disk_of_110_mb / "ballast").open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(MB))
        except OSError:
            pass
    engine.wait_for_the_end()
    assert any("full" in error.message or "100 MB are left" in error.message for error in engine.problems)
    assert engine.controller.state is EngineState.RUNNING
    (disk_of_110_mb / "ballast").unlink()
    for folder in find_interrupted(engine.folder):
        (info,) = (info for info in list_sessions(engine.folder) if info.path == folder)
        repair(info)
    (info,) = list_sessions(engine.folder)
    assert info.state in (SessionState.COMPLETE, SessionState.RECOVERED)
    assert info.duration_s > 0.3


def test_folder_that_vanishes_ends_the_recording_and_nothing_else(make_engine):
    engine = make_engine()
    engine.record(RecordingKind.LANDMARKS, 0.1)
    shutil.rmtree(engine.folder)
    engine.wait_for_the_end()
    assert "gone or cannot be reached" in engine.problems[-1].message
    assert engine.controller.state is EngineState.RUNNING


def test_frames_sent_after_a_recording_that_ended_by_itself_wait_for_nobody(make_engine):
    engine = make_engine()
    engine.controller.stop()
    recorder, flow = engine.controller.recorder, engine.controller._flow
    posed = make_posed()
    recorder.start(RecordingKind.VIDEO, refuse)
    flow.send_record(posed, recorder.is_taking_frames)
    assert recorder.wait(monotonic_ns() + 10 * NS_PER_S)
    flow.send_record(posed, recorder.is_taking_frames)  # the main thread does not know yet
    engine.wait_for_the_end()
    flow.send_record(posed, recorder.is_taking_frames)
    counters = flow.snapshot()
    assert (counters.sent_to_recorder, counters.dropped_recorder, counters.in_flight_recorder) == (2, 2, 0)


def refuse(_size):
    raise RecordingError("There is no place for it", "Make some")


def make_posed():
    image = np.zeros((48, 64, 3), np.uint8)
    return PosedFrame(Frame(0, 0, monotonic_ns(), image), FramePoses(()))


def test_two_instances_record_into_one_folder(make_engine):
    engines = [make_engine(), make_engine()]
    for engine in engines:
        engine.controller.start_recording(RecordingKind.LANDMARKS)
    for engine in engines:
        engine.qtbot.waitUntil(lambda engine=engine: engine.status.duration_s > 0.2)
    assert {info.state for info in list_sessions(engines[0].folder)} == {SessionState.RECORDING}
    assert find_interrupted(engines[0].folder) == ()
    folders = {engine.finish() for engine in engines}
    assert len(folders) == 2
    assert {info.state for info in list_sessions(engines[0].folder)} == {SessionState.COMPLETE}


def test_clock_that_is_set_back_changes_no_time_of_a_session(make_engine, monkeypatch):
    class Clock(datetime):
        hour = 14

        @classmethod
        def now(cls, tz=None):
            cls.hour -= 1
            return datetime(2026, 11, 21, cls.hour, tzinfo=tz or timezone.utc)

    monkeypatch.setattr(session_header, "datetime", Clock)
    engine = make_engine()
    paths = []
    for _ in range(2):
        engine.record(RecordingKind.LANDMARKS, 0.2)
        paths.append(engine.finish())
        with SessionReader.open(paths[-1]) as reader:
            times = [frame.time_ns for frame in reader.frames()]
        assert times[0] == 0
        assert (np.diff(times) > 0).all()
        assert times[-1] < 60 * NS_PER_S
    assert paths[1].name < paths[0].name


def test_video_that_waits_is_finalised_before_quitting_gives_up(make_engine):
    engine = make_engine(size=(1280, 720))
    engine.record(RecordingKind.VIDEO, 0.5)
    assert engine.controller.shut_down()
    (info,) = list_sessions(engine.folder)
    assert info.state is SessionState.COMPLETE
