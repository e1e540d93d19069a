"""Standard streams that are missing, closed, full or of a small alphabet, in real processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_pose.cli.streams import write_line
from desktop_pose.core.own_command import own_command

FULL = Path("/dev/full")
WORDS = "from desktop_pose.cli.streams import prepare_output, write_line\nimport sys\n"


def test_no_stream_takes_everything():
    write_line(None, "nobody hears this")


def run_code(code: str, **options: object) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-c", WORDS + code], stderr=subprocess.PIPE, timeout=60, check=False, **options
    )


def test_reader_that_has_gone_ends_nothing():
    code = "sys.stdin.readline()\nfor _ in range(3): write_line(sys.stdout, 'a line')\nsys.exit(3)"
    with subprocess.Popen(
        [sys.executable, "-c", WORDS + code],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdout.close()
        _, errors = process.communicate(b"go\n", timeout=60)
    assert (process.returncode, errors) == (3, b"")


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
def test_full_disk_ends_nothing():
    with FULL.open("wb") as full:
        done = run_code("write_line(sys.stdout, 'a line')\nsys.exit(3)", stdout=full)
    assert (done.returncode, done.stderr) == (3, b"")


def test_what_the_encoding_lacks_is_written_with_an_escape():
    code = "prepare_output()\nprint('\\u2192 \\u2013')"
    done = run_code(code, stdout=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "cp1252"})
    assert (done.returncode, done.stdout.strip()) == (0, b"\\u2192 \x96")


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("words", [["--version"], ["track", "--help"], ["sessions", "--json"]])
def test_output_that_takes_nothing_is_told_in_one_line(words):
    with FULL.open("wb") as full:
        done = subprocess.run(
            [*own_command(), *words], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (1, b"The disk is full. Free space and try again.\n")
