import json
import subprocess
import sys

SOURCES_KEPT = """
import json, linecache
from desktop_pose.app.plain_imports import import_qt
import_qt()
import desktop_pose.app.composition, desktop_pose.ui.main_window
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("text")
try:
    label.set_text
except AttributeError:
    print(json.dumps([list(linecache.cache), label.text()]))
"""


def test_no_source_is_read_and_kept_for_the_modules_after_qt(qapp):
    done = subprocess.run([sys.executable, "-c", SOURCES_KEPT], capture_output=True, text=True, timeout=40)
    assert json.loads(done.stdout) == [[], "text"], done.stderr
