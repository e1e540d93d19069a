"""Files that are no sound session: read as recorded, or refused in words; nothing in them is run."""

import ast
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import desktop_pose
from desktop_pose.core.errors import RecordingError
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.session import LANDMARKS_FILE
from tests.recording.mutants import KINDS, Verdict, make_original, mutate, read_mutant

PER_KIND = 4
"""Thirteen kinds of damage: 52 mutants; `benchmarks/session_mutants.py` makes more."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_original(tmp_path_factory.mktemp("mutants"))


def test_original_is_read(original: Path) -> None:
    assert read_mutant(original, original)[0] is Verdict.READ


@pytest.mark.parametrize("number", range(PER_KIND))
@pytest.mark.parametrize("kind", KINDS)
def test_mutant_is_read_as_recorded_or_refused(
    original: Path, tmp_path: Path, kind: str, number: int
) -> None:
    chance = random.Random(f"{kind} {number}")
    verdict, words = read_mutant(mutate(original, tmp_path / "mutant", kind, chance), original)
    assert verdict is not Verdict.WRONG, words


@pytest.mark.parametrize("kind", ["bits of landmarks", "rows lost", "another file"])
def test_damage_that_a_database_does_not_notice_is_refused(original: Path, tmp_path: Path, kind: str) -> None:
    path = mutate(original, tmp_path / "mutant", kind, random.Random(1))
    assert read_mutant(path, original)[0] is Verdict.REFUSED


def test_session_that_another_program_holds_says_so(original: Path, tmp_path: Path) -> None:
    path = mutate(original, tmp_path / "mutant", "cut short", random.Random(1))
    (path / LANDMARKS_FILE).write_bytes((original / LANDMARKS_FILE).read_bytes())
    with closing(sqlite3.connect(path / LANDMARKS_FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RecordingError, match="is in use by another program"):
            SessionReader.open(path)
        other.execute("ROLLBACK")
    assert read_mutant(path, original)[0] is Verdict.READ


def test_nothing_here_can_unpickle() -> None:
    names = {"pickle", "cPickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}
    for file in Path(desktop_pose.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            imported = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            if isinstance(node, ast.ImportFrom):
                imported = {node.module or ""}
            assert not imported & names, file
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant), file
                assert node.value.value is False, file
