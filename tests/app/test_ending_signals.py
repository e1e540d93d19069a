"""Signals at any moment of the program's life: the promised status and one line, in real processes."""

import contextlib
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_pose.core.ending_signals import ending_signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

RUN = ["run", "--headless", "--source", "demo", "--duration", "30", "--model", "lite", "--threads", "1"]
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 143} if sys.platform != "win32" else {}
TIMEOUT_S = 40

_SIGNALLED_IMPORT = """
import os, sys
from desktop_pose.app import main

module, number, *sys.argv[1:] = sys.argv[1:]

class Signalling:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            os.kill(os.getpid(), int(number))

sys.meta_path.insert(0, Signalling())
main()
"""

_SIGNALLED_AT_THE_END = """
import atexit, os, signal, sys
from desktop_pose.app import main

for number in (signal.SIGINT, signal.SIGTERM):
    atexit.register(os.kill, os.getpid(), number)
sys.argv[1:] = ["--version"]
main()
"""


def run_code(code: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, timeout=TIMEOUT_S
    )


@pytest.mark.parametrize(
    ("module", "number"),
    [
        ("desktop_pose.core.memory_steps", signal.SIGINT),
        ("desktop_pose.cli.program", signal.SIGTERM),
        ("typer", signal.SIGINT),
        ("cv2", signal.SIGTERM),
        ("PySide6.QtWidgets", signal.SIGINT),
        ("desktop_pose.ui.main_window", signal.SIGTERM),
    ],
)
def test_while_the_program_is_loading(module, number):
    done = run_code(_SIGNALLED_IMPORT, module, int(number), *RUN)
    assert (done.returncode, done.stderr) == (STATUS[number], f"Ended by {number.name}.\n")


def test_after_all_is_done_a_signal_changes_nothing():
    done = run_code(_SIGNALLED_AT_THE_END)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("desktop-pose ")


def test_a_hang_up_that_whoever_started_it_ignores_is_ignored():
    code = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from desktop_pose.core.ending_signals import end_at_once_on_signals\n"
        "end_at_once_on_signals()\n"
        "os.kill(os.getpid(), signal.SIGHUP)\n"
        "sys.exit(3)\n"
    )
    assert run_code(code).returncode == 3


def _catches(process: "subprocess.Popen[str]", number: signal.Signals) -> bool:
    """Whether the process has a handler for the signal, proc(5)."""
    (caught,) = [
        line.split()[1]
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
        if line.startswith("SigCgt:")
    ]
    return bool(int(caught, 16) >> (number - 1) & 1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which signals a process handles")
@pytest.mark.parametrize("number", ending_signals())
def test_at_a_random_early_moment(number):
    delay_s = random.uniform(0, 0.9)  # from the first handler to the first frames
    with subprocess.Popen(
        [sys.executable, "-m", "desktop_pose", *RUN],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        while not (_catches(process, signal.SIGTERM) and _catches(process, number)):
            assert process.poll() is None
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(delay_s)
        process.send_signal(number)
        _, errors = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, errors) == (STATUS[number], f"Ended by {number.name}.\n"), delay_s
