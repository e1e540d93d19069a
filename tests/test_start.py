"""What the way to the first picture imports: it is half of the time that takes."""

import subprocess
import sys

START = """
import sys
import desktop_pose.cli.run, desktop_pose.app.composition, desktop_pose.ui.main_window
print(*sys.modules, sep="\\n")
"""
LATER = {
    "av", "ai_edge_litert", "importlib.metadata", "mediapipe", "pyqtgraph", "rich",
    "desktop_pose.engine.exports", "desktop_pose.engine.measuring", "desktop_pose.engine.retracking",
    "desktop_pose.engine.thumbnails", "desktop_pose.recording.exporters", "desktop_pose.recording.reader",
    "desktop_pose.recording.writer", "desktop_pose.ui.charts", "desktop_pose.ui.export_dialog",
    "desktop_pose.ui.sessions_window",
}  # fmt: skip


def test_what_only_later_steps_need_is_not_imported():
    done = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, text=True, timeout=60, check=True
    )
    assert LATER & set(done.stdout.splitlines()) == set()
