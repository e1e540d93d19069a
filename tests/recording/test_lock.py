"""The lock that tells a running recording from a dead one."""

import subprocess
import sys
from pathlib import Path

from desktop_pose.recording.lock import SessionLock, is_held

HOLDER = """
import sys
from pathlib import Path
from desktop_pose.recording.lock import SessionLock
lock = SessionLock.acquire(Path(sys.argv[1]))
print("held" if lock else "refused", flush=True)
sys.stdin.read()
"""
ROOT = Path(__file__).parents[2]


def start_holder(path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, str(path)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_no_file_is_not_held(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "lock")


def test_held_and_released_in_one_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = SessionLock.acquire(path)
    assert lock is not None
    assert path.stat().st_mode & 0o777 == 0o600 or sys.platform == "win32"
    assert is_held(path)
    assert SessionLock.acquire(path) is None
    lock.release(remove=False)
    lock.release(remove=True)
    assert path.exists(), "a lock let go already removes nothing"
    assert not is_held(path)


def test_release_removes_the_file(tmp_path: Path) -> None:
    lock = SessionLock.acquire(tmp_path / "lock")
    assert lock is not None
    lock.release(remove=True)
    assert not list(tmp_path.iterdir())


def test_dies_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = start_holder(path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert is_held(path)
    assert SessionLock.acquire(path) is None
    holder.kill()
    holder.communicate()
    assert not is_held(path)
    lock = SessionLock.acquire(path)
    assert lock is not None
    lock.release(remove=True)


def test_another_process_sees_ours(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = SessionLock.acquire(path)
    assert lock is not None
    holder = start_holder(path)
    output, _ = holder.communicate("")
    assert output == "refused\n"
    lock.release(remove=True)


def test_looking_does_not_take_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    assert not is_held(path)
    lock = SessionLock.acquire(path)
    assert lock is not None
    lock.release(remove=True)
