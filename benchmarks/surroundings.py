"""What a benchmark needs around it: a display, a camera, nobody's settings, and the machine's name."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from desktop_pose.engine.measuring.machine import this_machine

ROOT = Path(__file__).resolve().parent.parent
DEMO_CLIP = ROOT / "resources" / "demo" / "balance.mp4"
DISPLAYS = ("offscreen", "xvfb")
_PATIENCE_S = 10


def machine() -> dict[str, str | int]:
    """What was measured on."""
    return this_machine().as_record()


@contextlib.contextmanager
def fresh_environment(display: str) -> Iterator[dict[str, str]]:
    """Environment variables for children: nobody's settings, no cache, the display asked for."""
    with tempfile.TemporaryDirectory(prefix="desktop-pose-benchmark-") as folder:
        variables = dict(os.environ)
        for name in ("CONFIG", "CACHE", "DATA", "STATE"):
            variables[f"XDG_{name}_HOME"] = str(Path(folder) / name.lower())
        variables["PYTHONPATH"] = str(ROOT)
        if display == "offscreen":
            variables["QT_QPA_PLATFORM"] = "offscreen"
            yield variables
        else:
            with _x_server() as number:
                variables["DISPLAY"] = number
                variables["QT_QPA_PLATFORM"] = "xcb"
                yield variables


@contextlib.contextmanager
def _x_server() -> Iterator[str]:
    if shutil.which("Xvfb") is None:
        sys.exit("Xvfb is not installed; use --display offscreen")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            sys.exit("Xvfb did not start")
        yield f":{number}"
    finally:
        _end(server)


@contextlib.contextmanager
def camera(clip: Path = DEMO_CLIP) -> Iterator[str]:
    """The address of an MJPEG stream of `clip`, 1280x720 at 30 a second, served by a process of its own."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.support.mjpeg_server", "--clip", str(clip), "--size", "1280x720"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        if not address:
            sys.exit("The stream did not start")
        yield address
    finally:
        _end(server)


def _end(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
