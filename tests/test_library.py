"""`desktop_pose.pose` as a library: what docs/library.md promises of it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from desktop_pose import pose

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "library.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
FRAMES = 20
WITHOUT = ("PySide6", "pyqtgraph", "av", "typer", "ai_edge_litert", "mediapipe", "cv2")


def run(code, folder):
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def folder(demo_clip, tmp_path):
    """A folder with the video of the examples: the beginning of the demo clip."""
    source = cv2.VideoCapture(str(demo_clip))
    video = cv2.VideoWriter(str(tmp_path / "exercise.mp4"), cv2.VideoWriter_fourcc(*"mp4v"), 30, (720, 1280))
    for _ in range(FRAMES):
        video.write(source.read()[1])
    video.release()
    source.release()
    return tmp_path


@pytest.mark.parametrize(
    ("example", "line"), [(0, r"0 \[0\.\d+ +0\.\d+ *\]"), (1, r"frame \d+: knee \d+ degrees")]
)
def test_the_examples_run_as_they_stand(example, line, folder):
    printed = run(EXAMPLES[example] + "\nimport sys\nassert 'PySide6' not in sys.modules", folder)
    lines = printed.splitlines()
    assert len(lines) == FRAMES
    assert [text for text in lines if not re.fullmatch(line, text)] == []


def test_the_first_example_tracks_in_five_lines():
    code = [text for text in EXAMPLES[0].splitlines() if text and "import" not in text]
    assert len(code) <= 5


def test_importing_it_imports_no_qt_and_no_interpreter(tmp_path):
    code = f"import sys, desktop_pose.pose; print([name for name in {WITHOUT} if name in sys.modules])"
    assert run(code, tmp_path).strip() == "[]"


def test_what_it_names_is_there_and_in_the_document():
    text = DOCUMENT.read_text("utf-8")
    for name in pose.__all__:
        assert hasattr(pose, name)
        assert name in text
