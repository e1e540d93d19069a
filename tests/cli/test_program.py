"""The program as a whole: exit statuses, what stands before the commands, what it imports."""

import errno
import subprocess
import sys

import pytest

from desktop_pose import __version__
from desktop_pose.core import log, places
from desktop_pose.core.errors import DesktopPoseError

HEAVY = {"cv2", "PySide6", "mediapipe", "ai_edge_litert", "av", "pyqtgraph", "psutil"}


def test_version(program):
    result = program("--version")
    assert (result.exit_code, result.stdout) == (0, f"desktop-pose {__version__}\n")


def test_no_command_is_the_window_with_nothing_asked(program):
    assert program().exit_code == 0
    assert len(program.requests) == 1
    assert program.requests[0].overrides == {}


def test_status_of_the_window_is_the_status_of_the_program(program):
    program.status = 143
    assert program().exit_code == 143
    assert program("run").exit_code == 143


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nope"],
        ["nope"],
        ["--log-level", "loud"],
        ["run", "--people", "5"],
        ["run", "--cpu-budget", "little"],
        ["track", "-o", "out.csv"],
        ["track", "clip.mp4"],
        ["sessions", "erase"],
        ["sessions", "show"],
        ["sessions", "list", "2026-01-01_00-00-00"],
        ["devices", "0"],
        ["bench", "--limit", "0"],
        ["bench", "--limit", "nan"],
        ["bench", "--limit", "inf"],
        ["doctor", "--fix"],
    ],
)
def test_wrong_usage_is_2(program, arguments):
    result = program(*arguments)
    assert result.exit_code == 2, result.output
    assert "Usage:" in result.stderr
    assert program.requests == []


def test_failure_of_the_world_is_1_and_one_line(program):
    program.crash = DesktopPoseError("The camera is gone", "Plug it in again")
    result = program("run")
    assert result.exit_code == 1
    assert result.stderr == "The camera is gone. Plug it in again.\n"


@pytest.mark.expects_error_log
def test_bug_is_70_and_leads_to_the_log(program):
    program.crash = ZeroDivisionError("by the test")
    result = program()
    assert result.exit_code == 70
    assert str(places.log_file()) in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "ZeroDivisionError: by the test" in places.log_file().read_text()


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (errno.ENOSPC, "The disk is full. Free space and try again."),
        (errno.EACCES, "/place may not be read or written. Ask its owner for permission, or choose "),
        (errno.ENAMETOOLONG, "/place is too long for a name. Choose a shorter one."),
    ],
)
def test_what_the_system_refuses_is_no_bug(program, number, line):
    program.crash = OSError(number, "refused", "/place")
    result = program()
    assert result.exit_code == 1
    assert result.stderr.startswith(line)


def test_interrupt_is_130(program):
    program.crash = KeyboardInterrupt()
    result = program("run")
    assert (result.exit_code, result.stderr) == (130, "Ended by SIGINT.\n")


def test_level_of_the_log(program):
    assert program("--log-level", "debug").exit_code == 0
    assert log.logging.getLogger("desktop_pose").level == log.logging.DEBUG


@pytest.mark.parametrize("arguments", [["--version"], ["run", "--help"], ["run", "--nope"]])
def test_nothing_heavy_is_imported_before_it_is_needed(arguments):
    code = (
        f"import sys; sys.argv[1:] = {arguments!r}\n"
        "from desktop_pose.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    imported = set(done.stderr.splitlines())
    assert "typer" in imported
    assert not imported & HEAVY
    others = {"desktop_pose.cli.track", "desktop_pose.cli.export", "desktop_pose.cli.bench"}
    assert imported & others == (set() if arguments[0] == "run" else others)


def test_module_runs_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "desktop_pose", "--version"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == f"desktop-pose {__version__}\n"
