"""Several sessions exported in turn: progress, cancel, and what is damaged among them."""

import json
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from desktop_pose.core.settings import RecordingKind
from desktop_pose.engine.exports import SessionExport, export_sessions
from desktop_pose.recording.exporters import ExportOptions
from tests.recording.conftest import finished_session, sessions_dir  # noqa: F401  # fixtures


@pytest.fixture
def sessions(finished_session: Callable[..., Path]) -> list[Path]:  # noqa: F811
    return [finished_session(20 + number) for number in range(3)]


def wanted(sessions: list[Path], folder: Path, suffix: str) -> tuple[SessionExport, ...]:
    return tuple(SessionExport(each, folder / f"{each.name}{suffix}") for each in sessions)


def test_the_others_go_on_after_a_bad_one(sessions: list[Path], tmp_path: Path) -> None:
    (sessions[1] / "landmarks.sqlite").write_bytes(b"nonsense" * 1000)
    steps = []

    def progress(done: int, total: int) -> bool:
        steps.append((done, total))
        return True

    outcome = export_sessions(wanted(sessions, tmp_path / "new", ".json"), "json", ExportOptions(), progress)
    assert (outcome.sessions_done, outcome.is_cancelled) == (2, False)
    assert [path for path, _ in outcome.problems] == [sessions[1]]
    assert str(outcome.problems[0][1]).endswith(".")
    assert list(outcome.files) == [tmp_path / "new" / f"{sessions[place].name}.json" for place in (0, 2)]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [path.name for path in outcome.files]
    assert [len(json.loads(path.read_text())["frames"]) for path in outcome.files] == [20, 22]
    assert steps == sorted(steps)
    assert {total for _, total in steps} == {3000}


def test_a_cancelled_one_leaves_those_that_are_done(sessions: list[Path], tmp_path: Path) -> None:
    outcome = export_sessions(
        wanted(sessions, tmp_path, ".csv"), "csv", ExportOptions(), lambda done, _total: done <= 1000
    )
    assert outcome.is_cancelled
    assert outcome.sessions_done == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [f"{sessions[0].name}.csv"]


def test_a_folder_that_cannot_be_made_is_told(sessions: list[Path], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    outcome = export_sessions(
        wanted(sessions, tmp_path / "file" / "x", ".csv"), "csv", ExportOptions(), lambda *_: True
    )
    assert len(outcome.problems) == 3
    assert "cannot be made" in str(outcome.problems[0][1])


def test_each_is_exported_with_its_own_pictures(
    finished_session: Callable[..., Path],  # noqa: F811
    tmp_path: Path,
) -> None:
    sessions = [finished_session(5, RecordingKind.VIDEO), finished_session(5)]
    outcome = export_sessions(wanted(sessions, tmp_path, ".mp4"), "video", ExportOptions(), lambda *_: True)
    assert outcome.sessions_done == 2
    greys = []
    for path in outcome.files:
        with av.open(str(path)) as video:
            greys.append(float(next(video.decode(video=0)).to_ndarray(format="gray").mean()))
    assert greys[0] > greys[1] + 10
