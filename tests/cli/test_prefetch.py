"""Decoding ahead: bounded, in order, and what goes wrong arrives where frames are taken."""

import threading

import numpy as np
import pytest

from desktop_pose.capture.protocol import BadFrameError
from desktop_pose.cli.prefetch import Prefetch
from desktop_pose.core.errors import SourceError
from desktop_pose.core.settings import Rotation


class Frames:
    """A source of `count` pictures that grow lighter; if wanted number 3 is bad, and the end is a failure.

    Attributes:
        grabbed: Frames taken so far.
        threads: Who took them.
    """

    def __init__(self, count, *, has_bad=False, fails=False):
        self.grabbed = 0
        self.threads = set()
        self._count = count
        self._has_bad = has_bad
        self._fails = fails

    @property
    def media_ns(self):
        return (self.grabbed - 1) * 1000

    def grab(self):
        self.threads.add(threading.current_thread())
        if self.grabbed == self._count:
            if self._fails:
                raise SourceError("The disk is gone", "Connect it")
            return False
        self.grabbed += 1
        return True

    def retrieve(self):
        if self._has_bad and self.grabbed == 4:
            raise BadFrameError("no", "yes")
        image = np.zeros((2, 4, 3), np.uint8)
        image[0, 0] = self.grabbed
        return image


@pytest.fixture
def prefetch():
    made = []

    def make(source, rotation=Rotation.NONE):
        made.append(Prefetch(source, rotation))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_every_frame_comes_in_order(prefetch):
    frames = list(prefetch(Frames(50)))
    assert [frame.index for frame in frames] == list(range(50))
    assert [frame.time_ns for frame in frames] == [1000 * index for index in range(50)]
    assert [int(frame.image[0, 0, 0]) for frame in frames] == list(range(1, 51))


def test_pictures_are_turned(prefetch):
    (frame,) = prefetch(Frames(1), Rotation.RIGHT)
    assert frame.image.shape == (4, 2, 3)
    assert frame.image[0, 1].tolist() == [1, 1, 1]


def test_a_bad_frame_has_no_picture_and_the_others_follow(prefetch):
    frames = list(prefetch(Frames(6, has_bad=True)))
    assert [frame.image is None for frame in frames] == [False, False, False, True, False, False]


def test_a_failure_is_raised_after_the_frames_before_it(prefetch):
    taken = []
    with pytest.raises(SourceError, match="The disk is gone"):
        taken.extend(frame.index for frame in prefetch(Frames(5, fails=True)))
    assert taken == list(range(5))


def test_it_runs_ahead_by_a_few_frames_only(prefetch, qtbot):
    source = Frames(100)
    ahead = prefetch(source)
    iterator = iter(ahead)
    next(iterator)
    qtbot.waitUntil(lambda: source.grabbed >= 5)
    threading.Event().wait(0.15)
    assert source.grabbed <= 6
    assert threading.current_thread() not in source.threads


def test_closing_early_ends_the_thread(prefetch):
    ahead = prefetch(Frames(100))
    next(iter(ahead))
    ahead.close()
    ahead.close()
    assert not any(thread.name == "prefetch" for thread in threading.enumerate())
