"""The application as a whole, as a user starts it: headless, on the demo clip, in processes of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.recording.library import list_sessions
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import SessionState
from tests.support.videos import write_video

PROGRAM = [sys.executable, "-m", "desktop_pose"]
FAST = ["--model", "lite", "--threads", "1"]
TIMEOUT_S = 40

REPORT_KEYS = {
    "schema", "ended_by", "error", "duration_s", "startup_cpu_s", "settings", "frames", "fps", "latency_ms",
    "detector_runs", "frames_with_person", "max_people", "cpu", "memory_mb", "budget", "session",
}  # fmt: skip
STAGES = {"capture", "crop", "detector", "landmarks", "decode", "mask", "render", "paint", "record"}
MEMORY_PARTS = {
    "python_and_qt", "libraries", "models", "charts", "recorder", "buffers", "unexplained",
}  # fmt: skip
THREADS = {"main", "capture", "inference", "inference_workers", "render", "record", "other"}


def run(*arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True, text=True, timeout=TIMEOUT_S, env={**os.environ, **environment},
    )  # fmt: skip


def imbalances(frames: dict) -> tuple[int, int, int]:
    dropped, in_flight = frames["dropped"], frames["in_flight"]
    posed = frames["inferred"] + frames["reused"]
    return (
        frames["captured"] - (frames["bad"] + posed + dropped["inference"] + in_flight["inference"]),
        posed
        - (frames["displayed"] + frames["not_shown"] + dropped["render"] + dropped["display"])
        - in_flight["display"],
        frames["sent_to_recorder"] - (frames["recorded"] + dropped["recorder"] + in_flight["recorder"]),
    )


@pytest.fixture
def short_clip(demo_clip: Path, tmp_path: Path) -> Path:
    """The first second of the demo clip, in a file of its own."""
    path = tmp_path / "short.mp4"
    with av.open(str(demo_clip)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copied = target.add_stream_from_template(stream)
        for packet in [packet for packet in source.demux(stream) if packet.dts is not None][:30]:
            packet.stream = copied
            target.mux(packet)
    return path


def test_unattended_run_leaves_report_session_and_screenshot(tmp_path):
    report, screenshot, sessions = (tmp_path / name for name in ("report.json", "window.png", "sessions"))
    done = run(
        "run", "--headless", "--source", "demo", "--duration", "3.5", "--record", "video", "--sessions-dir",
        sessions, "--report", report, "--screenshot", screenshot, *FAST,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) >= 2
    assert all("CPU" in line and "latency" in line and "people" in line for line in lines)
    document = json.loads(report.read_text())
    assert (document["schema"], document["ended_by"], document["error"]) == (1, "duration", None)
    assert set(document) == REPORT_KEYS
    assert set(document["latency_ms"]["stages"]) == STAGES
    assert set(document["cpu"]["per_thread_percent"]) == THREADS
    assert document["settings"]["source"] == "demo"
    assert (document["settings"]["model"], document["settings"]["threads"]) == ("lite", 1)
    frames = document["frames"]
    assert imbalances(frames) == (0, 0, 0)
    assert frames["displayed"] > 0
    assert frames["recorded"] > 0
    assert document["frames_with_person"] > 0
    (info,) = list_sessions(sessions)
    assert info.state is SessionState.COMPLETE
    assert info.frame_count == frames["recorded"]
    assert Path(document["session"]) == info.path
    assert (info.path / "video.mkv").stat().st_size > 10_000
    assert screenshot.stat().st_size > 10_000
    memory = document["memory_mb"]
    assert set(memory["breakdown"]) == MEMORY_PARTS
    assert sum(memory["breakdown"].values()) == pytest.approx(memory["rss"], abs=0.01)
    assert memory["breakdown"]["models"] > 0
    assert abs(memory["breakdown"]["unexplained"]) < 0.1 * memory["rss"]  # as promised; in fact below 0.01


def test_file_ends_a_headless_run(short_clip, tmp_path):
    report = tmp_path / "report.json"
    done = run("run", "--headless", "--source", short_clip, "--report", report, *FAST)
    assert done.returncode == 0, done.stderr
    document = json.loads(report.read_text())
    assert document["ended_by"] == "source_end"
    assert document["frames"]["captured"] == 30
    assert imbalances(document["frames"]) == (0, 0, 0)


@pytest.mark.parametrize(("count", "kind"), [(8, "landmarks"), (8, "video"), (1, "landmarks")])
def test_short_file_is_recorded_from_its_first_frame(tmp_path, count, kind):
    pictures = [np.full((240, 320, 3), 20 * number, np.uint8) for number in range(count)]
    clip = write_video(tmp_path / "clip.mp4", pictures)
    report, sessions = tmp_path / "report.json", tmp_path / "sessions"
    done = run(
        "run", "--headless", "--source", clip, "--record", kind, "--sessions-dir", sessions, "--report",
        report, *FAST,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    frames = json.loads(report.read_text())["frames"]
    assert frames["captured"] == count
    assert frames["recorded"] == frames["sent_to_recorder"] == frames["inferred"] + frames["reused"] > 0
    (info,) = list_sessions(sessions)
    assert info.state is SessionState.COMPLETE
    with SessionReader.open(info.path) as reader:
        recorded = list(reader.frames())
    assert len(recorded) == frames["recorded"]
    # Before the first frame recorded there are only those that inference was too late for.
    assert round(recorded[0].source_ns * 25 / NS_PER_S) <= frames["dropped"]["inference"]


def test_run_that_records_nothing_says_so_and_is_1(tmp_path):
    report, sessions = tmp_path / "report.json", tmp_path / "sessions"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        done = run(
            "run", "--headless", "--source", f"http://127.0.0.1:{silent.getsockname()[1]}/video", "--record",
            "--duration", "0.5", "--sessions-dir", sessions, "--report", report, *FAST,
        )  # fmt: skip
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("Nothing was recorded")
    document = json.loads(report.read_text())
    assert (document["ended_by"], document["error"]) == ("duration", line)
    assert not sessions.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_finalises_the_recording(tmp_path, number, status):
    report, sessions = tmp_path / "report.json", tmp_path / "sessions"
    process = subprocess.Popen(
        [
            *PROGRAM, "run", "--headless", "--source", "demo", "--duration", "30", "--record",
            "--sessions-dir",
            str(sessions), "--report", str(report), *FAST,
        ],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()  # two seconds in, it records
        process.send_signal(number)
        _, errors = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == status, errors
    assert errors == f"Ended by {number.name}.\n"
    document = json.loads(report.read_text())
    assert document["ended_by"] == "signal"
    (info,) = list_sessions(sessions)
    assert info.state is SessionState.COMPLETE
    assert info.frame_count == document["frames"]["recorded"] > 0


def test_missing_file_is_1_with_a_report(tmp_path):
    report = tmp_path / "report.json"
    done = run("run", "--headless", "--source", tmp_path / "missing.mp4", "--report", report)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "missing.mp4" in done.stderr
    document = json.loads(report.read_text())
    assert document["ended_by"] == "error"
    assert "missing.mp4" in document["error"]


def test_file_that_is_no_video_is_1(tmp_path):
    (tmp_path / "clip.mp4").write_bytes(b"no video at all" * 100)
    report = tmp_path / "report.json"
    done = run("run", "--headless", "--source", tmp_path / "clip.mp4", "--report", report, *FAST)
    assert done.returncode == 1
    assert "clip.mp4" in done.stderr
    assert json.loads(report.read_text())["ended_by"] == "error"


def test_sessions_folder_that_cannot_be_written_is_1(tmp_path):
    (tmp_path / "file").write_text("")
    done = run(
        "run", "--headless", "--source", "demo", "--duration", "20", "--record", "--sessions-dir",
        tmp_path / "file/sessions", *FAST,
    )  # fmt: skip
    assert done.returncode == 1
    assert str(tmp_path / "file") in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux may have no display")
def test_no_display_is_1_and_names_headless():
    done = run("run", "--source", "demo", QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 1
    assert "--headless" in done.stderr
    assert len(done.stderr.splitlines()) == 1
