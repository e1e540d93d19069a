"""The wheel holds everything the application needs, and finds it once it is installed."""

import os
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytest.importorskip("hatchling", reason="the wheel is built with hatchling, which is not installed here")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to put on the path, with the wheel's files in it."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_resource(wheel: Path) -> None:
    shipped = {
        f"desktop_pose/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "resources").rglob("*")
        if path.is_file()
    }
    assert "desktop_pose/resources/models/manifest.json" in shipped
    assert shipped <= names_in(wheel)


def test_the_wheel_holds_the_licences(wheel: Path) -> None:
    licences = {name.partition(".dist-info/licenses/")[2] for name in names_in(wheel)} - {""}
    assert licences == {
        "LICENSE",
        "THIRD_PARTY_NOTICES.md",
        "resources/models/LICENSE",
        "resources/demo/LICENSE",
    }


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in names_in(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"desktop_pose"}
    assert not [name for name in names_in(wheel) if name.endswith(".pyc")]


def test_the_wheel_says_the_programs_version(wheel: Path, installed: Path) -> None:
    (path,) = installed.glob("*.dist-info/METADATA")
    metadata = message_from_bytes(path.read_bytes())
    assert metadata["Requires-Python"] == "<3.15,>=3.10"
    assert run_installed(installed, "print(desktop_pose.__version__)") == metadata["Version"]


def test_an_installed_program_finds_its_resources(installed: Path) -> None:
    found = run_installed(installed, "from desktop_pose.core.resources import *; print(resources_dir())")
    assert Path(found) == installed.resolve() / "desktop_pose" / "resources"


def run_installed(installed: Path, program: str) -> str:
    """What `program` prints where only the wheel's files can be imported, not this tree's."""
    done = subprocess.run(
        [sys.executable, "-c", f"import desktop_pose; {program}"],
        cwd=installed.parent,
        env=os.environ | {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
