"""What holds for every test: nothing of the user's is touched, no thread is left behind, no bug goes unseen.

The places of settings, cache, log, sessions and pictures are moved to a temporary folder before anything is
imported that could look at them; child processes inherit that.
"""

import atexit
import logging
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

PLACES = Path(tempfile.mkdtemp(prefix="desktop-pose-tests-"))
atexit.register(shutil.rmtree, PLACES, ignore_errors=True)

for _name, _folder in {
    "XDG_CONFIG_HOME": "config",
    "XDG_CACHE_HOME": "cache",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_PICTURES_DIR": "pictures",
    "XDG_RUNTIME_DIR": "runtime",
    "WIN_PD_OVERRIDE_LOCAL_APPDATA": "local",
    "WIN_PD_OVERRIDE_APPDATA": "roaming",
    "WIN_PD_OVERRIDE_MYPICTURES": "pictures",
}.items():
    (PLACES / _folder).mkdir(mode=0o700, exist_ok=True)
    os.environ[_name] = str(PLACES / _folder)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QThread  # noqa: E402  # after the places are set
from shiboken6 import isValid  # noqa: E402

EXPECTS_ERROR_LOG = "expects_error_log"
GRACE_S = 2.0

_started: "weakref.WeakSet[QThread]" = weakref.WeakSet()
_start = QThread.start


def _start_and_remember(thread: QThread, *args: QThread.Priority) -> None:
    _started.add(thread)
    _start(thread, *args)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{EXPECTS_ERROR_LOG}: the test makes a bug happen that is logged as one"
    )
    QThread.start = _start_and_remember


class _Errors(logging.Handler):
    """Keeps the records of bugs in the package."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] == "desktop_pose":
            self.messages.append(logging.Formatter().format(record))


@pytest.fixture(autouse=True)
def no_error_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test when the package logs an ERROR, which means a bug."""
    errors = _Errors()
    logging.getLogger().addHandler(errors)
    yield
    logging.getLogger().removeHandler(errors)
    if errors.messages and request.node.get_closest_marker(EXPECTS_ERROR_LOG) is None:
        pytest.fail("logged as errors:\n" + "\n".join(errors.messages), pytrace=False)


def _live_threads() -> set[threading.Thread]:
    # Dummies stand for foreign threads (Qt's among them) that once called Python; they never leave the list.
    return {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail the test when a Python or Qt thread that it started is still running at its end."""
    threads_before, qthreads_before = _live_threads(), _running_qthreads()
    yield
    leaked = _live_threads() - threads_before
    for thread in leaked:
        thread.join(GRACE_S)
    names = [thread.name for thread in leaked if thread.is_alive()]
    for qthread in _running_qthreads() - qthreads_before:
        if not qthread.wait(int(1000 * GRACE_S)):
            names.append(f"QThread {qthread.objectName()!r}")
    if names:
        pytest.fail(f"threads still running: {', '.join(names)}", pytrace=False)


def _running_qthreads() -> set[QThread]:
    return {thread for thread in _started if isValid(thread) and thread.isRunning()}


@pytest.fixture(scope="session")
def demo_clip() -> Path:
    """The shipped clip of a person balancing: 720x1280, 30 frames a second."""
    return Path(__file__).resolve().parent.parent / "resources" / "demo" / "balance.mp4"
