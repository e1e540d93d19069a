"""What is known of outputs, by real files."""

import json
import os
from pathlib import Path

import pytest

from desktop_pose.cli.ledger import Ledger, OutputState
from desktop_pose.cli.outputs import Output

SETTINGS = {"model": "full", "rate_hz": None}


@pytest.fixture
def output(tmp_path: Path) -> Output:
    (tmp_path / "clip.mp4").write_bytes(b"video")
    (tmp_path / "out").mkdir()
    return Output(str(tmp_path / "clip.mp4"), tmp_path / "out" / "clip.trc", "trc")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "cache", SETTINGS)


def make(ledger: Ledger, output: Output, *people: int) -> None:
    ledger.begin(output)
    for person in people:
        output.path.with_name(f"clip.person{person}.trc").write_text("markers")
    if not people:
        output.path.write_text("markers")
    ledger.finish(output)


@pytest.mark.parametrize("people", [(), (0, 3)])
def test_what_was_made_of_this_input_with_these_settings_is_done(ledger, output, people, tmp_path):
    assert ledger.state(output) is OutputState.MISSING
    make(ledger, output, *people)
    assert ledger.state(output) is OutputState.DONE
    assert Ledger(tmp_path / "cache", SETTINGS).state(output) is OutputState.DONE


def test_another_input_or_other_settings_are_told_apart(ledger, output, tmp_path):
    make(ledger, output)
    assert Ledger(tmp_path / "cache", SETTINGS | {"model": "lite"}).state(output) is OutputState.OTHER
    status = Path(output.source).stat()
    Path(output.source).write_bytes(b"other")
    os.utime(output.source, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert ledger.state(output) is OutputState.OTHER


def test_what_was_begun_and_not_completed_is_this_runs_own_to_replace(ledger, output, tmp_path):
    ledger.begin(output)
    assert ledger.state(output) is OutputState.UNFINISHED
    output.path.with_name("clip.person0.trc").write_text("the first of two, before the process was killed")
    assert ledger.state(output) is OutputState.UNFINISHED
    assert Ledger(tmp_path / "cache", {}).state(output) is OutputState.OTHER


@pytest.mark.parametrize("has_other_notes", [False, True])
def test_without_a_note_the_newer_file_counts(ledger, output, has_other_notes):
    if has_other_notes:
        make(ledger, Output(output.source, output.path.with_name("another.trc"), "trc"))
    output.path.write_text("made elsewhere")
    os.utime(output.source, ns=(0, 1_000))
    assert ledger.state(output) is OutputState.DONE
    os.utime(output.path, ns=(0, 999))
    assert ledger.state(output) is OutputState.OTHER


def test_a_person_file_that_is_gone_is_not_done(ledger, output):
    make(ledger, output, 0, 1)
    output.path.with_name("clip.person0.trc").unlink()
    output.path.with_name("clip.person1.trc").unlink()
    assert ledger.state(output) is OutputState.MISSING


def test_lines_cut_off_or_strange_are_passed_over(ledger, output, tmp_path):
    make(ledger, output)
    (file,) = (tmp_path / "cache" / "tracked").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    last = file.read_text().splitlines()[-1]
    with file.open("ab") as lines:
        lines.write(b'[1]\n{"output": 3}\nnonsense\n' + last[: len(last) // 2].encode())
    assert ledger.state(output) is OutputState.DONE
    assert json.loads(last)["settings"] == SETTINGS


def test_a_cache_that_cannot_be_written_does_no_harm(output, tmp_path):
    (tmp_path / "file").touch()
    ledger = Ledger(tmp_path / "file", SETTINGS)
    make(ledger, output)
    assert ledger.state(output) is OutputState.DONE  # by its time
