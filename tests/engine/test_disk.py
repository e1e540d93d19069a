from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.engine import disk
from desktop_pose.engine.disk import DiskLimits, DiskWatch, refuse_full_disk, warning

SECOND_NS = 1_000_000_000
MB = 1_000_000


@pytest.fixture
def free(monkeypatch):
    """Sets how much the disk has free."""

    def set_free(megabytes):
        monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: SimpleNamespace(free=megabytes * MB))

    return set_free


def test_much_room_is_no_trouble(free):
    free(50_000)
    watch = DiskWatch(Path(), DiskLimits())
    state = watch.look(0, 0)
    assert (state.free_bytes, state.left_s) == (50_000 * MB, None)
    assert not state.is_short
    assert not state.is_full


@pytest.mark.parametrize(
    ("megabytes", "is_short", "is_full"), [(1001, 0, 0), (999, 1, 0), (101, 1, 0), (99, 1, 1)]
)
def test_limits(free, megabytes, is_short, is_full):
    free(megabytes)
    state = DiskWatch(Path(), DiskLimits()).look(0, 0)
    assert (state.is_short, state.is_full) == (bool(is_short), bool(is_full))


def test_time_left_is_that_of_the_last_half_minute(free):
    free(6100)
    watch = DiskWatch(Path(), DiskLimits())
    watch.look(0, 0)
    assert watch.look(SECOND_NS, 500 * MB).left_s is None  # a second says nothing
    for second in range(2, 100):
        state = watch.look(second * SECOND_NS, 500 * MB + second * 10 * MB)
    assert state.left_s == pytest.approx(600)
    assert watch.look(100 * SECOND_NS, 500 * MB + 1030 * MB).is_short


def test_disk_that_does_not_answer_says_nothing(monkeypatch):
    def fail(_):
        raise OSError

    monkeypatch.setattr(disk.shutil, "disk_usage", fail)
    assert DiskWatch(Path(), DiskLimits()).look(0, 0) is None
    refuse_full_disk(Path(), DiskLimits())


def test_words(free):
    free(700)
    watch = DiskWatch(Path(), DiskLimits())
    watch.look(0, 0)
    text = str(warning(watch.look(10 * SECOND_NS, 20 * MB), DiskLimits()))
    assert text == (
        "Only 700 MB are left on the disk of the recording, about 5 minutes at the present rate."
        " Free some space: the recording ends by itself at 100 MB."
    )
    free(90)
    with pytest.raises(RecordingError, match="Only 90 MB are left"):
        refuse_full_disk(Path(), DiskLimits())
