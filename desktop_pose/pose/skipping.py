"""Runs a tracker on some frames only, and carries people on through the others.

Every N-th frame, or adaptively: a person at rest is looked at again when the picture changes there or after
`max_age_ns`; a person in motion at least on every other frame, and on every frame while the motion is too
fast or too sudden to be predicted. Nobody in view: the detector looks when something moves, or after
`max_age_ns`. On top of either, a pace may hold the model back that somebody else sets.
"""

import math
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from desktop_pose.core.cadence import Cadence
from desktop_pose.core.clock import NO_PROBE, Probe
from desktop_pose.core.frames import Image, Size, size_of
from desktop_pose.core.poses import FramePoses, Person, X, Z
from desktop_pose.pose.change import ChangeMeter, area_of, whole_picture
from desktop_pose.pose.input_check import InputCheck
from desktop_pose.pose.prediction import REST_PERCENT, Motion, distance_percent
from desktop_pose.pose.protocol import MAX_AGE_NS, PoseTracker

_LEAST_CHANGE = 8.0  # levels of brightness of 255: noise stays below
_CHANGE_OVER_NOISE = 2.0
_NOISE_WEIGHT = 0.03
_FALSE_ALARM_WEIGHT = 0.3

_STEADINESS = np.float32(0.7)  # share of what was before

_EXPECTED_WEIGHT = 0.1  # of the newest expected error in their mean
_MOST_OVER_LIMIT = 2.0  # what it counts there at most, in limits: one leap of the model's is no fast movement


class InferringTracker(PoseTracker, Protocol):
    """A tracker that runs its models on every frame it gets."""

    def carry(self, people: tuple[Person, ...], frames: int) -> None:
        """Look for `people` in the next frame where they have been carried on to (`next_roi`).

        Args:
            people: As they are expected in the next frame.
            frames: How many frames they have been carried on through.
        """


@dataclass(frozen=True, slots=True)
class SkipPolicy:
    """When the landmark model runs.

    Attributes:
        every: On every so many frames; None: adaptively.
        max_age_ns: Adaptively, the longest time a pose is carried on.
        error_percent: Adaptively, the error to be expected of prediction, in per cent of the body's extent,
            below which the frame after an inferred one is predicted while somebody moves.
        mean_error_percent: The same for the mean of what was to be expected of late; above is fast movement.
        calm_error_percent: The mean below which fast movement is over: at its turning points it is slow for
            a moment, and then starts again all at once.
        is_steadying: Whether landmarks of people at rest are weighed with those of before.
    """

    every: int | None = None
    max_age_ns: int = MAX_AGE_NS
    error_percent: float = 1.5
    mean_error_percent: float = 1.4
    calm_error_percent: float = 1.25
    is_steadying: bool = True


class SkippingTracker:
    """A `PoseTracker` that runs another one on some frames.

    Args:
        tracker: Runs on the frames that are not skipped; owned and closed by this one.
        policy: When it runs.
        pace: How often it may run at most, whatever the policy says; None: as often as that says.
    """

    def __init__(self, tracker: InferringTracker, policy: SkipPolicy, pace: Cadence | None = None) -> None:
        self._tracker = tracker
        self._input = InputCheck()  # for the frames that the tracker does not get
        self._policy = policy
        self._pace = Cadence() if pace is None else pace
        self._change = ChangeMeter()
        self._noise = 0.0
        self._motions: dict[int, Motion] = {}
        self._last = FramePoses(())
        self._last_ns = 0  # of the last inferred frame
        self._size: Size | None = None  # None: the next frame is inferred
        self._skipped = 0  # frames since the last inferred one
        self._is_resting = False
        self._alarm: float | None = None  # the change that called for the model, if that did
        self._expected_percent = math.inf  # not known yet
        self._mean_expected_percent = policy.mean_error_percent
        self._is_fast = True  # until it is known to be slow

    def track(self, image: Image, time_ns: int, probe: Probe = NO_PROBE) -> FramePoses:
        """Everybody in `image`, inferred or carried on (`FramePoses.reused`); see `PoseTracker`."""
        if self._policy.every == 1 and self._pace.interval_ns == 0 and not self._skipped:
            self._size = None  # where people were is not kept: it costs time, and nobody has to be carried on
            return self._tracker.track(image, time_ns, probe)
        self._input.check(image, time_ns)
        if self._is_due(image, time_ns):
            self._pace.let_through(time_ns)
            return self._inferred(image, time_ns, probe)
        self._skipped += 1
        people = self._carried_on(time_ns)
        probe.lap("decode")
        detector_ran = None if self._last.detector_ran is None else False
        age_ns = time_ns - self._last_ns
        return replace(self._last, people=people, reused=True, age_ns=age_ns, detector_ran=detector_ran)

    def lock_on(self, person_id: int | None) -> None:
        """Follow one person and nobody else; see `PoseTracker`."""
        self._size = None
        self._tracker.lock_on(person_id)

    def adopt(self, people: tuple[Person, ...], first_free_id: int, locked_id: int | None = None) -> None:
        """Go on where another tracker stopped; see `PoseTracker`."""
        self._forget()
        self._tracker.adopt(people, first_free_id, locked_id)

    def reset(self) -> None:
        """Forget everybody; see `PoseTracker`."""
        self._forget()
        self._tracker.reset()

    def close(self) -> None:
        """Free the interpreter; may be called again."""
        self._tracker.close()

    def _forget(self) -> None:
        self._input.restart()
        self._size, self._skipped = None, 0
        self._last, self._motions = FramePoses(()), {}

    def _is_due(self, image: Image, time_ns: int) -> bool:
        if size_of(image) != self._size or time_ns <= self._last_ns:
            return True
        if not self._pace.is_due(time_ns):
            return False
        if self._policy.every is not None:
            return self._skipped + 1 >= self._policy.every
        if time_ns - self._last_ns >= self._policy.max_age_ns:
            return True
        if self._is_resting or not self._last.people:
            return self._has_changed(image)
        return self._skipped > 0 or not self._is_predictable()

    def _is_predictable(self) -> bool:
        return not self._is_fast and self._expected_percent < self._policy.error_percent

    def _has_changed(self, image: Image) -> bool:
        change = self._change.change(image)
        if change > max(_LEAST_CHANGE, _CHANGE_OVER_NOISE * self._noise):
            self._alarm = change
            return True
        self._noise += _NOISE_WEIGHT * (change - self._noise)
        return False

    def _learn_from_alarm(self) -> None:
        """A change that nobody has made is noise, and the next one like it calls for nothing."""
        if self._alarm is not None and self._is_resting:
            self._noise += _FALSE_ALARM_WEIGHT * (self._alarm - self._noise)
        self._alarm = None

    def _inferred(self, image: Image, time_ns: int, probe: Probe) -> FramePoses:
        size = size_of(image)
        if self._skipped:
            self._tracker.carry(self._carried_on(time_ns), self._skipped)
        poses = self._tracker.track(image, time_ns, probe)
        if self._policy.every is None:
            self._judge(poses, time_ns, size)
            self._learn_from_alarm()
            if self._is_resting and self._policy.is_steadying:
                poses = self._steadied(poses)
            areas = [area_of(person, size) for person in poses.people] or [whole_picture(size)]
            if self._is_resting or not poses.people:
                self._change.remember(image, areas)
        self._motions = {person.id: self._motion(person, time_ns, size) for person in poses.people}
        self._last, self._last_ns, self._size, self._skipped = poses, time_ns, size, 0
        return poses

    def _carried_on(self, time_ns: int) -> tuple[Person, ...]:
        moment_ns = self._last_ns if self._is_resting else time_ns
        return tuple(self._motions[person.id].predicted(moment_ns) for person in self._last.people)

    def _judge(self, poses: FramePoses, time_ns: int, size: Size) -> None:
        """How far people have moved since the last look, and how well the next prediction will do."""
        before = {person.id: person for person in self._last.people}
        both = [(before[person.id], person) for person in poses.people if person.id in before]
        is_known = bool(both) and len(both) == len(poses.people) and self._size is not None
        moved = max((distance_percent(*pair, size) for pair in both), default=0.0)
        # Somebody at rest who is seen to move began to do so on this very frame.
        frames = 1 if self._is_resting else 1 + self._skipped
        self._is_resting = is_known and moved < REST_PERCENT
        expected = [
            self._motions[person.id].error_ahead_percent(person, time_ns, frames, size)
            for _, person in both
            if person.id in self._motions
        ]
        self._expected_percent = max(expected, default=math.inf)
        newest = min(self._expected_percent, _MOST_OVER_LIMIT * self._policy.mean_error_percent)
        self._mean_expected_percent += _EXPECTED_WEIGHT * (newest - self._mean_expected_percent)
        limit = self._policy.calm_error_percent if self._is_fast else self._policy.mean_error_percent
        self._is_fast = self._mean_expected_percent >= limit

    def _steadied(self, poses: FramePoses) -> FramePoses:
        """The landmarks of people at rest, weighed with those of before.

        A filter that gets few frames holds less still than one that gets them all.
        """
        before = {person.id: person for person in self._last.people}
        people = tuple(_blend(before[person.id], person) for person in poses.people)
        return replace(poses, people=people)

    def _motion(self, person: Person, time_ns: int, size: Size) -> Motion:
        motion = self._motions.get(person.id)
        if motion is None:
            return Motion(person, time_ns)
        motion.note(person, time_ns, size)
        return motion


def _blend(before: Person, now: Person) -> Person:
    """`now` with landmarks and world between those of both."""
    landmarks = now.landmarks.copy()
    landmarks[:, X : Z + 1] += _STEADINESS * (before.landmarks - now.landmarks)[:, X : Z + 1]
    return replace(now, landmarks=landmarks, world=now.world + _STEADINESS * (before.world - now.world))
