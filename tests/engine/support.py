"""Fakes at the seams: sources that make frames and trackers that need no model."""

import random
import threading

import numpy as np

from desktop_pose.capture.protocol import BadFrameError
from desktop_pose.core.clock import NO_PROBE, NS_PER_S
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Size, SourceInfo, SourceKind
from desktop_pose.core.poses import FramePoses, Person
from desktop_pose.engine.flow import FlowSnapshot


class FakeSource:
    """Small grey frames as fast as they are asked for, or at a rate; some bad, with jitter where asked."""

    def __init__(
        self, count=None, fps=None, kind=SourceKind.STREAM, bad_every=0, jitter_s=0.0, size=(16, 12)
    ):
        self.count, self.fps, self.kind = count, fps, kind
        self.bad_every, self.jitter_s = bad_every, jitter_s
        self.size = Size(*size)
        self.fail_next_grab = threading.Event()
        self.refuse_open = threading.Event()
        self.block_grab = threading.Event()
        self.is_blocked = threading.Event()
        self.unblock = threading.Event()
        self.damage_at_end = None
        self.opened = 0
        self.closed = 0
        self._random = random.Random(3)
        self._pause = threading.Event()
        self._index = -1

    @property
    def info(self):
        return SourceInfo(self.kind, "fake", self.size, self.fps, self.count)

    @property
    def media_ns(self):
        return None if self.kind.is_live else round(self._index * NS_PER_S / (self.fps or 1000))

    @property
    def damage(self):
        return self.damage_at_end if self.count is not None and self._index + 1 >= self.count else None

    def open(self):
        if self.refuse_open.is_set():
            raise SourceError("The fake cannot be opened", "Let it")
        self.opened += 1
        self._image = np.full((self.size.height_px, self.size.width_px, 3), 90, np.uint8)

    def grab(self):
        if self.block_grab.is_set():
            self.is_blocked.set()
            self.unblock.wait(2.5)
        if self.fail_next_grab.is_set():
            self.fail_next_grab.clear()
            raise SourceError("The fake has failed", "Wait")
        if self.count is not None and self._index + 1 >= self.count:
            return False
        if self.kind.is_live and self.fps:
            self._pause.wait(1 / self.fps)
        if self.jitter_s and self._random.random() < 0.002:
            self._pause.wait(self._random.random() * self.jitter_s)
        self._index += 1
        return True

    def retrieve(self):
        if self.bad_every and self._index % self.bad_every == 0:
            raise BadFrameError("The fake frame is bad", "Ignore it")
        return self._image

    def rewind(self):
        self._index = -1

    def close(self):
        self.closed += 1


def make_person(identity=0):
    landmarks = np.full((33, 5), 0.5, np.float32)
    return Person(
        identity, landmarks, np.zeros((33, 3), np.float32), landmarks, np.zeros((33, 3), np.float32), 0.9
    )


class FakeTracker:
    """Finds one person, or the `people` given, in every frame; notes what is done to it."""

    def __init__(self, options=None, reused_every=0, jitter_s=0.0, people=None):
        self.options = options
        self.reused_every, self.jitter_s = reused_every, jitter_s
        self.people = (make_person(),) if people is None else people
        self.adopted = None
        self.locked_id = None
        self.times_ns = []
        self.resets = 0
        self.is_closed = False
        self._random = random.Random(4)
        self._pause = threading.Event()
        self._count = 0

    def track(self, image, time_ns, probe=NO_PROBE):
        assert not self.is_closed
        self._count += 1
        self.times_ns.append(time_ns)
        if self.jitter_s and self._random.random() < 0.002:
            self._pause.wait(self._random.random() * self.jitter_s)
        probe.lap("landmarks")
        is_reused = bool(self.reused_every) and self._count % self.reused_every == 0
        people = tuple(person for person in self.people if self.locked_id in (None, person.id))
        return FramePoses(people, is_reused, detector_ran=self._count == 1, locked_id=self.locked_id)

    def lock_on(self, person_id):
        self.locked_id = person_id

    def adopt(self, people, first_free_id, locked_id=None):
        self.adopted = (people, first_free_id, locked_id)
        self.locked_id = locked_id

    def reset(self):
        self.resets += 1

    def close(self):
        self.is_closed = True


def imbalances(flow: FlowSnapshot) -> tuple[int, int, int]:
    """Left side minus right side of the three identities; all zero unless a counter is wrong."""
    posed = flow.inferred + flow.reused
    return (
        flow.captured - (flow.bad + posed + flow.dropped_inference + flow.in_flight_inference),
        posed
        - (flow.displayed + flow.not_shown + flow.dropped_render + flow.dropped_display)
        - flow.in_flight_display,
        flow.sent_to_recorder - (flow.recorded + flow.dropped_recorder + flow.in_flight_recorder),
    )
