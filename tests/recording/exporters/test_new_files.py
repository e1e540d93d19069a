"""What a killed process leaves is removed by the next export, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_pose.core.errors import ExportError
from desktop_pose.engine.exports import export
from desktop_pose.recording.exporters import ExportOptions
from desktop_pose.recording.exporters.new_files import TemporaryFiles, remove_left_over
from tests.capture.conftest import unprivileged
from tests.recording.exporters.test_contract import make_tracked

CHILD = """
import sys, time
from pathlib import Path
from desktop_pose.engine.exports import export
from desktop_pose.recording.exporters import ExportOptions
from tests.recording.exporters.test_contract import make_tracked

def frames():
    yield from make_tracked(3, people=2).frames()
    print("begun", flush=True)
    time.sleep(60)

out, format_name = Path(sys.argv[1]), sys.argv[2]
tracked = make_tracked(3, frames=frames())
export(tracked, out, format_name, ExportOptions(), overwrite=False, progress=lambda _done: True)
"""


def killed_while_it_exports(out: Path, format_name: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(out), format_name],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    ) as child:
        assert child.stdout.readline() == b"begun\n"
        child.kill()


def exported(out: Path, format_name: str) -> None:
    export(make_tracked(3), out, format_name, ExportOptions(), overwrite=False, progress=lambda _done: True)


def test_an_export_that_was_killed_is_cleared_away_by_the_next_to_that_place(tmp_path):
    out = tmp_path / "clip.csv"
    killed_while_it_exports(out, "csv")
    (left,) = tmp_path.iterdir()
    exported(tmp_path / "other.csv", "csv")
    assert left.exists()
    exported(out, "csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.csv", "other.csv"]


@pytest.mark.parametrize("person", [None, 1])
def test_a_file_that_a_living_process_makes_is_left_alone(tmp_path, person):
    out = tmp_path / "clip.trc"
    alive = TemporaryFiles(out, may_overwrite=False)
    alive.new(person).write_text("half of it")
    remove_left_over(out)
    exported(tmp_path / "clip.csv", "csv")
    (made,) = alive.finish()
    assert made.read_text() == "half of it"


def test_files_of_the_user_are_left_alone(tmp_path):
    names = [
        ".clip.partial.csv",
        ".clip.mine.partial.csv",
        ".clip.1234.partial.trc",
        ".clip.two.1234.partial.csv",
        "clip.1234.partial.csv",
    ]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / ".clip.1234.partial.csv").mkdir()
    remove_left_over(tmp_path / "clip.csv")
    remove_left_over(tmp_path / "none/clip.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, ".clip.1234.partial.csv"])


@pytest.mark.parametrize("stem", ["clip", 38 * "x", 240 * "x"])
def test_files_of_several_people_are_cleared_away(tmp_path, stem):
    out = tmp_path / f"{stem}.trc"
    killed = TemporaryFiles(out, may_overwrite=False)
    killed.new(0)
    killed.new(12)
    killed.release()
    remove_left_over(out)
    assert not [*tmp_path.iterdir()]


def test_a_link_stays_and_never_leads_to_a_file_of_a_session(finished_session, tmp_path):
    link = tmp_path / "clip.csv"
    link.symlink_to(tmp_path / "elsewhere.csv")
    exported(link, "csv")
    assert link.is_symlink()
    assert (tmp_path / "elsewhere.csv").stat().st_size > 1000
    precious = finished_session(3) / "landmarks.sqlite"
    link.unlink()
    link.symlink_to(precious)
    with pytest.raises(ExportError, match="a file of the recording itself"):
        export(make_tracked(3), link, "csv", ExportOptions(), overwrite=True, progress=lambda _done: True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_stays_one(tmp_path):
    pipe = tmp_path / "clip.csv"
    os.mkfifo(pipe)
    with pytest.raises(ExportError, match="is a device or a pipe"):
        export(make_tracked(3), pipe, "csv", ExportOptions(), overwrite=True, progress=lambda _done: True)
    assert pipe.is_fifo()


def test_a_folder_that_may_not_be_entered_and_a_name_too_long_are_told(tmp_path):
    with unprivileged(), pytest.raises(ExportError, match="cannot be written to"):
        exported(tmp_path / "clip.csv", "csv")
    with pytest.raises(ExportError, match="could not be written"):
        exported(tmp_path / f"{'x' * 300}.csv", "csv")


def test_the_longest_name_can_be_written(tmp_path):
    out = tmp_path / f"{'x' * 251}.csv"
    exported(out, "csv")
    assert [*tmp_path.iterdir()] == [out]
